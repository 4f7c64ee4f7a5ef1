import { formatInstant } from '../kernel/calendar.ts';
import { unreachable } from '../kernel/errors.ts';
import { type Cents, formatMoney } from '../kernel/money.ts';
import { type Button, countOf, type Message, shorten } from './message.ts';

/** What keeps a client from having a new order (rules 2.2, 2.5, 4.6). */
export type Hindrance =
  | { kind: 'client-terminated' }
  | { kind: 'client-blocked'; overdueCount: number; overdueTotal: Cents }
  | { kind: 'client-owes'; amount: Cents };

/** An order as a notice speaks of it. `client` and `marketer` are names; money in minor units. */
export type OrderFacts = {
  to: 'client' | 'marketer';
  orderId: string;
  modelId: string;
  marketerId: string;
  client: string;
  marketer: string;
  quantity: number;
  pricePerFan: Cents;
  total: Cents;
  prepaid: boolean;
  chunkSize: number | null;
};

/** How far an order is, and what was paid for it. */
type Progress = { delivered: number; paid: Cents; owed: Cents };

/** What notices about CPL orders say (rules 3 and 4), as data. */
export type OrderContent =
  /** To be answered by `respondBy`. `recommended`: the largest quantity that is advised for the client, while it is new. */
  | {
      kind: 'order.placed';
      data: OrderFacts & { respondBy: Date; recommended: number | null; renewalOf: string | null };
    }
  /** The answer is due in so many hours. */
  | { kind: 'order.nudge'; data: OrderFacts & { respondBy: Date; hoursLeft: number } }
  /** Accepted; `position` is null when it starts at once. */
  | { kind: 'order.accepted'; data: OrderFacts & { position: number | null; link: string } }
  /** The marketer wanted to accept a prepaid order, and the client's balance does not cover it. */
  | { kind: 'order.short'; data: OrderFacts & { missing: Cents; respondBy: Date } }
  | { kind: 'order.rejected'; data: OrderFacts & { reason: string | null } }
  | { kind: 'order.expired'; data: OrderFacts & { respondBy: Date } }
  | { kind: 'order.cancelled'; data: OrderFacts & { reason: string | null } }
  | { kind: 'order.refused'; data: OrderFacts & { because: Hindrance[] } }
  /** It runs: the card that shows its progress from here on. */
  | { kind: 'order.started'; data: OrderFacts & { link: string; startedAt: Date } }
  /** Takes the place of the card; `percent` is 25, 50, 75 or 100. */
  | { kind: 'order.progress'; data: OrderFacts & Progress & { link: string; percent: number } }
  | { kind: 'order.completed'; data: OrderFacts & Progress }
  /** `returned` is what went back from escrow to the client. */
  | {
      kind: 'order.stopped';
      data: OrderFacts &
        Progress & {
          cause: 'guarantee-violated' | 'stopped-by-manager' | 'partnership-terminated';
          reason: string;
          returned: Cents;
        };
    }
  | { kind: 'order.not_renewed'; data: OrderFacts & { because: Hindrance[] } }
  /** An amount fell due that the client's balance does not cover; `missing` at that instant. */
  | { kind: 'charge.owed'; data: OrderFacts & { amount: Cents; fans: number; missing: Cents } }
  /** An amount that was owed is paid. */
  | { kind: 'charge.paid'; data: OrderFacts & { amount: Cents; fans: number } }
  /** Money came in, and it does not cover an owed amount yet. To the client. */
  | {
      kind: 'charge.insufficient';
      data: { orderId: string; amount: Cents; balance: Cents; missing: Cents };
    };

type Reader = { timeZone: string; currency: string };

