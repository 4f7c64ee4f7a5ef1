import '../../payouts/payouts.css';

import { useState } from 'preact/hooks';

import { useConsole } from '../../context.ts';
import type { Cycle } from '../../payouts/states.tsx';
import { useAnswer } from '../../queries.ts';
import { allows } from '../../session.ts';
import { AuditTrail } from '../../ui/AuditTrail.tsx';
import { FileButton } from '../../ui/Download.tsx';
import { Missing } from '../../ui/Missing.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { isMissing } from '../../why.ts';
import { ACTS, type ActName, isOpenTo } from './acts.tsx';
import { Changes, useChanges } from './Changes.tsx';
import { Files } from './Files.tsx';
import { Findings } from './Findings.tsx';
import { Lines } from './Lines.tsx';
import { Results } from './Results.tsx';
import { Steps } from './Steps.tsx';
import { Sums } from './Sums.tsx';

/** One payday, from its payouts being drawn up to the last of them being paid. */
export default function Payday({ params }: { params: Readonly<Record<string, string>> }) {
  const { date = '' } = params;
  // The service says of the 2nd of a month that it has no payouts.
  return isDay(date) ? <OnePayday date={date} /> : <Missing />;
}

/** Whether it names a day that there is. */
function isDay(date: string): boolean {
  const at = new Date(`${date}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === date;
}

function OnePayday({ date }: { date: string }) {
  const { say, format } = useConsole();
  const found = useAnswer('GET /v1/payout-cycles/{date}', { path: { date } });
  useChanges(date);
  const cycle = found.data;
  if (isMissing(found.error)) return <Missing />;
  return (
    <Page title={say('payday.title', { day: format.date(date) })} actions={<Documents date={date} />}>
      {found.error !== null && <Failed error={found.error} again={found.refetch} />}
      {cycle === undefined ? found.error === null && <Loading /> : <Whole cycle={cycle} />}
    </Page>
  );
}

function Whole({ cycle }: { cycle: Cycle }) {
  const { say } = useConsole();
  const { cycle: date, batch } = cycle;
  if (batch === null) {
    return (
      <>
        <Sums cycle={cycle} />
        <p class="empty">{say('payday.notDrawnUp')}</p>
      </>
    );
  }
  return (
    <>
      <Steps batch={batch} />
      <Acts cycle={cycle} />
      <Sums cycle={cycle} />
      <Findings batch={batch} />
      <Lines date={date} batch={batch} />
      <Changes date={date} />
      <Files date={date} batch={batch} />
      <Results date={date} batch={batch} />
      <AuditTrail subject={`cycle:${date}`} />
    </>
  );
}

/** What may be done next with all of it. */
function Acts({ cycle }: { cycle: Cycle }) {
  const { say, session } = useConsole();
  const [act, setAct] = useState<ActName>();
  const { cycle: date, batch } = cycle;
  const names = (Object.keys(ACTS) as ActName[]).filter((name) => allows(session, ACTS[name].scope));
  const open = batch === null ? [] : names.filter((name) => isOpenTo(name, batch));
  const Opened = act === undefined ? undefined : ACTS[act].Dialog;
  return (
    <div class="actions page-acts">
      {open.map((name, index) => (
        <button key={name} type="button" class={index === 0 ? 'main' : undefined} onClick={() => setAct(name)}>
          {say(ACTS[name].label)}
        </button>
      ))}
      {Opened !== undefined && batch !== null && <Opened date={date} batch={batch} onClose={() => setAct(undefined)} />}
    </div>
  );
}

function Documents({ date }: { date: string }) {
  const { say } = useConsole();
  const input = { path: { date } };
  return (
    <>
      <FileButton
        operation="GET /v1/payout-cycles/{date}/csv"
        input={input}
        name={`payouts-${date}.csv`}
        label={say('table.csv')}
        title={say('payday.csvTitle')}
      />
      <FileButton
        operation="GET /v1/payout-cycles/{date}/pdf"
        input={input}
        name={`payouts-${date}.pdf`}
        label={say('file.pdf')}
        title={say('payday.pdfTitle')}
      />
    </>
  );
}
