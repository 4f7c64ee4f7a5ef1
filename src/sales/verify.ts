import type { mongo } from 'mongoose';

import type { DataOf, EventType } from '../events/catalogue.ts';
import type { AppliedChecks, AppliedEvent, ToldEvents } from '../events/toldEvent.ts';
import { type FactCollection, type StoredFact, verifyApplied, verifyFacts, wordOf } from '../events/verifyFacts.ts';
import { significant } from './recordFacts.ts';
import type { createSalesStore, StoredProgram } from './store.ts';

type Store = ReturnType<typeof createSalesStore>;

/**
 * Compares the facts of what fans bought with the events that told them, in both directions: `facts` answers a line for
 * each that no event tells so, `applied` for each event that left no such fact.
 */
export function createSalesVerification(store: Store) {
  const subscriptions = collectionOf(
    'subscriptions',
    'subscription.started',
    store.subscriptions,
    ({ subscriptionId, ...rest }) => [subscriptionId, rest],
    ['trialEndsAt'],
  );
  const cancellations = collectionOf(
    'cancellations',
    'subscription.cancelled',
    store.cancellations,
    ({ subscriptionId, ...rest }) => [subscriptionId, rest],
  );
  const payments = collectionOf('payments', 'payment.succeeded', store.payments, ({ paymentId, ...rest }) => [
    paymentId,
    rest,
  ]);
  const refunds = collectionOf('refunds', 'payment.refunded', store.refunds, ({ refundId, ...rest }) => [
    refundId,
    rest,
  ]);
  const requests = collectionOf('refund_requests', 'refund.requested', store.refundRequests, (data) => {
    const { refundId, ...rest } = data;
    return [refundId, rest];
  });
  const declines = collectionOf('refund_declines', 'refund.declined', store.refundDeclines, (data) => {
    const { refundId, ...rest } = data;
    return [refundId, rest];
  });
  const attributions = collectionOf('attributions', 'subscription.attributed', store.attributions, (data) => {
    const { subscriptionId, ...rest } = data;
    return [subscriptionId, rest];
  });
  const programs = programVersions(store);

  async function facts(events: ToldEvents): Promise<string[]> {
    return [
      ...(await verifyFacts(subscriptions, events)),
      ...(await verifyFacts(attributions, events)),
      ...(await verifyFacts(cancellations, events)),
      ...(await verifyFacts(payments, events)),
      ...(await verifyFacts(refunds, events)),
      ...(await verifyFacts(requests, events)),
      ...(await verifyFacts(declines, events)),
      ...(await verifyFacts(programs, events)),
    ];
  }

  const applied: AppliedChecks = {
    'subscription.started': async (events) => [
      ...(await verifyApplied(subscriptions, events)),
      ...(await versionDifferences(store, events)),
    ],
    'subscription.attributed': (events) => verifyApplied(attributions, events),
    'subscription.cancelled': (events) => verifyApplied(cancellations, events),
    'payment.succeeded': (events) => verifyApplied(payments, events),
    'payment.refunded': (events) => verifyApplied(refunds, events),
    'refund.requested': (events) => verifyApplied(requests, events),
    'refund.declined': (events) => verifyApplied(declines, events),
    'program.updated': (events) => verifyApplied(programs, events),
  };

  return { facts, applied };
}

/** A subscription is what the latest of its events says of its trial (rules 0). */
async function versionDifferences(store: Store, events: AppliedEvent<'subscription.started'>[]): Promise<string[]> {
  const ids = events.map(({ data }) => data.subscriptionId);
  const stored = await store.subscriptions
    .find({ _id: { $in: ids } }, { projection: { timestamp: 1, eventId: 1 } })
    .toArray();
  const byId = new Map(stored.map((one) => [one._id, one]));
  return events.flatMap(({ eventId, timestamp, data: { subscriptionId } }) => {
    const known = byId.get(subscriptionId);
    // Stored before versions were told apart.
    if (known?.timestamp === undefined) return [];
    const apart = known.timestamp.getTime() - timestamp.getTime();
    const where = `subscriptions/${subscriptionId}`;
    if (known.eventId === eventId && apart !== 0) {
      return [`${where}: timestamp is ${wordOf(known.timestamp)}, and event ${eventId} says ${wordOf(timestamp)}`];
    }
    if (apart > 0 || (apart === 0 && known.eventId >= eventId)) return [];
    return [`${where} is as event ${known.eventId} says, and event ${eventId} is later`];
  });
}

function collectionOf<T extends EventType, D extends { _id: string; eventId: string; arrivedAt?: Date }>(
  name: string,
  type: T,
  documents: mongo.Collection<D>,
  split: (data: DataOf<T>) => [id: string, content: object],
  versioned: readonly string[] = [],
): FactCollection<T> {
  // Documents of all these collections have string ids; a filter on a type parameter cannot know it.
  const stored = documents as unknown as mongo.Collection<{ _id: string; eventId: string; arrivedAt?: Date }>;
  const factOf = ({ _id: id, eventId, arrivedAt, ...rest }: { _id: string; eventId: string; arrivedAt?: Date }) =>
    ({ id, eventId, arrivedAt, content: significant(rest) }) satisfies StoredFact;
  return {
    name,
    type,
    versioned,
    all: () => stored.find({}).map(factOf),
    byId: (ids) =>
      stored
        .find({ _id: { $in: ids } })
        .map(factOf)
        .toArray(),
    told: ({ data }) => {
      const [id, content] = split(data);
      return { id, content: significant(content) };
    },
  };
}

/** Each version of a program stands under its event. */
function programVersions(store: Store): FactCollection<'program.updated'> {
  const factOf = ({ _id, arrivedAt, timestamp, ...data }: StoredProgram): StoredFact => ({
    id: _id,
    eventId: _id,
    arrivedAt,
    content: { ...significantProgram(data), timestamp },
  });
  return {
    name: 'program_versions',
    type: 'program.updated',
    all: () => store.programs.find({}).map(factOf),
    byId: (ids) =>
      store.programs
        .find({ _id: { $in: ids } })
        .map(factOf)
        .toArray(),
    told: ({ eventId, timestamp, data }) => ({
      id: eventId,
      content: { ...significantProgram(data), timestamp },
    }),
  };
}

/** Of a program everything says something, its name above all. */
function significantProgram({ programId, ...terms }: { programId: string }): object {
  return { programId, ...significant(terms) };
}
