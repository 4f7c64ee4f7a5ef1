import type { MinorUnits } from '../../kernel/money.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { type OrderThing, thingsOf } from '../../texts/things.ts';
import { commandButton } from './buttons.ts';
import type { Button } from './message.ts';
import { orderReasonSentence } from './orderReason.ts';
import { blockerSentence, type ClientRecord, type OrderBlocker, type OrderFacts, type Progress } from './orders.ts';

/** How notices and commands speak of orders: the same pieces everywhere. */

export type OrderTermsShown = Pick<OrderFacts, 'quantity' | 'pricePerFan' | 'total' | 'prepaid' | 'chunkSize'>;

/** `100 fans at $1.50 each, $150.00 in all, prepaid, paid every 25 fans`. */
export function orderTerms(terms: OrderTermsShown, display: DisplayContext): string {
  const { say, money } = speechOf(display);
  const { quantity, chunkSize } = terms;
  return say('orders.terms', {
    ...{ quantity, price: money(terms.pricePerFan), total: money(terms.total) },
    ...{ prepaid: terms.prepaid ? 'yes' : 'other', how: howPaid(terms), chunk: chunkSize ?? quantity },
  });
}

/** When money moves (rules 4.6). */
function howPaid({ chunkSize, prepaid, quantity }: OrderTermsShown): 'each' | 'chunks' | 'other' {
  if (chunkSize !== null && chunkSize < quantity) return chunkSize === 1 ? 'each' : 'chunks';
  return chunkSize === null && prepaid ? 'each' : 'other';
}

const BAR_LENGTH = 10;

/** `▓▓▓▓▓░░░░░ 50 % · 50 of 100 fans`; full, and 100 %, only when every fan is there. */
export function progressBar(
  { delivered, quantity }: { delivered: number; quantity: number },
  display: DisplayContext,
): string {
  const { say, rate } = speechOf(display);
  const full = Math.min(BAR_LENGTH, Math.floor((delivered * BAR_LENGTH) / quantity));
  const percent = rate(Math.min(100, Math.floor((delivered * 100) / quantity)) * 100);
  const bar = `${'▓'.repeat(full)}${'░'.repeat(BAR_LENGTH - full)}`;
  return say('orders.progress', { bar, percent, delivered, quantity });
}

/** Money as it was when so many fans had come: true also of a card that is read later. */
export function paidByThen(
  { delivered, total, paid, owed }: Progress & { total: MinorUnits },
  display: DisplayContext,
): string {
  const { say, money } = speechOf(display);
  const then = { delivered, paid: money(paid), total: money(total) };
  return owed === 0
    ? say('orders.paidByThen.all', then)
    : say('orders.paidByThen.owed', { ...then, owed: money(owed) });
}

/** What was paid for the fans so far, and what is owed and how that is paid. */
export function paidSentence(
  given: Pick<OrderFacts, 'to' | 'client' | 'total'> & Pick<Progress, 'paid' | 'owed'>,
  display: DisplayContext,
): string {
  const { to, total, paid } = given;
  const { say, money } = speechOf(display);
  const amounts = { paid: money(paid), total: money(total) };
  const so = paid === total ? say(`orders.paid.all.${to}`, amounts) : say(`orders.paid.some.${to}`, amounts);
  return [so, ...owedMore(given, display)].join(' ');
}

/** What is owed beside what is paid, and how that is paid; nothing where nothing is. */
export function owedMore(
  { to, client, owed }: Pick<OrderFacts, 'to' | 'client'> & Pick<Progress, 'owed'>,
  display: DisplayContext,
): string[] {
  const { say, money } = speechOf(display);
  return owed === 0 ? [] : [say(`orders.paid.owed.${to}`, { owed: money(owed), client })];
}

/**
 * `Ava: tier trusted, trust 82 of 100, 9 of the last 10 invoices paid on time. There is money for 40 of the 60 fans to
 * come.` What a marketer reads of a client (rules 2.10); `toCome`: fans that are still to be delivered.
 */
export function recordSentence(client: string, record: ClientRecord, toCome: number, display: DisplayContext): string {
  const of = speechOf(display).say('orders.record.of', { client, record: recordWords(record, display) });
  return `${of} ${coverSentence(record.coveredFans, toCome, display)}`;
}

export function recordWords(record: ClientRecord, display: DisplayContext): string {
  const { trustScore: trust, paidOnTime: paid, invoices } = record;
  return speechOf(display).say('orders.record.terms', { tier: TIERS[record.tier], trust, paid, invoices });
}

const TIERS = { 'at-risk': 'atRisk', new: 'new', standard: 'standard', trusted: 'other' } as const;

function coverSentence(covered: number, count: number, display: DisplayContext): string {
  const { say } = speechOf(display);
  if (covered === 0) return say('orders.record.moneyForNone', { count });
  if (covered >= count) return say('orders.record.moneyForAll', { count });
  return say('orders.record.moneyForSome', { covered, count });
}

/** What a client owes for fans, and what that means (rules 4.6); nothing where nothing is owed. */
export function owedSentences(owed: MinorUnits, display: DisplayContext): string[] {
  const { say, money } = speechOf(display);
  return owed === 0 ? [] : [say('orders.owedForFans', { owed: money(owed) })];
}

/** Why a client cannot have a new order, each in a sentence, and what the reader can do about it. */
export function blockerAdvice(
  because: OrderBlocker[],
  to: OrderFacts['to'],
  display: DisplayContext,
): { why: string; todo: string } {
  const { say } = speechOf(display);
  const why = because.map((one) => blockerSentence(one, to, display)).join(' ');
  if (to === 'marketer') return { why, todo: say('orders.blockers.clientTold') };
  const ended = because.some(({ kind }) => kind === 'client-terminated');
  return { why, todo: ended ? say('orders.blockers.ended') : say('orders.blockers.topUp') };
}

/** That an order was stopped because no fan counted for so many days; `reason` says it where the days were not stored. */
export function idleSentence({ days, reason }: { days?: number; reason: string }, display: DisplayContext): string {
  return orderReasonSentence({ kind: 'idle', days: days ?? null, reason }, speechOf(display).say);
}

/** What the title of a message about an order has: its total, and which one it is. */
export function orderWords(
  order: Pick<OrderFacts, 'to' | 'quantity' | 'client' | 'marketer' | 'total'>,
  display: DisplayContext,
) {
  return { order: orderName(order, display), total: speechOf(display).money(order.total) };
}

/** `100 fans from Elena`. */
export function orderName({ to, quantity, client, marketer }: OrderThing, display: DisplayContext): string {
  return thingsOf(display).order({ to, quantity, client, marketer });
}

/** The buttons that answer the order that the message is about. */
export function answerThisButtons(orderId: string, display: DisplayContext): Button[] {
  const { say } = speechOf(display);
  return [
    { label: say('orders.buttons.acceptThis'), command: `/accept ${orderId}`, weight: 'main' },
    { label: say('orders.buttons.rejectThis'), command: `/reject ${orderId}`, weight: 'danger' },
  ];
}

/** What a reader can go on to from a message about an order. */
export function orderButtons({ to, orderId }: Pick<OrderFacts, 'to' | 'orderId'>, display: DisplayContext): Button[][] {
  const { say } = speechOf(display);
  const why: Button = { label: say('common.buttons.why'), command: `/why ${orderId}` };
  return [[why, commandButton(say, to === 'client' ? 'myorders' : 'orders')]];
}
