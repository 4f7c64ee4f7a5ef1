import { sum } from '../../kernel/money.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { commandButton } from './buttons.ts';
import {
  balanceSentence,
  detailsButton,
  heldSentences,
  invoiceWords,
  promiseButtons,
  settleButtons,
} from './invoices.ts';
import { ruleLink } from './marks.ts';
import { type Button, becauseOf, type Message } from './message.ts';
import type { Ahead, SanctionChange, SanctionContent, Unpaid } from './sanctions.ts';

type DataOfKind<K extends SanctionContent['kind']> = Extract<SanctionContent, { kind: K }>['data'];

export function dueSoonMessage(data: DataOfKind<'invoice.due_soon'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  return {
    state: 'open',
    title: say('invoices.titles.dueSoon', invoiceWords(data, display)),
    paragraphs: [
      `${say('invoices.due', { due: instant(data.dueAt) })} ${balanceSentence(data, display)}`,
      ...aheadSentences(data.ahead, display),
    ],
    ...rulesOf(display),
    buttons: unpaidButtons(data, display),
  };
}

export function overdueMessage(data: DataOfKind<'invoice.overdue'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  return {
    state: 'overdue',
    title: say('invoices.titles.overdue', invoiceWords(data, display)),
    paragraphs: [
      `${say('sanctions.overdue.what', { due: instant(data.dueAt) })} ${inForceSentence(data, display)}`,
      ...aheadSentences(data.ahead, display),
      [balanceSentence(data, display), ...afterPayment(data, display)].join(' '),
    ],
    ...rulesOf(display),
    buttons: [...unpaidButtons(data, display), ...rowsOf(promiseButtons(data, display))],
  };
}

export function reminderMessage(data: DataOfKind<'invoice.reminder'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  return {
    state: 'overdue',
    title: say('invoices.titles.reminder', invoiceWords(data, display)),
    paragraphs: [
      `${say('sanctions.reminder.what', { due: instant(data.dueAt) })} ${inForceSentence(data, display)}`,
      ...aheadSentences(data.ahead, display),
      [...heldSentences(data, display), balanceSentence(data, display)].join(' '),
      ...(data.number >= 10 ? [say('sanctions.reminder.last')] : []),
    ],
    ...rulesOf(display),
    buttons: unpaidButtons(data, display),
  };
}

/** The card of an invoice: how it stands, with the buttons that fit. */
export function cardMessage(data: DataOfKind<'invoice.card'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  const words = invoiceWords(data, display);
  const details = detailsButton(data, display);
  if (data.state === 'overdue' || data.state === 'promised') return unpaidCard(data, display);
  const at = instant(data.at);
  const buttons = [[details]];
  switch (data.state) {
    case 'completed':
      return {
        state: 'done',
        title: say('invoices.titles.paid', words),
        paragraphs: [say('sanctions.card.completed', { at })],
        buttons,
      };
    case 'void':
      return {
        state: 'info',
        title: say('invoices.titles.voided', words),
        paragraphs: [say('sanctions.card.void', { at })],
        buttons,
      };
    case 'written_off':
      return {
        state: 'info',
        title: say('invoices.titles.writtenOff', words),
        paragraphs: [say('sanctions.card.writtenOff', { at })],
        buttons,
      };
  }
}

function unpaidCard(data: DataOfKind<'invoice.card'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  const { balance } = data;
  const [settle, words] =
    balance === undefined
      ? [[], []]
      : [settleButtons({ ...data, balance }, display), [balanceSentence({ ...data, balance }, display)]];
  const { until } = data;
  const promised = until === undefined ? [] : [say('sanctions.card.promised', { until: instant(until) })];
  return {
    state: until === undefined ? 'overdue' : 'open',
    title: say('invoices.titles.overdue', invoiceWords(data, display)),
    paragraphs: [
      [say('sanctions.overdue.what', { due: instant(data.dueAt) }), ...promised].join(' '),
      ...heldSentences(data, display),
      ...words,
    ],
    buttons: [[...settle, detailsButton(data, display)], ...rowsOf(promiseButtons(data, display))],
  };
}

