import { formatInstant } from '../../kernel/calendar.ts';
import { unreachable } from '../../kernel/errors.ts';
import { formatMoney, type MinorUnits } from '../../kernel/money.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import { countOf, type Message } from './message.ts';
import type { ClientRecord, OrderContent } from './orders.ts';
import {
  BALANCE,
  becauseOf,
  blockerAdvice,
  MY_ORDERS,
  orderButtons,
  orderTerms,
  paidByThen,
  paidSentence,
  possessive,
  progressBar,
  recordSentence,
} from './orderWords.ts';

type RunContent = Extract<
  OrderContent,
  {
    kind:
      | ('order.started' | 'order.progress' | 'order.card' | 'order.idle')
      | ('order.completed' | 'order.stopped' | 'order.not_renewed')
      | ('charge.owed' | 'charge.paid' | 'charge.insufficient');
  }
>;

type DataOfKind<K extends OrderContent['kind']> = Extract<OrderContent, { kind: K }>['data'];

/** The words of a notice about an order that runs or has run, and about its money. */
export function runMessage(content: RunContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'order.started':
      return card({ delivered: 0, paid: 0, owed: 0, ...content.data }, display);
    case 'order.progress':
      return card(content.data, display);
    case 'order.card':
      return content.data.status === 'running' ? card(content.data, display) : lastCard(content.data, display);
    case 'order.idle':
      return idle(content.data, display);
    case 'order.completed':
      return completed(content.data, display);
    case 'order.stopped':
      return stopped(content.data, display);
    case 'order.not_renewed':
      return notRenewed(content.data, display);
    case 'charge.owed':
      return owed(content.data, display);
    case 'charge.paid':
      return paid(content.data, display);
    case 'charge.insufficient':
      return insufficient(content.data, display);
    default:
      return unreachable(content);
  }
}

type Card = DataOfKind<'order.completed'> & { link: string; startedAt?: Date; record?: ClientRecord };

/** The living card: it appears when the order starts, and is changed as fans come in. */
function card(data: Card, { timeZone, currency }: DisplayContext): Message {
  const { to, orderId, client, marketer, delivered, quantity } = data;
  const since = data.startedAt === undefined ? '' : ` Running since ${formatInstant(data.startedAt, timeZone)}.`;
  const who = to === 'marketer' ? `For ${client}` : `By ${marketer}`;
  return {
    title: delivered < quantity ? `Order ${orderId} runs` : `Order ${orderId}: every fan is here`,
    paragraphs: [
      progressBar(data),
      `${who}: ${orderTerms(data, currency)}.${since}`,
      ...(delivered === 0 ? [] : [paidByThen(data, currency)]),
      ...(data.record === undefined || delivered >= quantity
        ? []
        : [recordSentence(client, data.record, quantity - delivered)]),
      to === 'marketer' && delivered < quantity ? `Bring fans through your link: ${data.link}` : `Link: ${data.link}`,
    ],
    buttons: orderButtons(data),
  };
}

/** The card of an order that is over: what came of it, with nothing left to bring. */
function lastCard(data: DataOfKind<'order.card'>, { currency }: DisplayContext): Message {
  const { to, orderId, client, marketer, delivered, pricePerFan, status } = data;
  const who = to === 'marketer' ? `For ${client}` : `By ${marketer}`;
  return {
    title: `Order ${orderId}: ${status}`,
    paragraphs: [
      progressBar(data),
      `${who}: ${orderTerms(data, currency)}.`,
      ...(delivered === 0 ? [] : [paidByThen({ ...data, total: delivered * pricePerFan }, currency)]),
      ...(to === 'marketer' ? ['Fans that come through its link now do not count.'] : []),
    ],
    buttons: orderButtons(data),
  };
}

function idle(data: DataOfKind<'order.idle'>, { timeZone, currency }: DisplayContext): Message {
  const { to, orderId, client, marketer, quantity, delivered, prepaid } = data;
  const since = formatInstant(data.since, timeZone);
  const back = prepaid && to === 'client' ? ', and what is left of the money held for it comes back to you' : '';
  const then = `Unless one counts before, it is stopped on ${formatInstant(data.stopsAt, timeZone)}: the fans delivered so far are paid or owed${back}.`;
  return {
    title: `No fan for order ${orderId}: ${countOf(data.daysLeft, 'day')} left`,
    paragraphs: [
      progressBar(data),
      `${to === 'marketer' ? `For ${client}` : `By ${marketer}`}: ${orderTerms(data, currency)}. No fan has counted since ${since}.`,
      then,
      to === 'marketer'
        ? `Bring ${quantity === delivered + 1 ? 'the last one' : 'the next one'} through your link: ${data.link}`
        : `Nothing to do: ${marketer} is told, too.`,
    ],
    buttons: orderButtons(data),
  };
}

