import { formatInstant } from '../../kernel/calendar.ts';
import { formatMoney, type MinorUnits } from '../../kernel/money.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import { countOf, type Message } from './message.ts';
import { runMessage } from './orderRunMessages.ts';
import type { ClientRecord, OrderContent, OrderFacts } from './orders.ts';
import {
  answerButtons,
  BALANCE,
  becauseOf,
  blockerAdvice,
  MY_ORDERS,
  ORDERS,
  orderButtons,
  orderTerms,
  possessive,
  recordSentence,
} from './orderWords.ts';

type DataOfKind<K extends OrderContent['kind']> = Extract<OrderContent, { kind: K }>['data'];

/** The words of a notice about an order: here until it is answered, the rest in `runMessage`. */
export function orderMessage(content: OrderContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'order.placed':
      return placed(content.data, display);
    case 'order.nudge':
      return nudge(content.data, display);
    case 'order.accepted':
      return accepted(content.data, display);
    case 'order.short':
      return short(content.data, display);
    case 'order.acceptable':
      return acceptable(content.data, display);
    case 'order.rejected':
      return rejected(content.data);
    case 'order.expired':
      return expired(content.data, display);
    case 'order.cancelled':
      return cancelled(content.data);
    case 'order.refused':
      return refused(content.data, display);
    default:
      return runMessage(content, display);
  }
}

function placed(data: DataOfKind<'order.placed'>, { timeZone, currency }: DisplayContext): Message {
  const { to, orderId, client, marketer, renewalOf } = data;
  const by = formatInstant(data.respondBy, timeZone);
  const renews = renewalOf === null ? '' : ` It renews order ${renewalOf}, on the same terms.`;
  if (to === 'marketer') {
    return {
      title: `New order ${orderId} from ${client}`,
      paragraphs: [
        `${client} orders ${orderTerms(data, currency)}.${renews}`,
        ...recordOf(data),
        `Accept or reject it by ${by}. Without an answer it expires then, and ${client} can choose another marketer.`,
        ...advice(data),
      ],
      buttons: [answerButtons(orderId), [ORDERS]],
    };
  }
  const hold = data.prepaid
    ? [`Have ${money(data.total, currency)} on your balance by then: it is held for the order when it is accepted.`]
    : [];
  return {
    title: `Order ${orderId} is placed with ${marketer}`,
    paragraphs: [
      `You order ${orderTerms(data, currency)}.${renews}`,
      `${marketer} has until ${by} to answer. You are told what comes of it.`,
      ...hold,
      ...advice(data),
    ],
    buttons: orderButtons(data),
  };
}

/** While the client is new: how large an order we advise, and how this one compares (rules 2.7). */
function advice({ to, client, quantity, recommended }: DataOfKind<'order.placed'>): string[] {
  if (recommended === null) return [];
  const who = to === 'client' ? 'You are' : `${client} is`;
  const most = countOf(recommended, 'fan');
  return [
    quantity > recommended
      ? `${who} new here: for now we advise orders of at most ${most}, and this one has ${quantity}. That is advice and no limit.`
      : `${who} new here: for now we advise orders of at most ${most}, and this one is within that.`,
  ];
}

/** To the marketer: what is known of the client (rules 2.10). */
function recordOf({ client, quantity, record }: OrderFacts & { record?: ClientRecord }): string[] {
  return record === undefined ? [] : [recordSentence(client, record, quantity)];
}

function nudge(data: DataOfKind<'order.nudge'>, { timeZone, currency }: DisplayContext): Message {
  const { orderId, client } = data;
  return {
    title: `${countOf(data.hoursLeft, 'hour')} left to answer order ${orderId}`,
    paragraphs: [
      `${client} orders ${orderTerms(data, currency)}.`,
      ...recordOf(data),
      `Accept or reject it by ${formatInstant(data.respondBy, timeZone)}. Without an answer it expires then.`,
    ],
    buttons: [answerButtons(orderId), [ORDERS]],
  };
}

function accepted(data: DataOfKind<'order.accepted'>, { currency }: DisplayContext): Message {
  const { to, orderId, client, marketer, position, link } = data;
  const place =
    position === null
      ? 'It starts at once.'
      : `It is number ${position} in ${to === 'marketer' ? 'your' : possessive(marketer)} queue and starts with its first fan, or by itself when a place is free.`;
  const escrow = data.prepaid ? [heldSentence(data, currency)] : [];
  return {
    title: `Order ${orderId} is accepted`,
    paragraphs: [
      to === 'marketer'
        ? `For ${client}: ${orderTerms(data, currency)}. ${place}`
        : `${marketer} brings you ${orderTerms(data, currency)}. ${place}`,
      ...escrow,
      to === 'marketer'
        ? `Fans count from now on. Your tracking link: ${link}`
        : `Nothing to do; you are told how it goes. Its tracking link: ${link}`,
    ],
    buttons: orderButtons(data),
  };
}

