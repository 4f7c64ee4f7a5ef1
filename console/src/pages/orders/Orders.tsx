import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { useList } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Page } from '../../ui/Page.tsx';
import { orderColumns } from './columns.tsx';
import { FilterForm } from './FilterForm.tsx';
import { filterOf } from './filter.ts';

/** CPL orders, the newest first. */
export default function Orders() {
  const tools = useConsole();
  const { say } = tools;
  const { params } = useAddress();
  const query = filterOf(Object.fromEntries(params));
  const list = useList('GET /v1/orders', { query });
  const { order, state, model, marketer, fans, price, total, owed, placed } = orderColumns(tools);
  return (
    <Page title={say('orders.title')} lead={say('orders.lead')} actions={<CsvButton list={list} name="orders" />}>
      <FilterForm filter={query} />
      <ListTable
        list={list}
        caption={say('orders.title')}
        columns={[order, state, model, marketer, fans, price, total, owed, placed]}
        idOf={({ orderId }) => orderId}
        nameOf={({ orderId }) => orderId}
        empty={say('orders.empty')}
      />
    </Page>
  );
}
