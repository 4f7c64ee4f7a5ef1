import { formatInstant, formatWeek } from '../../kernel/calendar.ts';
import { formatMoney, type MinorUnits } from '../../kernel/money.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import { detailsButton, payButton } from './invoices.ts';
import { type Button, countOf, type Message, quotedEnd } from './message.ts';

/** An unpaid invoice as a reminder speaks of it. Money in minor units. */
type Unpaid = { invoiceId: string; week: string; total: MinorUnits; dueAt: Date; balance: MinorUnits };

/** What happens next when nothing is paid, as a notice says it; `at` null: it has happened. */
type Ahead = { sanction: 'campaigns-paused' | 'cpl-orders-blocked'; at: Date | null; payment: MinorUnits };

/** What notices about late payment say (rules 2 and 3), as data. */
export type SanctionContent =
  /** A day before an invoice is due. */
  | { kind: 'invoice.due_soon'; data: Unpaid & { ahead: Ahead[] } }
  /** An invoice has just gone overdue. `heldUntil`: a manager holds the sanctions until then. */
  | { kind: 'invoice.overdue'; data: Unpaid & { ahead: Ahead[]; heldUntil: Date | null } }
  /** Still unpaid; `number` counts the messages about this invoice, the last is the tenth. */
  | { kind: 'invoice.reminder'; data: Unpaid & { ahead: Ahead[]; heldUntil: Date | null; number: number } }
  /** The card of an invoice, as it stands since `at`: takes the place of the message that it was issued with. */
  | { kind: 'invoice.card'; data: { invoiceId: string; week: string; total: MinorUnits; dueAt: Date } & CardState }
  /** A manager had the model reminded, apart from the ladder; also of one that is not due yet. */
  | { kind: 'invoice.reminded'; data: Unpaid & { ahead: Ahead[]; heldUntil: Date | null; isOverdue: boolean } }
  /** Something was imposed or lifted. */
  | {
      kind: 'sanctions.changed';
      data: {
        changes: SanctionChange[];
        /** As it stands after the changes. `heldUntil`: a manager holds the sanctions until then. */
        campaigns: 'running' | 'paused' | 'stopped';
        overdueCount: number;
        overdueTotal: MinorUnits;
        heldUntil: Date | null;
        trustScore: number;
        /** What the manager said who ended the partnership. */
        reason?: string;
      };
    }
  /** A manager holds the sanctions. `isLonger`: they were held before, and are for longer now. */
  | {
      kind: 'sanctions.grace';
      data: {
        until: Date;
        reason: string;
        isLonger: boolean;
        lifted: SanctionChange[];
        overdueCount: number;
        overdueTotal: MinorUnits;
      };
    }
  | {
      kind: 'manager.review_opened';
      data: { modelId: string; name: string; overdueCount: number; overdueTotal: MinorUnits };
    }
  /** To a contractor: campaigns of a model they work for do not run, or run again. */
  | { kind: 'contractor.campaigns'; data: { modelId: string; state: 'paused' | 'resumed' | 'stopped' } };

export type CardState = { state: 'overdue' | 'completed' | 'void'; at: Date };

export type SanctionChange =
  | 'campaigns.paused'
  | 'campaigns.resumed'
  | 'cpl_orders.blocked'
  | 'cpl_orders.unblocked'
  | 'partnership.terminated';

type DataOfKind<K extends SanctionContent['kind']> = Extract<SanctionContent, { kind: K }>['data'];

export function dueSoonMessage(data: DataOfKind<'invoice.due_soon'>, display: DisplayContext): Message {
  const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
  return {
    title: `Invoice ${data.invoiceId} is due within a day`,
    paragraphs: [
      `${money(data.total)} for the week ${formatWeek(data.week)} is due by ${formatInstant(data.dueAt, display.timeZone)}. ${shortBy(data, money)}`,
      ...aheadSentences(data.ahead, display),
    ],
    buttons: unpaidButtons(data, display),
  };
}

export function overdueMessage(data: DataOfKind<'invoice.overdue'>, display: DisplayContext): Message {
  const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
  return {
    title: `Invoice ${data.invoiceId} is overdue`,
    paragraphs: [
      `${money(data.total)} for the week ${formatWeek(data.week)} was due by ${formatInstant(data.dueAt, display.timeZone)} and is not paid. ${consequence(data, display)}`,
      ...aheadSentences(data.ahead, display),
      `${shortBy(data, money)}${afterPayment(data, money)}`,
    ],
    buttons: unpaidButtons(data, display),
  };
}

