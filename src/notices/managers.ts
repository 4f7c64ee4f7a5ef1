import type { Notice } from './notice.ts';

/** What managers are told when events went into quarantine (contract 2): each of them, once for each event. */
export function quarantineNotices(
  managerIds: string[],
  events: { eventId: string; type: string; error: string }[],
  now: Date,
): Notice[] {
  return events.flatMap((event) =>
    managerIds.map((accountId) => ({
      key: `event:${event.eventId}:quarantined:${accountId}`,
      accountId,
      kind: 'manager.quarantined' as const,
      data: event,
      urgent: false,
      at: now,
    })),
  );
}
