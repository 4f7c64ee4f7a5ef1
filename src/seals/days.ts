import { type SealHead, type SealStore, WITHOUT_PARTS } from './store.ts';

/** The last seal of each day that has one and lies between two days, in their order. */
export async function* lastSeals(store: SealStore, after: string, before: string): AsyncGenerator<SealHead> {
  for (let from = after; ; ) {
    const next = await store.findOne({ day: { $gt: from, $lt: before } }, { sort: { day: 1 }, projection: { day: 1 } });
    if (next === null) return;
    from = next.day;
    const seal = await lastOf(store, from);
    if (seal !== null) yield seal;
  }
}

/** The last seal of a day, up to now. */
export function lastOf(store: SealStore, day: string): Promise<SealHead | null> {
  return store.findOne({ day }, { sort: { _id: -1 }, projection: WITHOUT_PARTS });
}

export type Days = ReturnType<typeof createDays>;

/** The days that are over, as they are proven in every later seal. They are asked for again and again, and never change. */
export function createDays(store: SealStore) {
  let known: { day: string; hash: string }[] = [];

  /** All days before one, in their order, each with the hash of its last seal. */
  async function before(day: string): Promise<{ day: string; hash: string }[]> {
    const last = known.at(-1);
    // Another database is there, or an older one.
    if (last !== undefined && (await lastOf(store, last.day))?.hash !== last.hash) known = [];
    const more: typeof known = [];
    for await (const seal of lastSeals(store, known.at(-1)?.day ?? '', day))
      more.push({ day: seal.day, hash: seal.hash });
    known = [...known, ...more];
    return known.filter((one) => one.day < day);
  }

  return { before };
}

/** The roots of a day's seals, in their order, up to one of them. */
export async function rootsOf(store: SealStore, day: string, through = Number.MAX_SAFE_INTEGER): Promise<string[]> {
  const seals = await store
    .find({ day, _id: { $lte: through } }, { projection: { root: 1 }, sort: { _id: 1 } })
    .toArray();
  return seals.map(({ root }) => root);
}
