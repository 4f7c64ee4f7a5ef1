import { formatMoney } from '../../src/kernel/money.ts';
import type { TestService } from '../support/service.ts';
import { CONTRACTORS, PEOPLE } from './cast.ts';
import { show } from './show.ts';

const money = (amount: number): string => formatMoney(amount, 'USD');

/** What eight weeks came to, as the API tells it. */
export async function showSummary(service: TestService): Promise<void> {
  show.heading('What eight weeks came to');
  const { body } = await service.api('GET', '/v1/invoices?limit=500');
  const invoices: Record<string, string & number>[] = body.items.toReversed();
  show.table(
    ['Invoice', 'Subtotal', 'Discount', 'Credit', 'Total', 'State', 'Paid'],
    invoices.map((one) => [
      String(one.invoiceId),
      ...[one.subtotal, one.discount, one.credit, one.total].map((amount) => money(amount ?? 0)),
      String(one.status),
      (one.completedAt ?? '').slice(0, 16).replace('T', ' '),
    ]),
    [1, 2, 3, 4],
  );
  const names = [
    ...PEOPLE.filter(({ role }) => role === 'model').map(({ accountId }) => `model:${accountId}`),
    ...CONTRACTORS.map(({ accountId }) => `marketer:${accountId}`),
    'credit:bella',
    'platform:discounts',
  ];
  const rows: string[][] = [];
  for (const name of names) {
    const { body: answer } = await service.api('GET', `/v1/ledger/balances/${name}`);
    rows.push([name, money(answer.balance)]);
  }
  show.table(['Account', 'Balance'], rows, [1]);
}
