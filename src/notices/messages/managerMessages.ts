import { EVENT_TYPES } from '../../events/catalogue.ts';
import { formatDate, formatInstant, formatWeek } from '../../kernel/calendar.ts';
import { formatMoney, sum } from '../../kernel/money.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import { approvalMessage } from './approvals.ts';
import { countOf, type Message, nameAndId, quoted, quotedEnd, shorten } from './message.ts';
import type { NoticeContent, UnpaidPayday } from './noticeContent.ts';

type ManagerContent = Extract<NoticeContent, { kind: `manager.${string}` }>;

/** What managers read: what happened, and which command is for it. */
export function managerMessage(content: ManagerContent, display: DisplayContext): Message {
  switch (content.kind) {
    case 'manager.quarantined':
      return quarantined(content.data);
    case 'manager.webhook_parked':
      return webhookParked(content.data);
    case 'manager.unreached':
      return unreached(content.data);
    case 'manager.codes_guessed':
      return codesGuessed(content.data);
    case 'manager.appointed':
      return appointed(content.data);
    case 'manager.approval_asked':
      return approvalMessage(content.data, display);
    case 'manager.overdue':
      return overdue(content.data, display);
    case 'manager.paydays_unpaid':
      return paydaysUnpaid(content.data, display);
    case 'manager.review_opened':
      return reviewOpened(content.data, display);
    case 'manager.day_sealed':
      return daySealed(content.data);
  }
}

type DataOfKind<K extends NoticeContent['kind']> = Extract<NoticeContent, { kind: K }>['data'];

function quarantined(data: DataOfKind<'manager.quarantined'>): Message {
  return {
    title: `Event ${data.eventId} is in quarantine`,
    paragraphs: [
      `This ${typeOf(data.type)} event could not be applied and has no effect until it is: ${quotedEnd(data.error, 1_000)}`,
      'Other events go on. Put the cause right, then replay it; one that waits for another takes effect by itself when that arrives. To have it count for nothing: /dismiss ID REASON',
    ],
    buttons: [
      [
        { label: `Replay ${shorten(data.eventId, 40)}`, command: `/replay ${data.eventId}` },
        { label: 'Quarantine', command: '/quarantine' },
      ],
    ],
  };
}

/** The type of an event is the sender's own text; those that we know are plain. */
function typeOf(type: string): string {
  return EVENT_TYPES.some((known) => known === type) ? type : quoted(type, 100);
}

function webhookParked(data: DataOfKind<'manager.webhook_parked'>): Message {
  const { webhookId, type, attempts } = data;
  return {
    title: `Webhook ${shorten(webhookId, 140)} is parked`,
    paragraphs: [
      `The platform has not taken this ${type} webhook in ${attempts === 1 ? 'one try' : `${attempts} tries`}: ${quotedEnd(data.error)} It is not sent again by itself.`,
      'Until it is, the platform does not know of it. See that its receiver works, then replay it.',
    ],
    buttons: [[{ label: `Replay ${shorten(webhookId, 40)}`, command: `/replay ${webhookId}` }]],
  };
}

function unreached(data: DataOfKind<'manager.unreached'>): Message {
  const { accountId, name, role, hasChat } = data;
  const why = hasChat ? 'no chat of theirs takes a message of ours any more' : 'they have linked no chat';
  return {
    title: `Out of reach: ${nameAndId(name, accountId)}`,
    paragraphs: [
      `There is something to tell this ${role}, and ${why}. Invoices fall due, and orders expire, all the same.`,
      'The platform is told, too. Ask them to link a chat: they get a code in their account on the platform.',
    ],
    buttons: [
      role === 'model'
        ? [{ label: `Model ${shorten(accountId, 40)}`, command: `/model ${accountId}` }]
        : [{ label: 'Health', command: '/health' }],
    ],
  };
}

function codesGuessed({ atLeast }: DataOfKind<'manager.codes_guessed'>): Message {
  return {
    title: 'Somebody is guessing codes that link chats',
    paragraphs: [
      `At least ${atLeast} codes that are none were tried within an hour. That hardly ever finds one: a code has ten characters, and works once, for 15 minutes.`,
      'Trying is slowed until it stops: each chat has two tries in fifteen minutes, and all chats together ten a second. People with a right code link as ever; one who mistypes twice waits.',
      'There is nothing to do. If people complain, the metric settlebot_wrong_link_codes_total shows how long it goes on.',
    ],
    buttons: [[{ label: 'Health', command: '/health' }]],
  };
}

