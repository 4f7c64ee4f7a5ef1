import { chatsOf } from '../commands/world.ts';
import { tell } from '../support/events.ts';
import { createWorld, PLATFORM, type PolicyChanges, throwIt, type World } from '../support/world.ts';

/** The invoices of the week 2-8 March are issued on Monday the 9th, and due on Thursday the 12th at 06:00. */
const DUE = '2026-03-12T06:00:00Z';
export const WEEK = '2026-W10';
/** Everything of it is the contractor's. */
export const TOTAL = 4_100;

export type PromiseWorld = Awaited<ReturnType<typeof createPromiseWorld>>;
type Chats = Awaited<ReturnType<typeof chatsOf>>;

/** A business whose models may promise, and what they owe: everything comes of events, so that `verify` has nothing to say. */
export async function createPromiseWorld(policy: PolicyChanges = {}, processes = 1) {
  const world = await createWorld({
    processes,
    startsAt: '2026-03-02T00:00:00Z',
    environment: PLATFORM,
    policy: { ...policy, promises: { enabled: true, ...policy.promises } },
    onError: throwIt,
  });
  const linkedChats = new Map<string, Chats>();
  let topUps = 0;

  /** The past: managers, contractors, and models who each owe so much for the week. Ends on the 12th, when they are overdue. */
  async function begin(
    owing: Record<string, number>,
    { more = {}, linked = [] }: { more?: Record<string, Record<string, unknown>>; linked?: string[] } = {},
  ) {
    await world.send(
      tell.account('boss', 'manager'),
      tell.account('con', 'marketer'),
      ...Object.entries(owing).flatMap(([id, total]) => owes(id, total, '2026-03-03T00:00:00Z', more[id])),
    );
    for (const accountId of linked) await chats(accountId);
    await world.travelTo(DUE);
  }

  function owes(id: string, total: number, paidAt: string, more: Record<string, unknown> = {}) {
    return [
      tell.account(id, 'model', more),
      tell.campaign(`camp-${id}`, id, 'con', 10_000),
      tell.payment(`${id}-${paidAt.slice(0, 10)}`, total, paidAt, { campaignId: `camp-${id}` }),
    ];
  }

  /** The chats of somebody, linked at the first time. */
  async function chats(accountId: string): Promise<Chats> {
    const known = linkedChats.get(accountId) ?? (await chatsOf(world, accountId, 7_001 + linkedChats.size));
    linkedChats.set(accountId, known);
    return known;
  }

  /** Money comes in, and everything unpaid is tried. */
  async function pays(accountId: string, amount: number): Promise<void> {
    topUps += 1;
    await world.send(tell.topUp(`money-${topUps}`, accountId, amount));
  }

  const standing = (id: string) => world.core.standing.standings.standing(id, world.clock.now());
  const trust = async (id: string) =>
    (await world.core.standing.standings.trust(id, world.clock.now())).map(
      ({ cause, change, at }) => `${cause} ${change} ${at.toISOString().slice(0, 16)}`,
    );
  const balance = (account: string) => world.core.ledger.balance(account);
  const make = (id: string, terms: Parameters<World['core']['promises']['make']>[1]) =>
    world.core.promises.make(`${WEEK}:${id}`, terms, { actor: 'ops' }, world.clock.now());
  /** The types of what the platform was told of a model since the invoice was issued, in order. */
  const told = async (id: string) =>
    (await world.webhooks())
      .filter(({ subject }) => subject === `model:${id}`)
      .map(({ type }) => type)
      .reverse();

  return {
    ...world,
    // Read when they are asked for: a restart makes others.
    get core() {
      return world.core;
    },
    get processes() {
      return world.processes;
    },
    ...{ begin, chats, pays, standing, trust, balance, make, told },
  };
}