/** The words of a notice about an order. */
export function orderMessage(content: OrderContent, reader: Reader): Message {
  const money = (amount: Cents) => formatMoney(amount, reader.currency);
  const instant = (at: Date) => formatInstant(at, reader.timeZone);
  switch (content.kind) {
    case 'order.placed': {
      const { data } = content;
      const advice =
        data.recommended === null
          ? []
          : [`For a new client we advise orders of at most ${countOf(data.recommended, 'fan')}.`];
      if (data.to === 'client') {
        const from = data.renewalOf === null ? '' : ` It renews order ${data.renewalOf}.`;
        return {
          title: `Order ${data.orderId} is placed`,
          paragraphs: [
            `${terms(data, money)} ${data.marketer} has until ${instant(data.respondBy)} to answer.${from}`,
            ...advice,
          ],
          buttons: clientButtons(),
        };
      }
      return {
        title: `New order ${data.orderId}`,
        paragraphs: [`${data.client} orders ${terms(data, money)} Answer by ${instant(data.respondBy)}.`, ...advice],
        buttons: answerButtons(data.orderId),
      };
    }
    case 'order.nudge':
      return {
        title: `Order ${content.data.orderId} waits for your answer`,
        paragraphs: [
          `${content.data.client} orders ${terms(content.data, money)} It expires on ${instant(content.data.respondBy)}, in ${countOf(content.data.hoursLeft, 'hour')}.`,
        ],
        buttons: answerButtons(content.data.orderId),
      };
    case 'order.accepted': {
      const { data } = content;
      const when = data.position === null ? 'It starts at once.' : `It is number ${data.position} in the queue.`;
      return {
        title: `Order ${data.orderId} is accepted`,
        paragraphs: [`${when} Tracking link, active from the start: ${data.link}`],
        buttons: buttonsOf(data),
      };
    }
    case 'order.short': {
      const { data } = content;
      const who = data.to === 'client' ? 'Your balance' : 'The balance of the client';
      const then =
        data.to === 'client'
          ? `Top up, and ${data.marketer} can accept it until ${instant(data.respondBy)}.`
          : `The client was told. You can accept it until ${instant(data.respondBy)}, once the balance suffices.`;
      return {
        title: `Order ${data.orderId} cannot be accepted yet`,
        paragraphs: [`It is prepaid, and ${who.toLowerCase()} is short of ${money(data.missing)}. ${then}`],
        buttons: data.to === 'client' ? [[{ label: 'Balance', command: '/balance' }]] : answerButtons(data.orderId),
      };
    }
    case 'order.rejected': {
      const { data } = content;
      return {
        title: `Order ${data.orderId} is rejected`,
        paragraphs: [
          data.to === 'client'
            ? `${data.marketer} has rejected it.${why(data.reason)}`
            : `You have rejected it.${why(data.reason)}`,
          ...(data.to === 'client' ? [ANOTHER] : []),
        ],
        buttons: buttonsOf(data),
      };
    }
    case 'order.expired': {
      const { data } = content;
      return {
        title: `Order ${data.orderId} has expired`,
        paragraphs: [
          `Nobody answered it by ${instant(data.respondBy)}.`,
          ...(data.to === 'client' ? [ANOTHER] : ['You cannot accept it any more.']),
        ],
        buttons: buttonsOf(data),
      };
    }
    case 'order.cancelled':
      return {
        title: `Order ${content.data.orderId} is cancelled`,
        paragraphs: [`It was taken back before it was answered.${why(content.data.reason)} Nothing to do.`],
        buttons: buttonsOf(content.data),
      };
    case 'order.refused':
      return {
        title: `Order ${content.data.orderId} is refused`,
        paragraphs: hindranceSentences(content.data, money),
        buttons: buttonsOf(content.data),
      };
    case 'order.started':
      return {
        title: `Order ${content.data.orderId} runs`,
        paragraphs: [
          `Since ${instant(content.data.startedAt)}. 0 of ${content.data.quantity} fans. Link: ${content.data.link}`,
        ],
        buttons: buttonsOf(content.data),
      };
    case 'order.progress':
      return {
        title: `Order ${content.data.orderId}: ${content.data.percent} %`,
        paragraphs: [`${progress(content.data, money)} Link: ${content.data.link}`],
        buttons: buttonsOf(content.data),
      };
    case 'order.completed':
      return {
        title: `Order ${content.data.orderId} is completed`,
        paragraphs: [progress(content.data, money)],
        buttons: buttonsOf(content.data),
      };
    case 'order.stopped': {
      const { data } = content;
      const by = {
        'guarantee-violated': 'A guarantee was violated.',
        'stopped-by-manager': 'A manager of the platform stopped it.',
        'partnership-terminated': "The client's partnership with the platform was ended.",
      }[data.cause];
      const returned =
        data.returned > 0 && data.to === 'client'
          ? [`${money(data.returned)} went back from escrow to your balance.`]
          : [];
      return {
        title: `Order ${data.orderId} is stopped`,
        paragraphs: [`${by}${why(data.reason)}`, progress(data, money), ...returned],
        buttons: buttonsOf(data),
      };
    }
    case 'order.not_renewed':
      return {
        title: `Order ${content.data.orderId} is not renewed`,
        paragraphs: hindranceSentences(content.data, money),
        buttons: buttonsOf(content.data),
      };
    case 'charge.owed': {
      const { data } = content;
      const said =
        data.to === 'client'
          ? `${money(data.amount)} for ${countOf(data.fans, 'fan')} fell due, and ${money(data.missing)} is missing. Top up, and it is debited by itself; until then you cannot place orders.`
          : `${money(data.amount)} for ${countOf(data.fans, 'fan')} is owed to you: the client's balance does not cover it yet. It is paid by itself once it does.`;
      return {
        title: `Order ${data.orderId}: ${money(data.amount)} is owed`,
        paragraphs: [said],
        buttons: buttonsOf(data),
      };
    }
    case 'charge.paid':
      return {
        title: `Order ${content.data.orderId}: ${money(content.data.amount)} is paid`,
        paragraphs: [`The amount for ${countOf(content.data.fans, 'fan')} that was owed is paid. Nothing to do.`],
        buttons: buttonsOf(content.data),
      };
    case 'charge.insufficient': {
      const { data } = content;
      return {
        title: `Order ${data.orderId}: ${money(data.amount)} is still owed`,
        paragraphs: [
          `Your balance of ${money(data.balance)} does not cover it: ${money(data.missing)} is missing. Top up, and it is debited by itself.`,
        ],
        buttons: clientButtons(),
      };
    }
    default:
      return unreachable(content);
  }
}

