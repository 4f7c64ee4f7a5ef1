import type { Texts } from '../../src/privacy/texts.ts';

type Stored = {
  _id: string;
  accountId: string;
  order: number;
  actor?: string;
  content: { kind: string; data: object };
};

/** How a test reaches a collection of the service's. */
export type Collections = (name: string) => {
  find(filter: object): { toArray(): Promise<unknown[]> };
};

const AS_STORED: Pick<Texts, 'reveal'> = { reveal: async (_collection, documents) => [...documents] };

/**
 * What people are told, in its order: deliveries, and what waits, or waited in vain, for the morning or for others of its kind, as the
 * delivery that it would become now. Read as it is stored, without the product's types, unless `texts` reveal it.
 */
export async function outboxOf(
  collection: Collections,
  filter: object = {},
  { reveal }: Pick<Texts, 'reveal'> = AS_STORED,
): Promise<Stored[]> {
  const [deliveries, waiting, links] = await Promise.all([
    collection('notice_deliveries').find(filter).toArray() as Promise<Stored[]>,
    collection('waiting_notices')
      .find({ ...filter, state: { $in: ['waiting', 'moot'] } })
      .toArray() as Promise<Stored[]>,
    collection('chat_links').find({}).toArray() as Promise<
      { _id: string; accountId: string; channel: string; ref: string }[]
    >,
  ]);
  const toBe = (await reveal('waiting_notices', waiting)).flatMap((notice) =>
    links
      .filter(({ accountId }) => accountId === notice.accountId)
      .filter(({ channel, ref }) => notice.actor?.endsWith(` via ${channel}:${ref}`) !== true)
      .map(({ _id }) => ({ ...notice, _id: `${notice._id}>${_id}` })),
  );
  return [...(await reveal('notice_deliveries', deliveries)), ...toBe].sort((a, b) => a.order - b.order);
}

/** What one person is told in one chat: `key>chat`. */
export async function toldOf(collection: Collections, id: string): Promise<Stored | undefined> {
  return (await outboxOf(collection)).find(({ _id }) => _id === id);
}
