import { awaitAll } from '../../src/kernel/wait.ts';
import type { Command, Fact, ModelInvoice, Outcome, Phase } from '../support/model.ts';
import { outboxOf } from '../support/outbox.ts';
import type { World } from '../support/world.ts';
import type { History } from './history.ts';

/** How the phases' facts are handed over: in portions, each of which is applied before the next comes. */
export type Delivery = (facts: Fact[]) => Fact[][];

/** How a step is done until it is done, whatever breaks meanwhile. */
export type Insist = (step: () => Promise<unknown>) => Promise<void>;

export const inOrder: Delivery = (facts) => [facts];
export const once: Insist = async (step) => {
  await step();
};

/** Lets a history happen to the service, on an empty database. */
export async function play(world: World, history: History, deliver = inOrder, insist = once): Promise<void> {
  await world.reset(history.phases[0]?.at ?? history.end, history.zone);
  await link(world);
  for (const phase of history.phases) {
    await insist(() => world.travelTo(phase.at));
    for (const portion of deliver(phase.facts)) {
      await insist(() => receiveAll(world, portion));
      await insist(() => world.drain());
    }
    await obey(world, phase, insist);
  }
  await insist(() => world.travelTo(history.end));
  // What the repair of a running service does every minute.
  await insist(() => world.core.invoicing.invoices.reconcile());
}

/** A sender repeats what was not acknowledged; what comes again must be known as the same. */
export async function receiveAll(world: World, facts: Fact[]): Promise<void> {
  await awaitAll(facts.map((fact) => world.receive(fact)));
}

async function obey(world: World, phase: Phase, insist: Insist): Promise<void> {
  for (const { kind, invoiceId } of phase.commands) {
    const now = new Date(phase.at);
    await insist(() => ACTS[kind](world.core.invoicing.invoices, invoiceId, now));
  }
}

const BY = { actor: 'ops', reason: 'a mistake' };
const ACTS: {
  [K in Command['kind']]: (
    invoices: World['core']['invoicing']['invoices'],
    id: string,
    now: Date,
  ) => Promise<{ kind: string }>;
} = {
  pay: (invoices, id, now) => invoices.pay(id, { actor: 'ops' }, now),
  payOutside: (invoices, id, now) => invoices.payOutside(id, { actor: 'ops', reference: 'SEPA 1' }, now),
  void: (invoices, id, now) => invoices.void(id, BY, now),
  writeOff: (invoices, id, now) => invoices.writeOff(id, BY, now),
  writeOffPaying: (invoices, id, now) => invoices.writeOff(id, { ...BY, payContractors: true }, now),
};

/** Everybody has a chat, so that notices leave traces. */
async function link({ linked }: World): Promise<void> {
  for (const [index, accountId] of ['M0', 'M1'].entries()) await linked(accountId, 'telegram', index);
}

/** The state after a history, as the model tells it. */
export async function outcomeOf(world: World): Promise<Outcome> {
  const stored = await world
    .collection('invoices')
    .find({ status: { $ne: 'skipped' } } as object)
    .toArray();
  const invoices: Record<string, ModelInvoice> = {};
  const members: Record<string, string[]> = {};
  for (const { _id } of stored) {
    const invoice = await world.core.invoicing.invoices.get(_id, new Date(0));
    if (invoice === null) continue;
    const { voidReason: _v, writtenOffAt: _a, writeOffReason: _w, contractorsPaid: _c, ...others } = invoice;
    const { reference: _r, paidAt: _p, status, ...rest } = others;
    invoices[_id] = {
      ...rest,
      status: status === 'overdue' ? 'open' : status,
      issuedAt: invoice.issuedAt.toISOString(),
      dueAt: invoice.dueAt.toISOString(),
      completedAt: invoice.completedAt?.toISOString() ?? null,
    };
    members[_id] = await membersOf(world, _id);
  }
  return { invoices, members, balances: await balancesOf(world), applied: await appliedOf(world) };
}

async function membersOf({ collection }: World, invoiceId: string): Promise<string[]> {
  const invoice = (await collection('invoices').findOne({ _id: invoiceId })) as { membersKey?: string } | null;
  const pages = await collection('invoice_members')
    .find({ key: invoice?.membersKey } as object)
    .toArray();
  return pages.flatMap((page) => (page as unknown as { transactionIds: string[] }).transactionIds).sort();
}

async function balancesOf({ collection }: World): Promise<Record<string, number>> {
  const rows = await collection('ledger_entries')
    .aggregate<{ _id: string; amount: number }>([
      { $unwind: '$postings' },
      { $group: { _id: '$postings.account', amount: { $sum: '$postings.amount' } } },
    ])
    .toArray();
  return Object.fromEntries(rows.filter(({ amount }) => amount !== 0).map(({ _id, amount }) => [_id, amount]));
}

async function appliedOf({ collection }: World): Promise<string[]> {
  const found = await collection('events')
    .find({ status: 'applied' } as object)
    .toArray();
  return found.map(({ _id }) => _id).sort();
}

/**
 * What the outbox was told of invoices, in no order. That a top-up was too little is said once for each top-up, but told
 * again by a later event it finds other invoices unpaid.
 */
export async function noticesOf({ collection }: World): Promise<string[]> {
  const told = await outboxOf(collection);
  return told
    .map(({ _id }) => _id)
    .filter((key) => key.startsWith('invoice:'))
    .sort();
}
