import { commandButton } from '../../notices/messages/buttons.ts';
import type { Message } from '../../notices/messages/message.ts';
import { owedSentences } from '../../notices/messages/orderWords.ts';
import { namesOf } from '../../orders/names.ts';
import type { Command } from '../core/command.ts';
import type { OrderReader } from '../core/orderNames.ts';
import { listedOrderButtons, orderTable } from './orderMessages.ts';

const PAGE = 5;

/** `/myorders` of a client: what was ordered, from whom, and how far it is (docs/chat.md). */
export const myOrdersCommand: Command = {
  name: 'myorders',
  arguments: '[AFTER]',
  roles: ['model'],
  description: 'commands.myorders.description',
  async run(request): Promise<Message> {
    const { deps, account, display, now } = request;
    const { say } = request.speech;
    const [after] = request.words;
    const [page, owed] = await Promise.all([
      deps.orders.list({ modelId: account.accountId, limit: PAGE, ...(after === undefined ? {} : { after }) }, now),
      deps.orders.owedBy([account.accountId]),
    ]);
    if (page.items.length === 0) {
      return after === undefined
        ? { paragraphs: [say('orderCommands.mine.none')], buttons: [] }
        : { paragraphs: [say('orderCommands.noneOlder')], buttons: [[commandButton(say, 'myorders')]] };
    }
    const nameOf = await namesOf(request.deps.accounts, page.items);
    const reader: OrderReader = { to: 'client', nameOf, display };
    const label = say('orderCommands.mine.olderButton');
    const older = page.next === null ? [] : [{ label, command: `/myorders ${page.next}` }];
    return {
      title: say(after === undefined ? 'orderCommands.mine.title' : 'orderCommands.mine.older'),
      paragraphs: owedSentences(owed.get(account.accountId) ?? 0, display),
      table: orderTable(page.items, reader, { months: true }),
      buttons: [
        ...page.items.map((order) => listedOrderButtons(order, reader)),
        [...older, commandButton(say, 'balance')],
      ],
    };
  },
};
