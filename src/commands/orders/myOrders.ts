import { commandButton } from '../../notices/messages/buttons.ts';
import type { Message } from '../../notices/messages/message.ts';
import { owedSentences, whyButton } from '../../notices/messages/orderWords.ts';
import { namesOf } from '../../orders/names.ts';
import type { Command } from '../core/command.ts';
import { orderRow } from './orderMessages.ts';

const PAGE = 5;

/** `/myorders` of a client: what was ordered, from whom, and how far it is (docs/chat.md). */
export const myOrdersCommand: Command = {
  name: 'myorders',
  arguments: '[AFTER]',
  roles: ['model'],
  description: 'Your CPL orders, the newest first, with their progress',
  async run(request): Promise<Message> {
    const { deps, account, display, now } = request;
    const [after] = request.words;
    const [page, owed] = await Promise.all([
      deps.orders.list({ modelId: account.accountId, limit: PAGE, ...(after === undefined ? {} : { after }) }, now),
      deps.orders.owedBy([account.accountId]),
    ]);
    if (page.items.length === 0) {
      return after === undefined
        ? { paragraphs: ['You have no CPL orders yet. You place them on the platform.'], buttons: [] }
        : { paragraphs: ['There are no older orders.'], buttons: [[commandButton('myorders', display)]] };
    }
    const nameOf = await namesOf(request.deps.accounts, page.items);
    const older = page.next === null ? [] : [{ label: 'Myorders: older', command: `/myorders ${page.next}` }];
    return {
      title: after === undefined ? 'Your CPL orders' : 'Your older CPL orders',
      paragraphs: owedSentences(owed.get(account.accountId) ?? 0, display),
      table: {
        header: ['Order', 'Marketer', 'What', 'State'],
        rows: page.items.map((order) => orderRow(order, nameOf(order.marketerId), display)),
      },
      buttons: [
        ...page.items.map(({ orderId }) => [whyButton(orderId, display)]),
        [...older, commandButton('balance', display)],
      ],
    };
  },
};
