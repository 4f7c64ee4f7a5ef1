import type { PayoutView } from '../affiliates/payout.ts';
import { formatInstant } from '../kernel/calendar.ts';
import { unreachable } from '../kernel/errors.ts';
import { formatMoney } from '../kernel/money.ts';
import { type Message, shorten } from '../notices/message.ts';
import type { Reader } from '../notices/notice.ts';
import type { Command } from './command.ts';

const PAGE = 8;
const PAYOUTS = { label: 'Payouts', command: '/payouts' };
const EARNINGS = { label: 'Earnings', command: '/earnings' };

/** `/payouts` of a marketer: what was paid out, or is about to be, the newest first (contract 6, rules 6). */
export const payoutsCommand: Command = {
  name: 'payouts',
  arguments: '[AFTER]',
  roles: ['marketer'],
  description: 'Your payouts, the newest first',
  async run({ deps, account, reader, words: [after] }): Promise<Message> {
    const page = await deps.payouts.list({
      accountId: account.accountId,
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    if (page.items.length === 0) {
      return after === undefined
        ? {
            paragraphs: [
              'You have had no payout yet. What is on your balance is paid out on the 1st and the 16th, by itself.',
            ],
            buttons: [[EARNINGS]],
          }
        : { paragraphs: ['There are no older payouts.'], buttons: [[PAYOUTS]] };
    }
    const older = page.next === null ? [] : [{ label: 'Payouts: older', command: `/payouts ${page.next}` }];
    return {
      title: after === undefined ? 'Your payouts' : 'Your older payouts',
      paragraphs: [],
      table: {
        header: ['Payout', 'Amount', 'State'],
        rows: page.items.map((payout) => [
          payout.payoutId,
          formatMoney(payout.amount, reader.currency),
          stateOf(payout, reader),
        ]),
      },
      buttons: [[...older, EARNINGS]],
    };
  },
};

function stateOf({ status, endedAt, reference, reason }: PayoutView, { timeZone }: Reader): string {
  const on = endedAt === null ? '' : ` on ${formatInstant(endedAt, timeZone)}`;
  switch (status) {
    case 'due':
      return 'drawn up, to be paid';
    case 'processing':
      return 'on its way';
    case 'paid':
      return `paid${on}${reference === null ? '' : `, reference ${shorten(reference, 80)}`}`;
    case 'failed':
      return `failed${on}${reason === null ? '' : `: ${shorten(reason, 120)}`}; it goes into the next payout`;
    default:
      return unreachable(status);
  }
}