function appointed({ accountId, name, isManager, by }: DataOfKind<'manager.appointed'>): Message {
  const who = nameAndId(name, accountId);
  return {
    title: isManager ? `New manager: ${who}` : `No longer a manager: ${who}`,
    paragraphs: [
      isManager
        ? 'They can now do everything that managers do, once a chat is linked to their account.'
        : 'They can do nothing more of what managers do, in any chat.',
      `By ${quotedEnd(by, 1_000)}`,
      'If that is not meant, the owner of the service can set the role back: PUT /v1/accounts/{id}/role.',
    ],
    buttons: [],
  };
}

function overdue(data: DataOfKind<'manager.overdue'>, { timeZone, currency }: DisplayContext): Message {
  const { invoiceId, modelId, name, week, total, dueAt } = data;
  return {
    title: `Overdue: ${nameAndId(name, modelId)}, ${formatMoney(total, currency)}`,
    paragraphs: [
      `Invoice ${invoiceId} for the week ${formatWeek(week)} was due by ${formatInstant(dueAt, timeZone)} and is not paid. The model is told, and what the policy says follows by itself.`,
      'All that is overdue: /overdue. How often you hear of this: /settings overdue at-once, daily, weekly or never.',
    ],
    buttons: [
      [
        { label: 'Overdue', command: '/overdue' },
        { label: `Model ${shorten(modelId, 40)}`, command: `/model ${modelId}` },
      ],
    ],
  };
}

const PAYDAYS_NAMED = 6;

function paydaysUnpaid({ paydays }: DataOfKind<'manager.paydays_unpaid'>, { currency }: DisplayContext): Message {
  const [oldest] = paydays;
  const named = paydays.slice(0, PAYDAYS_NAMED);
  const more = paydays.length - named.length;
  const total = formatMoney(sum(paydays.map((one) => one.total)), currency);
  const isOne = paydays.length === 1;
  return {
    title:
      isOne && oldest ? `Payday ${formatDate(oldest.payday)} is not paid` : `${paydays.length} paydays are not paid`,
    paragraphs: [
      `${isOne ? 'It has' : 'They have'} passed, and ${total} ${isOne ? 'of it is' : 'of them is'} still to be paid.`,
      'When a transfer is made, send: /settle ID REFERENCE. Or the platform tells us.',
    ],
    facts: named.map((one) => [formatDate(one.payday), stateOf(one, currency)]),
    ...(more > 0 ? { footer: `And ${more} later.` } : {}),
    buttons: [named.slice(0, 3).map(({ payday }) => ({ label: `Cycle ${payday}`, command: `/cycle ${payday}` }))],
  };
}

function stateOf({ due, processing, total }: UnpaidPayday, currency: string): string {
  const parts = [
    ...(due > 0 ? [`${countOf(due, 'payout')} to settle`] : []),
    ...(processing > 0 ? [`${processing} on ${processing === 1 ? 'its' : 'their'} way`] : []),
  ];
  return `${parts.join(', ')}, ${formatMoney(total, currency)}`;
}

/** Its title has the anchor, because a digest of several days names them by their titles. */
function daySealed({ day, number, hash }: DataOfKind<'manager.day_sealed'>): Message {
  const anchor = `${number}:${hash}`;
  return {
    title: `Sealed ${day}: ${anchor}`,
    paragraphs: [
      'This is the last seal of that day (UTC). Whoever changes what was written until then, or takes it away, contradicts it.',
      `Nothing to do; this message keeps it where nobody who can write to the database reaches it. To compare: settlebot verify --anchor ${anchor}`,
      'How often you hear of this: /settings seals at-once, daily, weekly or never.',
    ],
    buttons: [],
  };
}

function reviewOpened(data: DataOfKind<'manager.review_opened'>, { currency }: DisplayContext): Message {
  return {
    title: `Termination review: ${nameAndId(data.name, data.modelId)}`,
    paragraphs: [
      `Invoices keep going overdue, or one has stayed unpaid for long: ${countOf(data.overdueCount, 'invoice')} overdue now, ${formatMoney(data.overdueTotal, currency)} in all.`,
      'Nothing happens by itself. Look at the model, then decide: /terminate MODEL REASON ends the partnership, /keep MODEL REASON closes the review.',
    ],
    buttons: [
      [
        { label: `Model ${shorten(data.modelId, 40)}`, command: `/model ${data.modelId}` },
        { label: 'Review', command: '/review' },
      ],
    ],
  };
}