/** Where the money of a prepaid order is (rules 4.3). */
function heldSentence({ to, client, total }: DataOfKind<'order.accepted'>, currency: string): string {
  return to === 'marketer'
    ? `${money(total, currency)} of ${possessive(client)} balance is held for it, so it is sure to be paid.`
    : `${money(total, currency)} of your balance is held for it; what is not used comes back to you.`;
}

function short(data: DataOfKind<'order.short'>, { timeZone, currency }: DisplayContext): Message {
  const { to, orderId, client, marketer } = data;
  const by = formatInstant(data.respondBy, timeZone);
  const missing = money(data.missing, currency);
  const total = money(data.total, currency);
  if (to === 'marketer') {
    return {
      title: `Order ${orderId} cannot be accepted yet`,
      paragraphs: [
        `It is prepaid: ${total} has to be on ${possessive(client)} balance, and ${missing} is missing. ${client} is told.`,
        `The order is still yours to answer. You are told once the money is there; accept it again by ${by}.`,
      ],
      buttons: [answerButtons(orderId), [ORDERS]],
    };
  }
  return {
    title: `Order ${orderId} waits for your top-up`,
    paragraphs: [
      `${marketer} wants to accept it. It is prepaid: ${total} has to be on your balance, and ${missing} is missing.`,
      `Top up ${missing}: ${marketer} is told then, and can accept it until ${by}. After that it expires.`,
    ],
    buttons: [[BALANCE, MY_ORDERS]],
  };
}

function acceptable(data: DataOfKind<'order.acceptable'>, { timeZone, currency }: DisplayContext): Message {
  const { orderId, client } = data;
  return {
    title: `Order ${orderId} can be accepted now`,
    paragraphs: [
      `The ${money(data.total, currency)} that was missing to accept it is on ${possessive(client)} balance: ${orderTerms(data, currency)}.`,
      ...recordOf(data),
      `Accept or reject it by ${formatInstant(data.respondBy, timeZone)}. Without an answer it expires then.`,
    ],
    buttons: [answerButtons(orderId), [ORDERS]],
  };
}

const ANOTHER = 'It costs you nothing. You can choose another marketer and place the order anew.';

function rejected(data: DataOfKind<'order.rejected'>): Message {
  const why = becauseOf(data.reason);
  return {
    title: `Order ${data.orderId} is rejected`,
    paragraphs:
      data.to === 'client'
        ? [`${data.marketer} has rejected it.${why}`, ANOTHER]
        : [`It will not run.${why}`, `${data.client} is told and can choose another marketer. Nothing to do.`],
    buttons: orderButtons(data),
  };
}

function expired(data: DataOfKind<'order.expired'>, { timeZone, currency }: DisplayContext): Message {
  const by = formatInstant(data.respondBy, timeZone);
  if (data.isFunded === false) return expiredUnfunded(data, by, currency);
  return {
    title: `Order ${data.orderId} has expired`,
    paragraphs:
      data.to === 'client'
        ? [`${data.marketer} did not answer it by ${by}.`, ANOTHER]
        : [
            `You did not answer it by ${by}, so it cannot be accepted any more.`,
            `${data.client} is told and can choose another marketer. Nothing to do.`,
          ],
    buttons: orderButtons(data),
  };
}

/** The marketer wanted it, and is not to blame (rules 4.3). */
function expiredUnfunded(data: DataOfKind<'order.expired'>, by: string, currency: string): Message {
  const { to, orderId, client, marketer } = data;
  const total = money(data.total, currency);
  return {
    title: `Order ${orderId} has expired`,
    paragraphs:
      to === 'client'
        ? [
            `${marketer} wanted to accept it, and your balance did not cover the ${total} that it needs by ${by}.`,
            'It costs you nothing. Top up, then place the order anew.',
          ]
        : [
            `You wanted to accept it, and ${possessive(client)} balance did not cover the ${total} that it needs by ${by}. It cannot be accepted any more.`,
            `${client} is told and can place it anew. Nothing to do.`,
          ],
    buttons: to === 'client' ? [[BALANCE, MY_ORDERS]] : orderButtons(data),
  };
}

function cancelled(data: DataOfKind<'order.cancelled'>): Message {
  const who = data.to === 'client' ? 'It was' : `${possessive(data.client)} order was`;
  return {
    title: `Order ${data.orderId} is cancelled`,
    paragraphs: [
      `${who} taken back before it was answered.${becauseOf(data.reason)} It cannot be accepted any more. Nothing to do.`,
    ],
    buttons: orderButtons(data),
  };
}

function refused(data: DataOfKind<'order.refused'>, { currency }: DisplayContext): Message {
  const { to, orderId, client } = data;
  const what =
    to === 'client'
      ? 'It was not taken.'
      : `${possessive(client)} order over ${countOf(data.quantity, 'fan')} ends here.`;
  const [because = '', todo = ''] = blockerAdvice(data.because, to, currency);
  return {
    title: `Order ${orderId} is refused`,
    paragraphs: [`${what} ${because}`, todo],
    buttons: to === 'client' ? [[{ label: 'Standing', command: '/standing' }, BALANCE, MY_ORDERS]] : [[ORDERS]],
  };
}

function money(amount: MinorUnits, currency: string): string {
  return formatMoney(amount, currency);
}
