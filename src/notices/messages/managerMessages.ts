import { EVENT_TYPES } from '../../events/catalogue.ts';
import { sum } from '../../kernel/money.ts';
import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { paydayOf, thingsOf } from '../../texts/things.ts';
import { approvalMessage } from './approvals.ts';
import { commandButton, cycleButton, modelButton, replayButton } from './buttons.ts';
import { copyable, nameAndCopyableId } from './marks.ts';
import { becauseOf, type Message, quoted, quotedEnd, shorten } from './message.ts';
import type { NoticeContent, UnpaidPayday } from './noticeContent.ts';
import { payeeDeniedMessage } from './payees.ts';
import { adminKeyMessage, scopesMessage } from './rights.ts';

type ManagerContent = Extract<NoticeContent, { kind: `manager.${string}` }>;

/** What managers read: what happened, and which command is for it. */
export function managerMessage(content: ManagerContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'manager.quarantined':
      return quarantined(content.data, display);
    case 'manager.webhook_parked':
      return webhookParked(content.data, display);
    case 'manager.unreached':
      return unreached(content.data, display);
    case 'manager.codes_guessed':
      return codesGuessed(content.data, display);
    case 'manager.appointed':
      return appointed(content.data, display);
    case 'manager.admin_key':
      return adminKeyMessage(content.data, display);
    case 'manager.scopes':
      return scopesMessage(content.data, display);
    case 'manager.approval_asked':
      return approvalMessage(content.data, display);
    case 'manager.payout_held':
      return payoutHeld(content.data, display);
    case 'manager.overdue':
      return overdue(content.data, display);
    case 'manager.paydays_unpaid':
      return paydaysUnpaid(content.data, display);
    case 'manager.payout_returned':
      return payoutReturned(content.data, display);
    case 'manager.review_opened':
      return reviewOpened(content.data, display);
    case 'manager.day_sealed':
      return daySealed(content.data, display);
    case 'manager.payee_denied':
      return payeeDeniedMessage(content, display);
  }
}

type DataOfKind<K extends NoticeContent['kind']> = Extract<NoticeContent, { kind: K }>['data'];

function quarantined(data: DataOfKind<'manager.quarantined'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  const error = quotedEnd(data.error, 1_000);
  return {
    state: 'overdue',
    title: say('managers.quarantined.title', { event: copyable(data.eventId) }),
    paragraphs: [
      say('managers.quarantined.what', { type: typeOf(data.type), error }),
      say('managers.quarantined.next'),
    ],
    buttons: [[replayButton(speechOf(display).say, data.eventId), commandButton(speechOf(display).say, 'quarantine')]],
  };
}

/** The type of an event is the sender's own text; those that we know are plain. */
function typeOf(type: string): string {
  return EVENT_TYPES.some((known) => known === type) ? type : quoted(type, 100);
}

function webhookParked(data: DataOfKind<'manager.webhook_parked'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  const { webhookId, type, attempts } = data;
  return {
    state: 'overdue',
    title: say('managers.webhookParked.title', { webhook: copyable(shorten(webhookId, 140)) }),
    paragraphs: [
      say('managers.webhookParked.what', { type, attempts, error: quotedEnd(data.error) }),
      say('managers.webhookParked.next'),
    ],
    buttons: [[replayButton(speechOf(display).say, webhookId)]],
  };
}

function unreached(data: DataOfKind<'manager.unreached'>, display: DisplayContext): Message {
  const { accountId, name, role, hasChat } = data;
  const { say } = speechOf(display);
  return {
    state: 'overdue',
    title: say('managers.unreached.title', { who: nameAndCopyableId(name, accountId) }),
    paragraphs: [
      hasChat ? say('managers.unreached.noReach', { role }) : say('managers.unreached.noChat', { role }),
      say('managers.unreached.next'),
    ],
    buttons: [
      [
        role === 'model'
          ? modelButton(speechOf(display).say, accountId)
          : commandButton(speechOf(display).say, 'health'),
      ],
    ],
  };
}

function codesGuessed({ atLeast }: DataOfKind<'manager.codes_guessed'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  return {
    state: 'info',
    title: say('managers.codesGuessed.title'),
    paragraphs: [
      say('managers.codesGuessed.what', { count: atLeast }),
      say('managers.codesGuessed.slowed'),
      say('managers.codesGuessed.next'),
    ],
    buttons: [[commandButton(speechOf(display).say, 'health')]],
  };
}

function appointed(data: DataOfKind<'manager.appointed'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  const who = nameAndCopyableId(data.name, data.accountId);
  return {
    state: 'info',
    title: data.isManager
      ? say('managers.appointed.title', { who })
      : say('managers.appointed.titleWithdrawn', { who }),
    paragraphs: [
      data.isManager ? say('managers.appointed.given') : say('managers.appointed.withdrawn'),
      say('managers.appointed.by', { by: quotedEnd(data.by, 1_000) }),
      say('managers.appointed.next'),
    ],
    buttons: [],
  };
}