/** A row for each button: their labels are long. */
function rowsOf(buttons: Button[]): Button[][] {
  return buttons.map((button) => [button]);
}

export function remindedMessage(data: DataOfKind<'invoice.reminded'>, display: DisplayContext): Message {
  const { say, instant } = speechOf(display);
  const due = instant(data.dueAt);
  return {
    state: data.isOverdue ? 'overdue' : 'open',
    title: say('invoices.titles.reminded', invoiceWords(data, display)),
    paragraphs: [
      data.isOverdue
        ? `${say('sanctions.reminder.what', { due })} ${inForceSentence(data, display)}`
        : say('invoices.due', { due }),
      ...aheadSentences(data.ahead, display),
      [...heldSentences(data, display), balanceSentence(data, display)].join(' '),
    ],
    ...rulesOf(display),
    buttons: unpaidButtons(data, display),
  };
}

export function sanctionsMessage(data: DataOfKind<'sanctions.changed'>, display: DisplayContext): Message {
  return {
    state: isLifted(data.changes) ? (data.heldUntil === null ? 'done' : 'info') : 'stopped',
    title: titleOf(data, display),
    paragraphs: [
      `${changeSentences(data.changes, display)}${becauseOf(data.reason, display)}`,
      ...whatIsLeft(data, display),
      speechOf(display).say('sanctions.changed.trust', { score: data.trustScore }),
    ],
    ...rulesOf(display),
    buttons: [standingButtons(data, display)],
  };
}

/** What a manager's grace means: until when, why, and what comes after it (rules 2.6). */
export function graceMessage(data: DataOfKind<'sanctions.grace'>, display: DisplayContext): Message {
  const { say, instant, money } = speechOf(display);
  const until = instant(data.until);
  return {
    state: 'info',
    title: data.isLonger ? say('sanctions.grace.longer', { until }) : say('sanctions.grace.title', { until }),
    paragraphs: [
      `${say('sanctions.grace.what')}${becauseOf(data.reason, display)}`,
      ...(data.lifted.length === 0 ? [] : [changeSentences(data.lifted, display)]),
      data.overdueCount === 0
        ? say('sanctions.grace.nothingOverdue')
        : say('sanctions.grace.overdue', { count: data.overdueCount, total: money(data.overdueTotal) }),
    ],
    buttons: [standingButtons(data, display)],
  };
}

function standingButtons({ overdueCount }: { overdueCount: number }, display: DisplayContext): Button[] {
  const standing = commandButton(speechOf(display).say, 'standing');
  return overdueCount > 0 ? [standing, commandButton(speechOf(display).say, 'invoices')] : [standing];
}

/** What is still overdue after a change, and what comes of it. */
function whatIsLeft(data: DataOfKind<'sanctions.changed'>, display: DisplayContext): string[] {
  if (data.overdueCount === 0 || data.campaigns === 'stopped') return [];
  const { say, money } = speechOf(display);
  const owed = { count: data.overdueCount, total: money(data.overdueTotal) };
  if (data.heldUntil !== null) return [say('sanctions.changed.leftInGrace', owed)];
  if (isLifted(data.changes)) {
    return [say(data.campaigns === 'running' ? 'sanctions.changed.leftRunning' : 'sanctions.changed.leftPaused', owed)];
  }
  return [say('sanctions.changed.left', owed)];
}

export function contractorMessage(
  { modelId, name = modelId, state }: DataOfKind<'contractor.campaigns'>,
  display: DisplayContext,
): Message {
  const { say } = speechOf(display);
  return {
    state: state === 'resumed' ? 'done' : 'stopped',
    title: say(`sanctions.contractor.${state}.title`, { model: name }),
    paragraphs: [say(`sanctions.contractor.${state}.what`)],
    buttons: [],
  };
}

function changeSentences(changes: SanctionChange[], display: DisplayContext): string {
  const { say } = speechOf(display);
  return changes.map((change) => say(`sanctions.imposed.${SAID[change]}`)).join(' ');
}

const SAID = {
  'campaigns.paused': 'campaignsPaused',
  'campaigns.resumed': 'campaignsResumed',
  'cpl_orders.blocked': 'ordersBlocked',
  'cpl_orders.unblocked': 'ordersUnblocked',
  'partnership.terminated': 'terminated',
} as const satisfies Record<SanctionChange, string>;