/** Why a client cannot have a new order, in a sentence for the reader of each side. */
export function hindranceSentence(hindrance: Hindrance, to: OrderFacts['to'], currency: string): string {
  const client = to === 'client';
  switch (hindrance.kind) {
    case 'client-terminated':
      return client
        ? 'Your partnership with the platform was ended.'
        : "The client's partnership with the platform was ended.";
    case 'client-blocked': {
      const { overdueCount, overdueTotal } = hindrance;
      return client
        ? `Your CPL orders are blocked: ${countOf(overdueCount, 'invoice')} overdue, ${formatMoney(overdueTotal, currency)} in all.`
        : "The client's CPL orders are blocked for now.";
    }
    case 'client-owes':
      return client
        ? `You owe ${formatMoney(hindrance.amount, currency)} for delivered fans.`
        : 'The client owes an amount for delivered fans.';
    default:
      return unreachable(hindrance);
  }
}

function hindranceSentences(
  { because, to }: { because: Hindrance[]; to: OrderFacts['to'] },
  money: (amount: Cents) => string,
): string[] {
  return because.map((one) => {
    if (to === 'client' && one.kind === 'client-owes') return `You owe ${money(one.amount)} for delivered fans.`;
    if (to === 'client' && one.kind === 'client-blocked') {
      return `Your CPL orders are blocked: ${countOf(one.overdueCount, 'invoice')} overdue, ${money(one.overdueTotal)} in all.`;
    }
    return hindranceSentence(one, to, '');
  });
}

const ANOTHER = 'You can choose another marketer and place the order anew.';

function terms(
  { quantity, pricePerFan, total, prepaid, chunkSize }: OrderFacts,
  money: (amount: Cents) => string,
): string {
  const paid = chunkSize === null ? (prepaid ? 'fan by fan' : 'on completion') : `every ${countOf(chunkSize, 'fan')}`;
  return `${countOf(quantity, 'fan')} at ${money(pricePerFan)} each, ${money(total)} in all, ${prepaid ? 'prepaid, ' : ''}paid ${paid}.`;
}

function progress(
  { delivered, quantity, paid, owed }: OrderFacts & Progress,
  money: (amount: Cents) => string,
): string {
  const open = owed > 0 ? ` ${money(owed)} is still owed.` : '';
  return `${delivered} of ${countOf(quantity, 'fan')}, ${money(paid)} paid.${open}`;
}

function why(reason: string | null): string {
  return reason === null || reason === '' ? '' : ` Reason: ${shorten(reason, 500)}`;
}

function answerButtons(orderId: string): Button[][] {
  return [
    [
      { label: `Accept ${shorten(orderId, 40)}`, command: `/accept ${orderId}` },
      { label: `Reject ${shorten(orderId, 40)}`, command: `/reject ${orderId}` },
    ],
    [{ label: 'Orders', command: '/orders' }],
  ];
}

function clientButtons(): Button[][] {
  return [[{ label: 'My orders', command: '/myorders' }]];
}

function buttonsOf({ to }: OrderFacts): Button[][] {
  return to === 'client' ? clientButtons() : [[{ label: 'Orders', command: '/orders' }]];
}
