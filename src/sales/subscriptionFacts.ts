import type { mongo } from 'mongoose';

import type { Fact } from '../events/handler.ts';
import type { Policy } from '../policy.ts';
import { conflictOf, insertOrFind, saysTheSame } from './recordFacts.ts';
import type { createSalesStore, StoredSubscription } from './store.ts';
import { trialEnd } from './trial.ts';

type Told = Fact<'subscription.started'>;

/** Which of these subscriptions have a commission that is approved: their trial cannot change any more. */
export type IsDecided = (subscriptionIds: string[]) => Promise<Set<string>>;

/**
 * Keeps subscriptions. Told again with another `trialEndsAt` a subscription has a new version, as when its trial was
 * extended: the latest `timestamp` holds (rules 0), as long as no commission of it is approved.
 */
export function createSubscriptionFacts(
  store: Pick<ReturnType<typeof createSalesStore>, 'subscriptions'>,
  policy: Pick<Policy['commissions'], 'trialDays'>,
) {
  /**
   * Records subscriptions. `refused`: those whose id is taken by another content, by event id; `known`: those that were
   * told before, whose commissions may have to be computed again.
   */
  async function recordSubscriptions(
    facts: Told[],
    isDecided: IsDecided,
  ): Promise<{ refused: Map<string, string>; known: string[] }> {
    const stored = await insertOrFind(store.subscriptions, facts.map(documentOf));
    if (stored.size === 0) return { refused: new Map(), known: [] };
    const again = facts.filter(({ data }) => stored.has(data.subscriptionId));
    const others = again.filter((fact) => isOther(fact, stored.get(fact.data.subscriptionId)));
    const versions = again.filter((fact) => !others.includes(fact));
    const decided = await isDecided(versions.filter((fact) => changesTrial(fact, stored)).map(idOf));
    const late = versions.filter((fact) => decided.has(idOf(fact)) && changesTrial(fact, stored));
    const good = versions.filter((fact) => !late.includes(fact));
    await replaceOlder(good, stored);
    return { refused: new Map([...others.map(conflict), ...late.map(tooLate)]), known: [...new Set(good.map(idOf))] };
  }

  async function replaceOlder(facts: Told[], stored: Map<string, mongo.Document>): Promise<void> {
    if (facts.length === 0) return;
    await store.subscriptions.bulkWrite(
      facts.map((fact) => ({
        updateOne: { filter: olderThan(fact), update: versionOf(fact, changesTrial(fact, stored)) },
      })),
    );
  }

  /** Whether a fact is a later version than what is stored, with another end of the trial. */
  function changesTrial(fact: Told, stored: Map<string, mongo.Document>): boolean {
    // The collection holds subscriptions alone.
    const known = stored.get(idOf(fact)) as StoredSubscription | undefined;
    if (known === undefined || trialEnd(known, policy).getTime() === trialEnd(fact.data, policy).getTime())
      return false;
    const { timestamp, eventId } = known;
    if (timestamp === undefined || timestamp < fact.timestamp) return true;
    return timestamp.getTime() === fact.timestamp.getTime() && eventId < fact.eventId;
  }

  return { recordSubscriptions };
}

function documentOf({ eventId, timestamp, arrivedAt, data: { subscriptionId, ...content } }: Told) {
  return { _id: subscriptionId, ...content, arrivedAt, eventId, timestamp };
}

function isOther({ data: { subscriptionId: _, trialEndsAt: __, ...content } }: Told, stored: object = {}): boolean {
  return !saysTheSame({ ...stored, trialEndsAt: undefined }, content);
}

function olderThan({ eventId, timestamp, data }: Told): mongo.Filter<StoredSubscription> {
  return {
    _id: data.subscriptionId,
    $or: [
      { timestamp: { $lt: timestamp } },
      { timestamp, eventId: { $lt: eventId } },
      // Stored before versions were told apart.
      { timestamp: { $exists: false } },
    ],
  };
}

function versionOf(fact: Told, isNewTrial: boolean): mongo.UpdateFilter<StoredSubscription> {
  const { eventId, timestamp, arrivedAt, data } = fact;
  const version = { eventId, timestamp, ...(isNewTrial ? { trialArrivedAt: arrivedAt } : {}) };
  return data.trialEndsAt === undefined
    ? { $set: version, $unset: { trialEndsAt: '' } }
    : { $set: { ...version, trialEndsAt: data.trialEndsAt } };
}

function idOf({ data: { subscriptionId } }: Told): string {
  return subscriptionId;
}

function conflict({ eventId, data }: Told): [string, string] {
  return [eventId, conflictOf('subscription', data.subscriptionId)];
}

function tooLate({ eventId, data }: Told): [string, string] {
  return [
    eventId,
    `subscription ${data.subscriptionId} was told before with another trial, and a commission of it is approved`,
  ];
}
