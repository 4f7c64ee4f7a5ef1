import { useConsole } from '../../context.ts';
import type { PageProps } from '../../pageProps.ts';
import { useAnswer } from '../../queries.ts';
import type { Role } from '../../session.ts';
import { AuditTrail } from '../../ui/AuditTrail.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { Missing } from '../../ui/Missing.tsx';
import { OneActs } from '../../ui/OneActs.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { To } from '../../ui/To.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { isMissing } from '../../why.ts';
import { useAccountActs } from './acts.tsx';
import { Commissions, Invoices, Messages, Orders, Payouts } from './lists.tsx';
import { MoneyActs } from './MoneyActs.tsx';
import { Standing } from './Standing.tsx';
import { Write } from './Write.tsx';

/** One person or business as a manager looks at them: money, standing, what is theirs, and what they were told. */
export default function Account({ params: { id = '' } }: PageProps) {
  const { say, format } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/accounts/{id}', { path: { id } });
  const acts = useAccountActs(data);
  if (isMissing(error)) return <Missing />;
  if (data === undefined)
    return <Page title={id}>{error === null ? <Loading /> : <Failed error={error} again={refetch} />}</Page>;
  const { role, name, balances } = data;
  return (
    <Page
      title={name}
      lead={`${id}, ${say(`roles.${role}`)}`}
      actions={
        <>
          <OneActs name={name} acts={acts} />
          {role !== 'manager' && <MoneyActs id={id} role={role} />}
        </>
      }
    >
      <Section title={say('account.money')}>
        <Facts
          facts={[
            ...Object.entries(balances).map(([account, amount]) => ({
              label: account,
              value: (
                <To thing="ledger" id={account}>
                  {format.money(amount)}
                </To>
              ),
              isNumber: true,
            })),
            ...(isPaidOut(role) ? [{ label: say('account.payee'), value: <PayeeFact id={id} /> }] : []),
            ...(['telegram', 'discord'] as const).map((channel) => ({
              label: say(`channels.${channel}`),
              value: <Chat link={data.links[channel]} />,
            })),
          ]}
        />
      </Section>
      {role === 'model' && <Standing id={id} />}
      {role === 'model' && <Invoices id={id} />}
      {(role === 'model' || role === 'marketer') && <Orders id={id} role={role} />}
      {role === 'affiliate' && <Commissions id={id} />}
      {isPaidOut(role) && <Payouts id={id} />}
      <Write id={id} />
      <Messages id={id} />
      <AuditTrail subject={`account:${id}`} />
    </Page>
  );
}

/** Models pay; the others are paid. */
function isPaidOut(role: Role): boolean {
  return role === 'affiliate' || role === 'marketer';
}

/** Where payouts go, masked; most accounts have said nothing of it. */
function PayeeFact({ id }: { id: string }) {
  const { say } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/accounts/{id}/payee', { path: { id } });
  if (data !== undefined) return <>{`${data.method}, ${data.masked}`}</>;
  if (error !== null && !isMissing(error)) return <Failed error={error} again={refetch} />;
  return <span class="hint">{say(error === null ? 'frame.loading' : 'account.noPayee')}</span>;
}

type Link = { linkedAt: string; unreachable: { reason: string; since: string } | null } | null;

function Chat({ link }: { link: Link }) {
  const { say, format } = useConsole();
  if (link === null) return <Status tone="ended">{say('account.notLinked')}</Status>;
  if (link.unreachable !== null) return <Status tone="bad">{say('account.unreachable')}</Status>;
  return <Status tone="good">{say('account.linked', { at: format.day(link.linkedAt) })}</Status>;
}
