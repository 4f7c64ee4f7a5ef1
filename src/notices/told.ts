import type { Channel } from '../accounts/account.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { Texts } from '../privacy/texts.ts';
import type { NoticeContent } from './messages/noticeContent.ts';
import {
  DELIVERIES,
  type DeliveryDocument,
  type DeliveryState,
  type NoticeStore,
  WAITING,
  type WaitingDocument,
  type WaitingStore,
} from './store.ts';

/** `unconfirmed`: nobody knows whether it has arrived. */
export type ToldState = 'waiting' | 'delivered' | 'unconfirmed' | 'failed';

/** Something that a person is told: in one of their chats, or in none yet. */
export type Told = {
  messageId: string;
  content: NoticeContent;
  /** When it happened. */
  at: Date;
  channel: Channel | null;
  state: ToldState;
  deliveredAt: Date | null;
  /** Why it has not arrived, as the channel says; without the numbers by which it names chats and people. */
  error: string | null;
};

const STATES: Record<Exclude<DeliveryState, 'moot'>, ToldState> = {
  due: 'waiting',
  sending: 'waiting',
  sent: 'delivered',
  unconfirmed: 'unconfirmed',
  undeliverable: 'failed',
  failed: 'failed',
};

/** What people were told, and are to be told. What became moot before it was sent is nothing that they were told. */
export function createTold(deps: { store: NoticeStore; waitingStore: WaitingStore; texts: Texts }) {
  /**
   * The newest first. The cursor is the place of the last one and how many of that place were given: a notice to several chats has
   * one place.
   */
  return async function told({ accountId, limit, after }: PageRequest & { accountId: string }): Promise<Page<Told>> {
    const [place, given] = cursorIn(after);
    const upTo = place === null ? {} : { order: { $lte: place } };
    const wanted = { limit: limit + given + 1, sort: { order: -1 as const } };
    const [sent, waiting] = await Promise.all([
      deps.store.find({ accountId, ...upTo, state: { $ne: 'moot' } }, wanted).toArray(),
      deps.waitingStore.find({ accountId, ...upTo, state: 'waiting' }, wanted).toArray(),
    ]);
    const rows: Row[] = [...sent.map(deliveryRow), ...waiting.map(waitingRow)]
      .sort((a, b) => b.document.order - a.document.order)
      .slice(given);
    const shown = rows.slice(0, limit);
    const last = shown.at(-1);
    const items = await Promise.all(shown.map(legible));
    return {
      items,
      next: rows.length > limit && last !== undefined ? cursorAfter(last, rows, limit, place, given) : null,
    };
  };

  async function legible(row: Row): Promise<Told> {
    const { content } =
      row.from === DELIVERIES
        ? await deps.texts.revealOne(DELIVERIES, row.document)
        : await deps.texts.revealOne(WAITING, row.document);
    return { ...row.told, content };
  }
}

type Row = { told: Omit<Told, 'content'> } & (
  | { from: typeof DELIVERIES; document: DeliveryDocument }
  | { from: typeof WAITING; document: WaitingDocument }
);

function deliveryRow(document: DeliveryDocument): Row {
  const { _id, channel, userId, at, state, sentAt, error } = document;
  const outcome = state === 'moot' ? 'failed' : STATES[state];
  return {
    from: DELIVERIES,
    document,
    told: {
      // Its chat is no concern of whoever reads the list.
      messageId: `${_id.slice(0, -`>${channel}:${userId}`.length)}>${channel}`,
      ...{ at, channel, state: outcome, deliveredAt: sentAt ?? null },
      error: outcome === 'delivered' || error === undefined ? null : error.replaceAll(LONG_NUMBER, '…'),
    },
  };
}

function waitingRow(document: WaitingDocument): Row {
  const told = { at: document.at, channel: null, state: 'waiting' as const, deliveredAt: null, error: null };
  return { from: WAITING, document, told: { messageId: document._id, ...told } };
}

const LONG_NUMBER = /-?\d{4,}/g;

function cursorIn(after: string | undefined): [place: number | null, given: number] {
  const [, place, given] = /^(\d{1,17}(?:\.\d{1,6})?)-(\d{1,3})$/.exec(after ?? '') ?? [];
  return place === undefined ? [null, 0] : [Number(place), Number(given)];
}

function cursorAfter({ document: { order } }: Row, rows: Row[], limit: number, place: number | null, given: number) {
  const same = rows.slice(0, limit).filter((row) => row.document.order === order).length;
  return `${order}-${same + (order === place ? given : 0)}`;
}