function titleOf(data: DataOfKind<'sanctions.changed'>, display: DisplayContext): string {
  const { changes, campaigns, heldUntil, paid = [] } = data;
  const { say, instant, money } = speechOf(display);
  const [first] = paid;
  if (first !== undefined && heldUntil === null) {
    return paid.length === 1
      ? say('invoices.titles.paid', invoiceWords(first, display))
      : say('invoices.titles.paidMany', { total: money(sum(paid.map(({ total }) => total))), count: paid.length });
  }
  if (changes.includes('partnership.terminated')) return say('sanctions.changed.ended');
  if (isLifted(changes)) {
    if (heldUntil !== null) return say('sanctions.changed.held', { until: instant(heldUntil) });
    return campaigns === 'running' ? say('sanctions.changed.normal') : say('sanctions.changed.ordersAgain');
  }
  if (!changes.includes('campaigns.paused')) return say('sanctions.changed.blocked');
  return changes.includes('cpl_orders.blocked') ? say('sanctions.changed.both') : say('sanctions.changed.paused');
}

function isLifted(changes: SanctionChange[]): boolean {
  return changes.every((change) => change === 'campaigns.resumed' || change === 'cpl_orders.unblocked');
}

/** What is in force because an invoice is overdue. */
function inForceSentence(
  { heldUntil, ahead, promisedUntil }: { heldUntil: Date | null; ahead: Ahead[]; promisedUntil?: Date },
  display: DisplayContext,
): string {
  const { say, instant } = speechOf(display);
  if (promisedUntil !== undefined) return say('sanctions.inForce.promised', { until: instant(promisedUntil) });
  if (heldUntil !== null) return say('sanctions.inForce.held', { until: instant(heldUntil) });
  const blocked = ahead.some(({ sanction, at }) => sanction === 'cpl-orders-blocked' && at === null);
  return blocked ? say('sanctions.inForce.pausedAndBlocked') : say('sanctions.inForce.paused');
}

/** What comes when nothing is paid, and what it takes to prevent it. */
function aheadSentences(ahead: Ahead[], display: DisplayContext): string[] {
  const { say, money, instant } = speechOf(display);
  const coming = ahead.flatMap(({ sanction, at, payment }) =>
    at === null ? [] : [{ sanction, unless: { at: instant(at), payment: money(payment) } }],
  );
  const [first, second] = coming.map(({ unless }) => unless);
  if (first !== undefined && first.at === second?.at && first.payment === second.payment) {
    return [say('sanctions.ahead.pausedAndBlocked', first)];
  }
  return coming.map(({ sanction, unless }) =>
    sanction === 'campaigns-paused' ? say('sanctions.ahead.paused', unless) : say('sanctions.ahead.blocked', unless),
  );
}

/** What it takes for campaigns to run again, which can be more than the invoice at hand. */
function afterPayment({ total, held = 0, ahead }: Unpaid & { ahead: Ahead[] }, display: DisplayContext): string[] {
  const { say, money } = speechOf(display);
  const paused = ahead.find(({ sanction, at }) => sanction === 'campaigns-paused' && at === null);
  if (paused === undefined) return [];
  if (paused.payment === total - held) return [say('sanctions.afterPayment.this')];
  return [say('sanctions.afterPayment.everything', { payment: money(paused.payment) })];
}

/** Where the rules are read, where the deployment has a page of them. */
function rulesOf(display: DisplayContext): Pick<Message, 'footer' | 'rulesPage'> {
  const page = display.pages?.rules;
  if (page === undefined) return {};
  return { footer: ruleLink(speechOf(display).say('sanctions.rules'), LATE_PAYMENT), rulesPage: page };
}

/** The first section of the rules about sanctions. */
const LATE_PAYMENT = '2.1';

function unpaidButtons(invoice: Unpaid, display: DisplayContext): Button[][] {
  return [
    [...settleButtons(invoice, display), detailsButton(invoice, display)],
    [commandButton(speechOf(display).say, 'standing')],
  ];
}