export function reminderMessage(data: DataOfKind<'invoice.reminder'>, display: DisplayContext): Message {
  const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
  const last =
    data.number >= 10
      ? ['This is the last reminder for this invoice; what is paused stays paused until it is paid.']
      : [];
  return {
    title: `Invoice ${data.invoiceId} is still unpaid`,
    paragraphs: [
      `${money(data.total)} for the week ${formatWeek(data.week)} is overdue since ${formatInstant(data.dueAt, display.timeZone)}. ${consequence(data, display)}`,
      ...aheadSentences(data.ahead, display),
      shortBy(data, money),
      ...last,
    ],
    buttons: unpaidButtons(data, display),
  };
}

export function cardMessage(data: DataOfKind<'invoice.card'>, display: DisplayContext): Message {
  const { timeZone, currency } = display;
  const { invoiceId, week, total } = data;
  const details = detailsButton(data, display);
  const pay = payButton(data, display);
  const said = {
    overdue: `OVERDUE since ${formatInstant(data.dueAt, timeZone)}. Pay, or top up and it is debited by itself.`,
    completed: `PAID on ${formatInstant(data.at, timeZone)}. Nothing to do.`,
    void: `VOID since ${formatInstant(data.at, timeZone)}. You owe nothing for it.`,
  }[data.state];
  return {
    title: `Invoice ${invoiceId}`,
    paragraphs: [`${formatMoney(total, currency)} for the week ${formatWeek(week)}.`, said],
    buttons: [data.state === 'overdue' ? [pay, details] : [details]],
  };
}

export function remindedMessage(data: DataOfKind<'invoice.reminded'>, display: DisplayContext): Message {
  const money = (amount: MinorUnits) => formatMoney(amount, display.currency);
  const due = formatInstant(data.dueAt, display.timeZone);
  const state = data.isOverdue ? `is overdue since ${due}. ${consequence(data, display)}` : `is due by ${due}.`;
  return {
    title: `Reminder: invoice ${data.invoiceId} is not paid yet`,
    paragraphs: [
      `A manager of the platform reminds you: ${money(data.total)} for the week ${formatWeek(data.week)} ${state}`,
      ...aheadSentences(data.ahead, display),
      shortBy(data, money),
    ],
    buttons: unpaidButtons(data, display),
  };
}

export function sanctionsMessage(data: DataOfKind<'sanctions.changed'>, display: DisplayContext): Message {
  return {
    title: titleOf(data, display),
    paragraphs: [
      `${data.changes.map((change) => SAID[change]).join(' ')}${because(data.reason)}`,
      ...whatIsLeft(data, display),
      `Your trust score is ${data.trustScore} of 100.`,
    ],
    buttons: [
      [
        { label: 'Standing', command: '/standing' },
        ...(data.overdueCount > 0 ? [{ label: 'Invoices', command: '/invoices' }] : []),
      ],
    ],
  };
}

/** What a manager's grace means: until when, why, and what comes after it (rules 2.6). */
export function graceMessage(data: DataOfKind<'sanctions.grace'>, { timeZone, currency }: DisplayContext): Message {
  const until = formatInstant(data.until, timeZone);
  const owed =
    data.overdueCount === 0
      ? 'Nothing of yours is overdue now; what goes overdue until then still costs trust.'
      : `${countOf(data.overdueCount, 'invoice')} overdue, ${formatMoney(data.overdueTotal, currency)} in all: pay before it ends, or the sanctions hold again.`;
  return {
    title: data.isLonger ? `Your grace is longer: until ${until}` : `You have a grace until ${until}`,
    paragraphs: [
      `A manager of the platform holds the sanctions for late payment: until then nothing of yours is paused or blocked for it.${because(data.reason)}`,
      ...(data.lifted.length === 0 ? [] : [data.lifted.map((change) => SAID[change]).join(' ')]),
      owed,
    ],
    buttons: [
      [
        { label: 'Standing', command: '/standing' },
        ...(data.overdueCount > 0 ? [{ label: 'Invoices', command: '/invoices' }] : []),
      ],
    ],
  };
}

function because(reason: string | undefined): string {
  return reason === undefined || reason.trim() === '' ? '' : ` Reason: ${quotedEnd(reason)}`;
}

/** What is still overdue after a change, and what comes of it. */
function whatIsLeft(data: DataOfKind<'sanctions.changed'>, { currency }: DisplayContext): string[] {
  if (data.overdueCount === 0 || data.campaigns === 'stopped') return [];
  const owed = `${countOf(data.overdueCount, 'invoice')} overdue, ${formatMoney(data.overdueTotal, currency)} in all.`;
  if (data.heldUntil !== null) return [`That is a manager’s grace. ${owed} Pay before it ends, or they hold again.`];
  if (isLifted(data.changes)) return [`Your campaigns stay paused: ${owed}`];
  return [`${owed} Pay, and this is lifted at once.`];
}

