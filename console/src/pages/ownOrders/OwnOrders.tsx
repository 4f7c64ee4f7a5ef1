import { oneOf, useAddress } from '../../address.ts';
import { useCommand } from '../../commands.ts';
import { useConsole } from '../../context.ts';
import { ORDER_STATUSES } from '../../orders.ts';
import { AnswerDialog } from '../../ui/AnswerDialog.tsx';
import { Field } from '../../ui/Field.tsx';
import { FilterForm } from '../../ui/FilterForm.tsx';
import { ListSection } from '../../ui/ListSection.tsx';
import { offeredColumns, orderColumns } from '../../ui/orderColumns.tsx';
import { Page } from '../../ui/Page.tsx';
import { StateChoice } from '../../ui/StateChoice.tsx';

/** What the API takes (docs/api.md). */
const LONGEST_NAME = 100;

/** The orders of a model, or of a marketer, with their places in the queue and their progress. */
export default function OwnOrders() {
  const tools = useConsole();
  const { session, say } = tools;
  const { accountId, role } = session.account;
  const { params, change } = useAddress();
  const command = useCommand();
  const status = oneOf(params, 'status', ['', ...ORDER_STATUSES]);
  const q = (params.get('q') ?? '').trim().slice(0, LONGEST_NAME);
  const whose = role === 'marketer' ? { marketerId: accountId } : { modelId: accountId };
  const isToAnswer = role === 'marketer' && status === 'placed';
  return (
    <Page title={say('nav.orders')} lead={say('own.zone', { zone: session.timeZone })}>
      <AnswerDialog command={command} />
      <ListSection
        title={say('nav.orders')}
        operation="GET /v1/orders"
        input={{ query: { ...whose, ...(status === '' ? {} : { status }), ...(q === '' ? {} : { q }) } }}
        columns={isToAnswer ? offeredColumns(tools, command) : orderColumns(tools)}
        idOf={({ orderId }) => orderId}
        empty={say('own.noOrders')}
        file="orders"
      >
        <FilterForm
          said={q}
          onShow={(typed) => change({ q: typed.q }, { push: true })}
          onReset={q === '' && status === '' ? undefined : () => change({ q: null, status: null }, { push: true })}
        >
          <StateChoice value={status} states={ORDER_STATUSES} wordsOf={(one) => say(`own.orderStates.${one}`)} />
          <Field label={say(role === 'marketer' ? 'own.client' : 'own.marketer')} name="q" type="search" value={q} />
        </FilterForm>
      </ListSection>
    </Page>
  );
}
