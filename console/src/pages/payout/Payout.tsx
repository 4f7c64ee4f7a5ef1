import { actorWords } from '../../actors.ts';
import '../../payouts/payouts.css';

import { useState } from 'preact/hooks';

import { useConsole } from '../../context.ts';
import { type Payout as PayoutOf, PayoutStatus } from '../../payouts/states.tsx';
import { useAnswer } from '../../queries.ts';
import { allows } from '../../session.ts';
import { AuditTrail } from '../../ui/AuditTrail.tsx';
import { FileButton } from '../../ui/Download.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Missing } from '../../ui/Missing.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Timeline } from '../../ui/Timeline.tsx';
import { To, ToAccount } from '../../ui/To.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { Why } from '../../ui/Why.tsx';
import { isMissing } from '../../why.ts';
import { ACTS, type ActName, isOpenTo } from './acts.tsx';
import { Items } from './Items.tsx';
import { momentsOf } from './moments.ts';

/** One payout: what it is made of, where it stands, why, and what can be done with it. */
export default function Payout({ params }: { params: Readonly<Record<string, string>> }) {
  const { say } = useConsole();
  const { id = '' } = params;
  const { data: payout, error, refetch } = useAnswer('GET /v1/payouts/{id}', { path: { id } });
  if (isMissing(error)) return <Missing />;
  return (
    <Page title={say('payout.title', { id })} actions={payout !== undefined && <Documents id={id} />}>
      {error !== null && <Failed error={error} again={refetch} />}
      {payout === undefined ? error === null && <Loading /> : <Whole payout={payout} />}
    </Page>
  );
}

function Whole({ payout }: { payout: PayoutOf }) {
  const { say, format } = useConsole();
  const { payoutId, accountId, name, cycle, carriedTo, amount, parts, number, reference, reason, held } = payout;
  const told = (label: string, value: string | null | undefined) => (value ? [{ label, value }] : []);
  return (
    <>
      <Acts payout={payout} />
      <Facts
        facts={[
          { label: say('payout.amount'), value: format.money(amount), isNumber: true },
          { label: say('payout.commissions'), value: format.money(parts.commissions), isNumber: true },
          { label: say('payout.earnings'), value: format.money(parts.earnings), isNumber: true },
          { label: say('payout.state'), value: <PayoutStatus payout={payout} /> },
          { label: say('payout.account'), value: <ToAccount id={accountId} name={name} /> },
          {
            label: say('payout.payday'),
            value: (
              <To thing="payday" id={carriedTo ?? cycle}>
                {format.date(carriedTo ?? cycle)}
              </To>
            ),
          },
          ...told(say('payout.number'), number),
          ...told(say('payout.reference'), reference),
          ...told(say('payout.failedWhy'), reason),
          ...(held === null
            ? []
            : [
                {
                  label: say('payout.heldWhy'),
                  value: say('payout.heldBy', { reason: held.reason, who: actorWords(held.by, say) }),
                },
              ]),
        ]}
      />
      <Section title={say('payout.history')}>
        <Timeline label={say('payout.history')} moments={momentsOf(payout, say)} />
      </Section>
      <Why id={payoutId} />
      <Items payout={payout} />
      <AuditTrail subject={`payout:${payoutId}`} />
    </>
  );
}

/** What may be done with it where it stands. */
function Acts({ payout }: { payout: PayoutOf }) {
  const { say, session } = useConsole();
  const [act, setAct] = useState<ActName>();
  const names = (Object.keys(ACTS) as ActName[]).filter(
    (name) => allows(session, ACTS[name].scope) && isOpenTo(name, payout),
  );
  const Opened = act === undefined ? undefined : ACTS[act].Dialog;
  return (
    <div class="actions page-acts">
      {names.map((name) => (
        <button key={name} type="button" class={ACTS[name].weight} onClick={() => setAct(name)}>
          {say(ACTS[name].label)}
        </button>
      ))}
      {Opened !== undefined && <Opened payout={payout} onClose={() => setAct(undefined)} />}
    </div>
  );
}

function Documents({ id }: { id: string }) {
  const { say } = useConsole();
  const input = { path: { id } };
  return (
    <>
      <FileButton
        operation="GET /v1/payouts/{id}/csv"
        input={input}
        name={`payout-${id}.csv`}
        label={say('table.csv')}
        title={say('payout.csvTitle')}
      />
      <FileButton
        operation="GET /v1/payouts/{id}/pdf"
        input={input}
        name={`payout-${id}.pdf`}
        label={say('payout.statement')}
        title={say('payout.pdfTitle')}
      />
    </>
  );
}