export function contractorMessage({ modelId, state }: DataOfKind<'contractor.campaigns'>): Message {
  const said = {
    paused: ['are paused', 'Please stop sending traffic until you hear that they run again.'],
    resumed: ['run again', 'You can send traffic again.'],
    stopped: ['are stopped for good', 'Please stop sending traffic. What you have earned stays yours.'],
  }[state];
  return {
    title: `The RevShare campaigns of ${modelId} ${said[0]}`,
    paragraphs: [said[1] ?? ''],
    buttons: [],
  };
}

const SAID: Record<SanctionChange, string> = {
  'campaigns.paused': 'Your RevShare campaigns are paused, because an invoice is overdue.',
  'campaigns.resumed': 'Your RevShare campaigns run again.',
  'cpl_orders.blocked': 'You cannot place new CPL orders for now.',
  'cpl_orders.unblocked': 'You can place CPL orders again.',
  'partnership.terminated':
    'Your partnership with the platform was ended: campaigns are stopped and orders are blocked.',
};

function titleOf(
  { changes, campaigns, heldUntil }: DataOfKind<'sanctions.changed'>,
  { timeZone }: DisplayContext,
): string {
  if (changes.includes('partnership.terminated')) return 'Your partnership was ended';
  if (isLifted(changes)) {
    if (heldUntil !== null) return `Sanctions are held until ${formatInstant(heldUntil, timeZone)}`;
    return campaigns === 'running' ? 'Good news: back to normal' : 'You can place CPL orders again';
  }
  const parts = [
    ...(changes.includes('campaigns.paused') ? ['campaigns are paused'] : []),
    ...(changes.includes('cpl_orders.blocked') ? ['CPL orders are blocked'] : []),
  ].join(' and ');
  return `${parts.charAt(0).toUpperCase()}${parts.slice(1)}`;
}

function isLifted(changes: SanctionChange[]): boolean {
  return changes.every((change) => change === 'campaigns.resumed' || change === 'cpl_orders.unblocked');
}

/** What is in force because an invoice is overdue. */
function consequence(
  { heldUntil, ahead }: { heldUntil: Date | null; ahead: Ahead[] },
  { timeZone }: DisplayContext,
): string {
  if (heldUntil !== null) return `A manager holds the consequences until ${formatInstant(heldUntil, timeZone)}.`;
  const blocked = ahead.some(({ sanction, at }) => sanction === 'cpl-orders-blocked' && at === null);
  return `Your RevShare campaigns are paused${blocked ? ' and new CPL orders are blocked' : ''}.`;
}

/** What comes when nothing is paid, and what it takes to prevent it. */
function aheadSentences(ahead: Ahead[], { timeZone, currency }: DisplayContext): string[] {
  const coming = ahead.flatMap(({ sanction, at, payment }) => (at === null ? [] : [{ sanction, at, payment }]));
  const unless = ({ at, payment }: { at: Date; payment: MinorUnits }) =>
    `on ${formatInstant(at, timeZone)} unless ${formatMoney(payment, currency)} is paid before.`;
  const [first, second] = coming;
  if (first !== undefined && second !== undefined && unless(first) === unless(second)) {
    return [`Your campaigns will be paused and new CPL orders will be blocked ${unless(first)}`];
  }
  return coming.map((one) =>
    one.sanction === 'campaigns-paused'
      ? `Your campaigns will be paused ${unless(one)}`
      : `New CPL orders will be blocked ${unless(one)}`,
  );
}

/** What it takes for campaigns to run again, which can be more than the invoice at hand. */
function afterPayment({ total, ahead }: Unpaid & { ahead: Ahead[] }, money: (amount: MinorUnits) => string): string {
  const paused = ahead.find(({ sanction, at }) => sanction === 'campaigns-paused' && at === null);
  if (paused === undefined) return '';
  if (paused.payment === total) return ' As soon as it is paid, your campaigns run again.';
  return ` Your campaigns run again as soon as everything overdue is paid, ${money(paused.payment)}.`;
}

function shortBy({ total, balance }: Unpaid, money: (amount: MinorUnits) => string): string {
  if (balance >= total) return `Your balance of ${money(balance)} covers it: pay now with the button.`;
  return `Your balance is ${money(balance)}, so ${money(total - balance)} is missing. Top up, and it is debited by itself.`;
}

function unpaidButtons(invoice: Unpaid, display: DisplayContext): Button[][] {
  return [
    [payButton(invoice, display), detailsButton(invoice, display)],
    [{ label: 'Standing', command: '/standing' }],
  ];
}
