import { oneOf, useAddress } from '../../address.ts';
import { useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { ORDER_STATUSES } from '../../orders.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { ListSection } from '../../ui/ListSection.tsx';
import { offeredColumns, orderColumns } from '../../ui/orderColumns.tsx';
import { Page } from '../../ui/Page.tsx';

/** The orders of a model, or of a marketer, with their places in the queue and their progress. */
export default function OwnOrders() {
  const tools = useConsole();
  const { session, say } = tools;
  const { accountId, role } = session.account;
  const { params } = useAddress();
  const command = useCommand();
  const status = oneOf(params, 'status', ['', ...ORDER_STATUSES]);
  const whose = role === 'marketer' ? { marketerId: accountId } : { modelId: accountId };
  const isToAnswer = role === 'marketer' && status === 'placed';
  return (
    <Page title={say('nav.orders')} lead={say('own.zone', { zone: session.timeZone })}>
      <AnswerDialog command={command} />
      <ListSection
        title={say('nav.orders')}
        operation="GET /v1/orders"
        input={{ query: { ...whose, ...(status === '' ? {} : { status }) } }}
        columns={isToAnswer ? offeredColumns(tools, command) : orderColumns(tools)}
        idOf={({ orderId }) => orderId}
        empty={say('own.noOrders')}
        file="orders"
      >
        <Choice
          label={say('invoice.state')}
          name="status"
          value={status}
          choices={[
            { value: '', label: say('own.all') },
            ...ORDER_STATUSES.map((one) => ({ value: one, label: say(`own.orderStates.${one}`) })),
          ]}
        />
      </ListSection>
    </Page>
  );
}
