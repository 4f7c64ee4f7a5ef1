import type { NoticeStore } from '../store.ts';

const COUNTED = ['due', 'sending', 'unconfirmed', 'undeliverable', 'failed'] as const;

/** How many deliveries, of all channels, are on their way or did not arrive; what was sent is not counted. */
export async function noticeCounts(store: NoticeStore): Promise<Record<(typeof COUNTED)[number], number>> {
  const found = await Promise.all(
    COUNTED.map((state) => store.countDocuments({ channel: { $in: ['telegram', 'discord'] }, state })),
  );
  const [due = 0, sending = 0, unconfirmed = 0, undeliverable = 0, failed = 0] = found;
  return { due, sending, unconfirmed, undeliverable, failed };
}
