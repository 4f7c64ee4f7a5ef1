import type { NoticeStore, WaitingStore } from '../store.ts';

const COUNTED = ['due', 'sending', 'unconfirmed', 'undeliverable', 'failed'] as const;

/** How many deliveries, of all channels, are on their way or did not arrive, and how many notices wait; what was sent is not counted. */
export async function noticeCounts(
  store: NoticeStore,
  waitingStore: WaitingStore,
): Promise<Record<(typeof COUNTED)[number] | 'waiting', number>> {
  const [waiting, ...found] = await Promise.all([
    waitingStore.countDocuments({ state: 'waiting' }),
    ...COUNTED.map((state) => store.countDocuments({ channel: { $in: ['telegram', 'discord'] }, state })),
  ]);
  const [due = 0, sending = 0, unconfirmed = 0, undeliverable = 0, failed = 0] = found;
  return { due, sending, unconfirmed, undeliverable, failed, waiting };
}