function payoutHeld(data: DataOfKind<'manager.payout_held'>, display: DisplayContext): Message {
  const { say, money, instant } = speechOf(display);
  const { payoutId, accountId, name, isReleased } = data;
  const until = instant(data.until);
  const what = isReleased
    ? say('managers.payoutHeld.releasedWhat')
    : say(payoutId === null ? 'managers.payoutHeld.accountWhat' : 'managers.payoutHeld.what', { until });
  return {
    state: 'info',
    title:
      payoutId === null
        ? say(isReleased ? 'managers.payoutHeld.releasedAccountTitle' : 'managers.payoutHeld.accountTitle', {
            who: nameAndCopyableId(name, accountId),
          })
        : say(isReleased ? 'managers.payoutHeld.releasedTitle' : 'managers.payoutHeld.title', {
            amount: money(data.amount),
            payout: thingsOf(display).payoutOf(nameAndCopyableId(name, accountId), paydayOf(payoutId)),
          }),
    paragraphs: [
      what,
      `${say('managers.payoutHeld.by', { by: shorten(data.by, 120) })}${becauseOf(data.reason, display)}`,
    ],
    buttons:
      payoutId === null
        ? [[commandButton(say, 'cycle')]]
        : [[cycleButton(say, paydayOf(payoutId)), { label: say('common.buttons.why'), command: `/why ${payoutId}` }]],
  };
}

function overdue(data: DataOfKind<'manager.overdue'>, display: DisplayContext): Message {
  const { say, money, instant } = speechOf(display);
  const { invoiceId, modelId } = data;
  const invoice = thingsOf(display).invoiceOf(nameAndCopyableId(data.name, modelId), data.week);
  return {
    state: 'overdue',
    title: say('managers.overdue.title', { total: money(data.total), invoice }),
    paragraphs: [
      say('managers.overdue.what', { invoice: copyable(invoiceId), due: instant(data.dueAt) }),
      `${say('managers.overdue.next')} ${say('common.howOften', { topic: 'overdue' })}`,
    ],
    buttons: [[commandButton(speechOf(display).say, 'overdue'), modelButton(speechOf(display).say, modelId)]],
  };
}

const PAYDAYS_NAMED = 4;

function paydaysUnpaid({ paydays }: DataOfKind<'manager.paydays_unpaid'>, display: DisplayContext): Message {
  const { say, money, date } = speechOf(display);
  const [oldest] = paydays;
  const count = paydays.length;
  const named = paydays.slice(0, PAYDAYS_NAMED);
  const more = count - named.length;
  const total = money(sum(paydays.map((one) => one.total)));
  return {
    state: 'overdue',
    title:
      count === 1 && oldest !== undefined
        ? say('managers.paydaysUnpaid.titleOne', { payday: date(oldest.payday), total })
        : say('managers.paydaysUnpaid.title', { count, total }),
    paragraphs: [say('managers.paydaysUnpaid.what', { count, total }), say('managers.paydaysUnpaid.next')],
    facts: named.map((one) => [date(one.payday), stateOf(one, display)]),
    ...(more > 0 ? { footer: say('managers.paydaysUnpaid.later', { count: more }) } : {}),
    buttons: [named.slice(0, 3).map(({ payday }) => cycleButton(speechOf(display).say, payday))],
  };
}

/** What is still to be settled of a payday, and what is on its way. */
function stateOf({ due, processing, total: amount }: UnpaidPayday, display: DisplayContext): string {
  const { say, money } = speechOf(display);
  const total = money(amount);
  if (processing === 0) return say('managers.paydaysUnpaid.due', { due, total });
  if (due === 0) return say('managers.paydaysUnpaid.processing', { processing, total });
  return say('managers.paydaysUnpaid.both', { due, processing, total });
}

function payoutReturned(data: DataOfKind<'manager.payout_returned'>, display: DisplayContext): Message {
  const { say, money, date } = speechOf(display);
  const { payoutId, accountId, name, amount, reason, payday } = data;
  const cycle = paydayOf(payoutId);
  return {
    state: 'overdue',
    title: say('managers.payoutReturned.title', {
      ...{ amount: money(amount), payout: thingsOf(display).payoutOf(nameAndCopyableId(name, accountId), cycle) },
    }),
    paragraphs: [
      `${say('managers.payoutReturned.what', { payout: copyable(payoutId) })}${becauseOf(reason, display)}`,
      say('managers.payoutReturned.next', { payday: date(payday) }),
    ],
    buttons: [[cycleButton(say, cycle), { label: say('common.buttons.why'), command: `/why ${payoutId}` }]],
  };
}

/** Its title has the anchor, because a digest of several days names them by their titles. */
function daySealed({ day, number, hash }: DataOfKind<'manager.day_sealed'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  const anchor = `${number}:${hash}`;
  return {
    state: 'info',
    title: say('managers.daySealed.title', { day, anchor: copyable(anchor) }),
    paragraphs: [
      say('managers.daySealed.what'),
      say('managers.daySealed.next', { anchor }),
      say('common.howOften', { topic: 'seals' }),
    ],
    buttons: [],
  };
}

function reviewOpened(data: DataOfKind<'manager.review_opened'>, display: DisplayContext): Message {
  const { say, money } = speechOf(display);
  const owed = { count: data.overdueCount, total: money(data.overdueTotal) };
  return {
    state: 'overdue',
    title: say('managers.reviewOpened.title', {
      ...{ who: nameAndCopyableId(data.name, data.modelId), total: owed.total },
    }),
    paragraphs: [say('managers.reviewOpened.what', owed), say('managers.reviewOpened.next')],
    buttons: [[modelButton(speechOf(display).say, data.modelId), commandButton(speechOf(display).say, 'review')]],
  };
}
