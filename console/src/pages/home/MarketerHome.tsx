import { useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { useAnswer } from '../../queries.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { Facts } from '../../ui/Facts.tsx';
import { ListSection } from '../../ui/ListSection.tsx';
import { offeredColumns, orderColumns } from '../../ui/orderColumns.tsx';
import { Page } from '../../ui/Page.tsx';

/** A marketer's first page: what is to be answered and by when, and what runs. */
export default function MarketerHome() {
  const tools = useConsole();
  const { session, say, format } = tools;
  const { accountId: marketerId, name } = session.account;
  const command = useCommand();
  const { data } = useAnswer('GET /v1/ledger/balances/{account}', { path: { account: `marketer:${marketerId}` } });
  return (
    <Page title={say('home.title', { name })} lead={say('own.zone', { zone: session.timeZone })}>
      <AnswerDialog command={command} />
      {data !== undefined && (
        <Facts facts={[{ label: say('own.balance'), value: format.money(data.balance), isNumber: true }]} />
      )}
      <ListSection
        title={say('own.toAnswer')}
        operation="GET /v1/orders"
        input={{ query: { marketerId, status: 'placed' } }}
        columns={offeredColumns(tools, command)}
        idOf={({ orderId }) => orderId}
        empty={say('own.nothingToAnswer')}
        file="orders-placed"
      />
      {(['running', 'queued'] as const).map((status) => (
        <ListSection
          key={status}
          title={say(`own.${status}`)}
          operation="GET /v1/orders"
          input={{ query: { marketerId, status } }}
          columns={orderColumns(tools)}
          idOf={({ orderId }) => orderId}
          empty={say('own.noOrders')}
          file={`orders-${status}`}
          sortName={status}
        />
      ))}
    </Page>
  );
}
