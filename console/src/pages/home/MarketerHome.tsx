import { useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { Balance } from '../../ui/Balance.tsx';
import { ListSection } from '../../ui/ListSection.tsx';
import { offeredColumns, orderColumns } from '../../ui/orderColumns.tsx';
import { Page } from '../../ui/Page.tsx';

/** A marketer's first page: what is to be answered and by when, and what runs. */
export default function MarketerHome() {
  const tools = useConsole();
  const { session, say } = tools;
  const { accountId: marketerId, name } = session.account;
  const command = useCommand();
  return (
    <Page title={say('home.title', { name })} lead={say('own.zone', { zone: session.timeZone })}>
      <AnswerDialog command={command} />
      <Balance account={`marketer:${marketerId}`} label={say('own.balance')} />
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
