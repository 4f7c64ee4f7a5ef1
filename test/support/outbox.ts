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

/**
 * What people are told, in its order: deliveries, and what waits, or waited in vain, for the morning or for others of its kind, as the
 * delivery that it would become now. Read as it is stored, without the product's types.
 */
export async function outboxOf(collection: Collections, filter: object = {}): Promise<Stored[]> {
  const [deliveries, waiting, links] = await Promise.all([
    collection('notice_deliveries').find(filter).toArray() as Promise<Stored[]>,
    collection('waiting_notices')
      .find({ ...filter, state: { $in: ['waiting', 'moot'] } })
      .toArray() as Promise<Stored[]>,
    collection('chat_links').find({}).toArray() as Promise<
      { _id: string; accountId: string; channel: string; ref: string }[]
    >,
  ]);
  const toBe = waiting.flatMap((notice) =>
    links
      .filter(({ accountId }) => accountId === notice.accountId)
      .filter(({ channel, ref }) => notice.actor?.endsWith(` via ${channel}:${ref}`) !== true)
      .map(({ _id }) => ({ ...notice, _id: `${notice._id}>${_id}` })),
  );
  return [...deliveries, ...toBe].sort((a, b) => a.order - b.order);
}

/** What one person is told in one chat: `key>chat`. */
export async function toldOf(collection: Collections, id: string): Promise<Stored | undefined> {
  return (await outboxOf(collection)).find(({ _id }) => _id === id);
}
