import { formatMoney } from '../../kernel/money.ts';
import { type Button, countOf, quotedEnd, shorten } from './message.ts';
import { blockerSentence, type ClientRecord, type OrderBlocker, type OrderFacts, type Progress } from './orders.ts';

/** How notices and commands speak of orders: the same pieces everywhere. */

export type OrderTermsShown = Pick<OrderFacts, 'quantity' | 'pricePerFan' | 'total' | 'prepaid' | 'chunkSize'>;

/** `100 fans at $1.50 each, $150.00 in all, prepaid, paid every 25 fans`. */
export function orderTerms(terms: OrderTermsShown, currency: string): string {
  const { quantity, pricePerFan, total, prepaid } = terms;
  const price = `${countOf(quantity, 'fan')} at ${formatMoney(pricePerFan, currency)} each, ${formatMoney(total, currency)} in all`;
  return `${price}${prepaid ? ', prepaid' : ''}, paid ${howPaid(terms)}`;
}

/** When money moves (rules 4.6). */
function howPaid({ chunkSize, prepaid, quantity }: OrderTermsShown): string {
  if (chunkSize !== null && chunkSize < quantity) return chunkSize === 1 ? 'fan by fan' : `every ${chunkSize} fans`;
  return chunkSize === null && prepaid ? 'fan by fan' : 'on completion';
}

const BAR_LENGTH = 10;

/** `▓▓▓▓▓░░░░░ 50 % · 50 of 100 fans`; full, and 100 %, only when every fan is there. */
export function progressBar({ delivered, quantity }: { delivered: number; quantity: number }): string {
  const full = Math.min(BAR_LENGTH, Math.floor((delivered * BAR_LENGTH) / quantity));
  const percent = Math.min(100, Math.floor((delivered * 100) / quantity));
  return `${'▓'.repeat(full)}${'░'.repeat(BAR_LENGTH - full)} ${percent} % · ${delivered} of ${countOf(quantity, 'fan')}`;
}

/** Money as it was when so many fans had come: true also of a card that is read later. */
export function paidByThen({ delivered, total, paid, owed }: Progress & { total: number }, currency: string): string {
  const due = owed === 0 ? '' : `, and ${formatMoney(owed, currency)} was owed`;
  return `With ${countOf(delivered, 'fan')}, ${formatMoney(paid, currency)} of ${formatMoney(total, currency)} was paid${due}.`;
}

/** What was paid for the fans so far, and what is owed and how that is paid. */
export function paidSentence(
  { to, client, total, paid, owed }: Pick<OrderFacts, 'to' | 'client' | 'total'> & Pick<Progress, 'paid' | 'owed'>,
  currency: string,
): string {
  const much =
    paid === total
      ? `All ${formatMoney(total, currency)}`
      : `${formatMoney(paid, currency)} of ${formatMoney(total, currency)}`;
  const so = `${much} is paid${to === 'marketer' ? ' to you' : ''}.`;
  if (owed === 0) return so;
  const amount = formatMoney(owed, currency);
  return to === 'marketer'
    ? `${so} ${amount} more is owed to you: ${possessive(client)} balance does not cover it yet, and it is paid by itself once it does.`
    : `${so} ${amount} more is owed: top up, and it is debited by itself.`;
}

const TIERS: Record<ClientRecord['tier'], string> = {
  'at-risk': 'at risk',
  new: 'new',
  standard: 'standard',
  trusted: 'trusted',
};

/**
 * `Ava: tier trusted, trust 82 of 100, 9 of the last 10 invoices paid on time. There is money for 40 of the 60 fans to
 * come.` What a marketer reads of a client (rules 2.10); `toCome`: fans that are still to be delivered.
 */
export function recordSentence(client: string, record: ClientRecord, toCome: number): string {
  return `${client}: ${recordWords(record)}. ${coverSentence(record.coveredFans, toCome)}`;
}

export function recordWords(record: ClientRecord): string {
  return `tier ${TIERS[record.tier]}, trust ${record.trustScore} of 100, ${paidWords(record)}`;
}

function paidWords({ paidOnTime, invoices }: ClientRecord): string {
  if (invoices === 0) return 'no invoice to pay yet';
  if (invoices === 1) return paidOnTime === 1 ? 'the one invoice paid on time' : 'the one invoice not paid on time';
  return `${paidOnTime} of the last ${invoices} invoices paid on time`;
}

function coverSentence(covered: number, toCome: number): string {
  if (covered === 0) return `There is no money for any of the ${countOf(toCome, 'fan')} to come yet.`;
  const much = covered >= toCome ? 'all' : `${covered} of the`;
  return `There is money for ${much} ${countOf(toCome, 'fan')} to come now.`;
}

/** What a client owes for fans, and what that means (rules 4.6); nothing where nothing is owed. */
export function owedSentences(owed: number, currency: string): string[] {
  if (owed === 0) return [];
  return [
    `You owe ${formatMoney(owed, currency)} for fans that were delivered. Top up, and it is debited by itself; until it is paid, new orders of yours are refused.`,
  ];
}

/** Why a client cannot have a new order, each in a sentence, and what the reader can do about it. */
export function blockerAdvice(because: OrderBlocker[], to: OrderFacts['to'], currency: string): string[] {
  const said = because.map((one) => blockerSentence(one, to, currency)).join(' ');
  if (to === 'marketer') return [said, 'Nothing to do: the client is told, too.'];
  const ended = because.some(({ kind }) => kind === 'client-terminated');
  const todo = ended
    ? 'If you think this is a mistake, talk to the platform.'
    : 'Top up, and what you owe is debited by itself; then place the order anew.';
  return [said, todo];
}

/** ` Reason: too many already.`, or nothing. */
export function becauseOf(reason: string | null): string {
  return reason === null || reason.trim() === '' ? '' : ` Reason: ${quotedEnd(reason)}`;
}

export function possessive(name: string): string {
  return `${name}’s`;
}

export const ORDERS: Button = { label: 'Orders', command: '/orders' };
export const MY_ORDERS: Button = { label: 'Myorders', command: '/myorders' };
export const BALANCE: Button = { label: 'Balance', command: '/balance' };

/** The buttons that answer an order. */
export function answerButtons(orderId: string): Button[] {
  return [
    { label: `Accept ${shorten(orderId, 40)}`, command: `/accept ${orderId}` },
    { label: `Reject ${shorten(orderId, 40)}`, command: `/reject ${orderId}` },
  ];
}

/** The button that explains an order. */
export function whyButton(orderId: string): Button {
  return { label: `Why ${shorten(orderId, 40)}`, command: `/why ${orderId}` };
}

/** What a reader can go on to from a message about an order. */
export function orderButtons({ to, orderId }: Pick<OrderFacts, 'to' | 'orderId'>): Button[][] {
  return [[whyButton(orderId), to === 'client' ? MY_ORDERS : ORDERS]];
}
