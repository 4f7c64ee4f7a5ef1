import type { Channel } from '../../accounts/account.ts';
import { sum } from '../../kernel/money.ts';
import type { NoticeStore, WaitingStore } from '../store.ts';

const COUNTED = ['due', 'sending', 'unconfirmed', 'undeliverable', 'failed'] as const;
type Counted = Record<(typeof COUNTED)[number], number>;

/** Deliveries that are on their way or did not arrive, of all channels and of each, and notices that wait for their time. */
export type NoticeCounts = Counted & { waiting: number; byChannel: Record<Channel, Counted> };

/** How many deliveries are on their way or did not arrive, and how many notices wait; what was sent is not counted. */
export async function noticeCounts(store: NoticeStore, waitingStore: WaitingStore): Promise<NoticeCounts> {
  const [waiting, telegram, discord] = await Promise.all([
    waitingStore.countDocuments({ state: 'waiting' }),
    countsOf(store, 'telegram'),
    countsOf(store, 'discord'),
  ]);
  return { ...together([telegram, discord]), waiting, byChannel: { telegram, discord } };
}

async function countsOf(store: NoticeStore, channel: Channel): Promise<Counted> {
  const counts = await Promise.all(COUNTED.map((state) => store.countDocuments({ channel, state })));
  const [due = 0, sending = 0, unconfirmed = 0, undeliverable = 0, failed = 0] = counts;
  return { due, sending, unconfirmed, undeliverable, failed };
}

function together(channels: Counted[]): Counted {
  const of = (state: keyof Counted) => sum(channels.map((counts) => counts[state]));
  return {
    ...{ due: of('due'), sending: of('sending'), unconfirmed: of('unconfirmed') },
    ...{ undeliverable: of('undeliverable'), failed: of('failed') },
  };
}