function completed(data: DataOfKind<'order.completed'>, { currency }: DisplayContext): Message {
  const { to, orderId, client, marketer } = data;
  const done =
    to === 'marketer'
      ? `You have brought ${client} every fan. If an order is in your queue, it starts by itself.`
      : `${marketer} has brought you every fan.`;
  const todo = to === 'client' && data.owed > 0 ? [] : ['Nothing to do.'];
  return {
    title: `Order ${orderId} is completed`,
    paragraphs: [progressBar(data), [done, paidSentence(data, currency), ...todo].join(' ')],
    buttons: orderButtons(data),
  };
}

function stopped(data: DataOfKind<'order.stopped'>, { currency }: DisplayContext): Message {
  const { to, orderId, client, delivered, returned } = data;
  const money = (amount: MinorUnits) => formatMoney(amount, currency);
  const by = {
    'guarantee-violated': `A guarantee was violated.${becauseOf(data.reason)}`,
    'stopped-by-manager': `A manager of the platform stopped it.${becauseOf(data.reason)}`,
    'partnership-terminated':
      to === 'client'
        ? 'Your partnership with the platform was ended.'
        : `${possessive(client)} partnership with the platform was ended.`,
    idle: `${capital(data.reason)}.`,
  }[data.cause];
  const forFans =
    delivered === 0
      ? 'No fan was delivered, so nothing is to pay.'
      : `For the ${countOf(delivered, 'fan')} delivered, ${uncapital(paidSentence({ ...data, total: delivered * data.pricePerFan }, currency))}`;
  const back =
    returned > 0 && to === 'client' ? [`${money(returned)} that was held for it is back on your balance.`] : [];
  const next =
    to === 'marketer'
      ? 'Fans that come through its link now do not count, so take the link down.'
      : 'For the other fans you can place a new order.';
  return {
    title: `Order ${orderId} is stopped`,
    paragraphs: [by, progressBar(data), [forFans, ...back].join(' '), ...(isOver(data) ? [] : [next])],
    buttons: orderButtons(data),
  };
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function uncapital(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function isOver({ to, cause }: DataOfKind<'order.stopped'>): boolean {
  return to === 'client' && cause === 'partnership-terminated';
}

function notRenewed(data: DataOfKind<'order.not_renewed'>, { currency }: DisplayContext): Message {
  const [because = '', todo = ''] = blockerAdvice(data.because, data.to, currency);
  return {
    title: `Order ${data.orderId} is not renewed`,
    paragraphs: [`It is completed and was to be placed again on the same terms. ${because}`, todo],
    buttons:
      data.to === 'client' ? [[{ label: 'Standing', command: '/standing' }, BALANCE, MY_ORDERS]] : orderButtons(data),
  };
}

function owed(data: DataOfKind<'charge.owed'>, { currency }: DisplayContext): Message {
  const { to, orderId, client, marketer } = data;
  const amount = formatMoney(data.amount, currency);
  const fans = countOf(data.fans, 'fan');
  if (to === 'marketer') {
    return {
      title: `${amount} of order ${orderId} is owed to you`,
      paragraphs: [
        `It fell due for ${fans}, and ${possessive(client)} balance does not cover it yet. It is paid by itself once it does, and ${client} cannot place orders until then.`,
        'The order goes on as before. Nothing to do.',
      ],
      buttons: orderButtons(data),
    };
  }
  return {
    title: `You owe ${amount} for order ${orderId}`,
    paragraphs: [
      `It fell due for ${fans} that ${marketer} has brought, and ${formatMoney(data.missing, currency)} is missing on your balance.`,
      `Top up ${formatMoney(data.missing, currency)}, and it is debited by itself, oldest first. Until it is paid, new orders of yours are refused.`,
    ],
    buttons: [[BALANCE, ...(orderButtons(data)[0] ?? [])]],
  };
}

function paid(data: DataOfKind<'charge.paid'>, { currency }: DisplayContext): Message {
  const { to, orderId, client } = data;
  const amount = formatMoney(data.amount, currency);
  const fans = countOf(data.fans, 'fan');
  return {
    title: `${amount} of order ${orderId} is paid`,
    paragraphs: [
      to === 'marketer'
        ? `${client} owed it for ${fans}; it is on your balance now. Nothing to do.`
        : `You owed it for ${fans}; it was debited from your balance by itself. Nothing to do.`,
    ],
    buttons: orderButtons(data),
  };
}

function insufficient(data: DataOfKind<'charge.insufficient'>, { currency }: DisplayContext): Message {
  const money = (amount: MinorUnits) => formatMoney(amount, currency);
  return {
    title: `You still owe ${money(data.amount)} for order ${data.orderId}`,
    paragraphs: [
      `Money came in, and your balance of ${money(data.balance)} does not cover it: ${money(data.missing)} is missing.`,
      `Top up ${money(data.missing)}, and it is debited by itself. Until it is paid, new orders of yours are refused.`,
    ],
    buttons: [[BALANCE, MY_ORDERS]],
  };
}
