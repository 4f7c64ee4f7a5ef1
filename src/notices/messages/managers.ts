import type { ManagerChange } from '../../accounts/roles.ts';
import type { Role } from '../../events/catalogue.ts';
import type { WeekId } from '../../kernel/calendar.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Notice, NoticeContent, UnpaidPayday } from './noticeContent.ts';

/** Notices to managers about quarantined events (docs/integration.md): one to each, and one more after a replay. */
export function quarantineNotices(
  managerIds: string[],
  events: { eventId: string; type: string; replays: number; error: string }[],
  now: Date,
): Notice[] {
  return events.flatMap(({ replays, ...event }) =>
    managerIds.map((accountId) => ({
      key: `event:${event.eventId}:quarantined:${replays === 0 ? '' : `${replays}:`}${accountId}`,
      accountId,
      kind: 'manager.quarantined' as const,
      data: event,
      urgent: false,
      at: now,
    })),
  );
}

/** Notices to managers about webhooks to the platform that were given up (docs/integration.md): one to each, each time. */
export function parkedNotices(
  managerIds: string[],
  webhook: { webhookId: string; type: string; error: string; attempts: number; replays: number },
  now: Date,
): Notice[] {
  const { webhookId, type, error, attempts, replays } = webhook;
  return managerIds.map((accountId) => ({
    key: `webhook:${webhookId}:parked:${replays}:${accountId}`,
    accountId,
    kind: 'manager.webhook_parked' as const,
    data: { webhookId, type, error, attempts },
    urgent: false,
    at: now,
  }));
}

/** Managers are told of each invoice that went overdue (rules 3); once it is paid, that is moot. `subject` is the invoice's. */
export function overdueNotices(
  managerIds: string[],
  invoice: { invoiceId: string; modelId: string; name: string; week: WeekId; total: MinorUnits; dueAt: Date },
  { subject, at }: { subject: string; at: Date },
): Notice[] {
  return managerIds.map((accountId) => ({
    key: `invoice:${invoice.invoiceId}:overdue:${accountId}`,
    ...{ accountId, subject, at, urgent: false },
    kind: 'manager.overdue' as const,
    data: invoice,
  }));
}

/** Managers are told of paydays that have passed and are not paid (rules 3, 6.4), on one day at most once. */
export function unpaidPaydaysNotices(managerIds: string[], paydays: UnpaidPayday[], day: string, at: Date): Notice[] {
  return managerIds.map((accountId) => ({
    key: `paydays:unpaid:${day}:${accountId}`,
    ...{ accountId, at, urgent: false },
    kind: 'manager.paydays_unpaid' as const,
    data: { paydays },
  }));
}

/** Managers are told of each payout that came back after it was paid (rules 6.9); who said so has had the answer. */
export function payoutReturnedNotices(
  managerIds: string[],
  data: Extract<NoticeContent, { kind: 'manager.payout_returned' }>['data'],
  { actor, at }: { actor: string; at: Date },
): Notice[] {
  return managerIds.map((accountId) => ({
    key: `payout:${data.payoutId}:returned:${accountId}`,
    ...{ accountId, actor, at, urgent: false },
    kind: 'manager.payout_returned' as const,
    data,
  }));
}

/** What managers are told of people whom nothing reaches (rules 2.9): each of them, once. */
export function unreachedNotices(
  managerIds: string[],
  people: { accountId: string; name: string; role: Role; hasChat: boolean; since: Date }[],
): Notice[] {
  return people.flatMap(({ since, ...person }) =>
    managerIds.map((managerId) => ({
      key: `account:${person.accountId}:unreached:${since.toISOString()}:${managerId}`,
      accountId: managerId,
      kind: 'manager.unreached' as const,
      data: person,
      urgent: false,
      at: since,
    })),
  );
}

/** Managers are told once for each time that somebody begins to guess codes. */
export function codesGuessedNotices(managerIds: string[], atLeast: number, now: Date): Notice[] {
  return managerIds.map((accountId) => ({
    key: `codes:guessed:${now.toISOString()}:${accountId}`,
    ...{ accountId, at: now, urgent: false },
    kind: 'manager.codes_guessed' as const,
    data: { atLeast },
  }));
}

/** Managers are told of each day's last seal, so that somebody has it outside of the database. */
export function daySealedNotices(
  managerIds: string[],
  anchor: { day: string; number: number; hash: string },
  now: Date,
): Notice[] {
  const { day, number, hash } = anchor;
  return managerIds.map((accountId) => ({
    key: `seals:${day}:${accountId}`,
    ...{ accountId, at: now, urgent: false },
    kind: 'manager.day_sealed' as const,
    data: { day, number, hash },
  }));
}

/**
 * What the managers are told of a new one, and of one who is none any more. Who has become one has nothing to be told about it
 * here.
 */
export function appointmentNotices(managerIds: string[], changes: ManagerChange[], now: Date): Notice[] {
  return changes.flatMap(({ key, ...change }) =>
    managerIds
      .filter((managerId) => managerId !== change.accountId)
      .map((managerId) => ({
        key: `account:${change.accountId}:manager:${change.isManager ? 'given' : 'withdrawn'}:${key}:${managerId}`,
        ...{ accountId: managerId, urgent: true, at: now },
        kind: 'manager.appointed' as const,
        data: change,
      })),
  );
}
