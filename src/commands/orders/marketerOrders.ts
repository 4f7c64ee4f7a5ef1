import { commandButton } from '../../notices/messages/buttons.ts';
import type { Button, Message } from '../../notices/messages/message.ts';
import { recordSentence } from '../../notices/messages/orderWords.ts';
import { namesOf } from '../../orders/names.ts';
import type { OrderView } from '../../orders/order.ts';
import type { MarketerQueue } from '../../orders/orders.ts';
import type { Say, Speech } from '../../texts/speech.ts';
import type { Command, Request } from '../core/command.ts';
import { type OrderReader, orderName } from '../core/orderNames.ts';
import { listedOrderButtons, orderTable } from './orderMessages.ts';

const PAGE = 5;
/** As far as one can page through what is in hand. */
const MOST = 500;

const SECTIONS = ['answer', 'queue', 'running'] as const;
type Section = (typeof SECTIONS)[number];
const LISTS = { answer: 'toAnswer', queue: 'queued', running: 'running' } as const satisfies Record<
  Section,
  keyof MarketerQueue
>;

/** `/orders` of a marketer: what is to answer, what waits and what runs, and all that there were (docs/chat.md). */
export const ordersCommand: Command = {
  name: 'orders',
  arguments: '[AFTER]',
  roles: ['marketer'],
  description: 'commands.orders.description',
  async run(request): Promise<Message> {
    const [part, after] = request.words;
    if (part === 'all') return allOrders(request, after);
    const name = SECTIONS.find((one) => one === part);
    return name === undefined ? inHand(request) : section(request, name, after);
  },
};

async function inHand(request: Request): Promise<Message> {
  const { deps, account, display, speech, now } = request;
  const { say } = speech;
  const marketerQueue = await deps.orders.marketerQueue(account.accountId, PAGE + 1, now);
  const { toAnswer, queued, running } = marketerQueue;
  const shown = [toAnswer, queued, running].flatMap((list) => list.slice(0, PAGE));
  const [nameOf, records] = await Promise.all([
    namesOf(request.deps.accounts, shown),
    recordsOf(request, toAnswer.slice(0, PAGE)),
  ]);
  const reader: OrderReader = { to: 'marketer', nameOf, display };
  const title = say('orderCommands.list.title');
  const further = [
    { label: say('orderCommands.list.allButton'), command: '/orders all' },
    commandButton(say, 'earnings'),
  ];
  if (shown.length === 0) return { title, paragraphs: [say('orderCommands.list.nothing')], buttons: [further] };
  const more = SECTIONS.filter((name) => marketerQueue[LISTS[name]].length > PAGE).map((name) =>
    moreButton(say, name, PAGE),
  );
  return {
    title,
    paragraphs: [
      say('orderCommands.list.counts', {
        toAnswer: counted(say, toAnswer),
        queued: counted(say, queued),
        running: counted(say, running),
      }),
      ...deadlineOf(toAnswer, speech),
      ...records,
    ],
    table: orderTable(shown, reader),
    buttons: [
      ...shown.map((order) => listedOrderButtons(order, reader)),
      ...(more.length === 0 ? [] : [more]),
      further,
    ],
  };
}

function counted(say: Say, list: OrderView[]): string {
  return list.length > PAGE ? say('orderCommands.list.moreThan', { count: PAGE }) : String(list.length);
}

function deadlineOf(toAnswer: OrderView[], { say, instant }: Speech): string[] {
  const [first] = toAnswer.map(({ respondBy }) => respondBy).sort((a, b) => a.getTime() - b.getTime());
  return first === undefined ? [] : [say('orderCommands.list.firstDue', { by: instant(first) })];
}

/** How the clients of offered orders stand, a paragraph each (rules 2.10). */
async function recordsOf(request: Request, offered: OrderView[]): Promise<string[]> {
  const { deps, display, now } = request;
  const [nameOf, clients] = await Promise.all([
    namesOf(request.deps.accounts, offered),
    deps.orders.clientsOf(offered, now),
  ]);
  return offered.flatMap((order) => {
    const { orderId, modelId, quantity } = order;
    const client = clients.get(orderId);
    return client === undefined
      ? []
      : [
          `${orderName(order, { to: 'marketer', nameOf, display })} — ${recordSentence(nameOf(modelId), client.record, quantity, display)}`,
        ];
  });
}

async function section(request: Request, name: Section, after: string | undefined): Promise<Message> {
  const { deps, account, display, now } = request;
  const { say } = request.speech;
  const from = Math.min(MOST, /^\d{1,4}$/.test(after ?? '') ? Number(after) : 0);
  const marketerQueue = await deps.orders.marketerQueue(account.accountId, from + PAGE + 1, now);
  const rest = marketerQueue[LISTS[name]].slice(from);
  const shown = rest.slice(0, PAGE);
  if (shown.length === 0) {
    return { paragraphs: [say('orderCommands.list.noMore')], buttons: [[commandButton(say, 'orders')]] };
  }
  const nameOf = await namesOf(request.deps.accounts, shown);
  const reader: OrderReader = { to: 'marketer', nameOf, display };
  const records = name === 'answer' ? await recordsOf(request, shown) : [];
  const more = rest.length > PAGE && from < MOST ? [moreButton(say, name, from + PAGE)] : [];
  return {
    title: say('orderCommands.list.section', { section: sectionOf(name) }),
    paragraphs: records,
    table: orderTable(shown, reader),
    buttons: [...shown.map((order) => listedOrderButtons(order, reader)), [...more, commandButton(say, 'orders')]],
  };
}

async function allOrders(request: Request, after: string | undefined): Promise<Message> {
  const { deps, account, display, now } = request;
  const { say } = request.speech;
  const page = await deps.orders.list(
    { marketerId: account.accountId, limit: PAGE, ...(after === undefined ? {} : { after }) },
    now,
  );
  if (page.items.length === 0) {
    const text = say(after === undefined ? 'orderCommands.list.none' : 'orderCommands.noneOlder');
    return { paragraphs: [text], buttons: [[commandButton(say, 'orders')]] };
  }
  const nameOf = await namesOf(request.deps.accounts, page.items);
  const reader: OrderReader = { to: 'marketer', nameOf, display };
  const label = say('orderCommands.list.olderButton');
  const older = page.next === null ? [] : [{ label, command: `/orders all ${page.next}` }];
  return {
    title: say(after === undefined ? 'orderCommands.list.all' : 'orderCommands.list.older'),
    paragraphs: [],
    table: orderTable(page.items, reader, { months: true }),
    buttons: [
      ...page.items.map((order) => listedOrderButtons(order, reader)),
      [...older, commandButton(say, 'orders')],
    ],
  };
}

function moreButton(say: Say, name: Section, from: number): Button {
  const label = say('orderCommands.list.moreButton', { section: sectionOf(name) });
  return { label, command: `/orders ${name} ${from}` };
}

function sectionOf(name: Section) {
  return name === 'running' ? 'other' : name;
}
