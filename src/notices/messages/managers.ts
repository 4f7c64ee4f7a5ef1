import type { ManagerChange } from '../../accounts/roles.ts';
import type { Role } from '../../events/catalogue.ts';
import type { WeekId } from '../../kernel/calendar.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { Notice, UnpaidPayday } from './noticeContent.ts';

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

/** This many webhooks given up within an hour are reported one by one; the others of that hour together. */
const ONE_BY_ONE = 5;

/**
 * Notices to managers about webhooks to the platform that were given up (docs/integration.md): one to each, each time.
 * After a day without the platform thousands are given up, and nobody reads thousands of messages.
 */
export function parkedNotices(
  managerIds: string[],
  webhook: { webhookId: string; type: string; error: string; attempts: number; replays: number; lately: number },
  now: Date,
): Notice[] {
  const { webhookId, type, error, attempts, replays, lately } = webhook;
  const isOneOfMany = lately >= ONE_BY_ONE;
  const cause = isOneOfMany
    ? `webhooks:parked:${now.toISOString().slice(0, HOUR)}`
    : `webhook:${webhookId}:parked:${replays}`;
  return managerIds.map((accountId) => ({
    key: `${cause}:${accountId}`,
    accountId,
    kind: 'manager.webhook_parked' as const,
    data: { webhookId, type, error, attempts, isOneOfMany },
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

/** What managers are told of people whom nothing reaches (rules 2.9): each of them, once; of many in an hour together. */
export function unreachedNotices(
  managerIds: string[],
  people: { accountId: string; name: string; role: Role; hasChat: boolean; since: Date }[],
  lately: number,
): Notice[] {
  return people.flatMap(({ since, ...person }, index) => {
    const isOneOfMany = lately - people.length + index >= ONE_BY_ONE;
    const cause = isOneOfMany
      ? `accounts:unreached:${since.toISOString().slice(0, HOUR)}`
      : `account:${person.accountId}:unreached:${since.toISOString()}`;
    return managerIds.map((managerId) => ({
      key: `${cause}:${managerId}`,
      accountId: managerId,
      kind: 'manager.unreached' as const,
      data: { ...person, isOneOfMany },
      urgent: false,
      at: since,
    }));
  });
}

/**
 * What the managers are told of a new one, and of one who is none any more: each of them at once, and of more than a few
 * together all others in one message. Who has become one has nothing to be told about it here.
 */
export function appointmentNotices(managerIds: string[], changes: ManagerChange[], now: Date): Notice[] {
  return changes.flatMap(({ key, ...change }, index) => {
    const isOneOfMany = index >= ONE_BY_ONE;
    const cause = isOneOfMany
      ? `managers:changed:${now.toISOString().slice(0, HOUR)}`
      : `account:${change.accountId}:manager:${change.isManager ? 'given' : 'withdrawn'}:${key}`;
    return managerIds
      .filter((managerId) => managerId !== change.accountId)
      .map((managerId) => ({
        key: `${cause}:${managerId}`,
        accountId: managerId,
        kind: 'manager.appointed' as const,
        data: { ...change, isOneOfMany },
        urgent: true,
        at: now,
      }));
  });
}

/** As long as an instant is up to its hour. */
const HOUR = '2026-11-23T06'.length;
