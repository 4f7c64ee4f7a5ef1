import type { AppliedChecks, AppliedEvent, ToldEvents } from '../events/toldEvent.ts';
import {
  differingFields,
  type FactCollection,
  type StoredFact,
  verifyApplied,
  verifyFacts,
  wordOf,
} from '../events/verifyFacts.ts';
import { inBatches } from '../kernel/group.ts';
import { linesOnAll } from '../kernel/lines.ts';
import { searchWordsOf } from '../kernel/searchWords.ts';
import { ERASED_NAME, type Texts } from '../privacy/texts.ts';
import { latestVersions } from './account.ts';
import type { AccountDocument, AccountStore, AccountVersionDocument, RoleDecisionDocument } from './store.ts';

const BATCH = 500;

/**
 * Compares accounts with the events that told them, in both directions: each version with its event, and each account,
 * its role above all, with the version that holds (rules 0).
 */
export function createAccountVerification(
  store: Pick<AccountStore, 'accounts' | 'versions' | 'roleDecisions'>,
  texts: Pick<Texts, 'reveal'>,
) {
  const versions = versionCollection(store, texts);

  async function facts(
    events: ToldEvents,
    erasedAmong: (accountIds: string[]) => Promise<Set<string>>,
  ): Promise<string[]> {
    const differences = await verifyFacts(versions, events);
    const nameOf = ({ _id }: AccountDocument) => `accounts/${_id}`;
    const others = await linesOnAll(store.accounts.find({}), BATCH, nameOf, async (batch) => {
      const lines: string[] = [];
      const holding = await holdingVersions(
        store,
        texts,
        batch.map(({ _id }) => _id),
      );
      const decisions = await latestDecisions(
        store,
        batch.map(({ _id }) => _id),
      );
      const told = await events.byId([...holding.values()].map(({ eventId }) => eventId));
      const pseudonyms = batch.flatMap(({ _id, erasedAt }) => (erasedAt === undefined ? [] : [_id]));
      const erased = await erasedAmong(pseudonyms);
      for (const id of pseudonyms.filter((one) => !erased.has(one))) {
        lines.push(`accounts/${id} is erased, and nobody ever asked for that`);
      }
      for (const account of batch) {
        const version = holding.get(account._id);
        // A version that is being applied at this moment is not in its place yet.
        if (version !== undefined && told.get(version.eventId)?.isUnderWay) continue;
        const decision = decisions.get(account._id);
        // One that has still to take effect bears a mark.
        if (decision?.effectsPending === true) continue;
        lines.push(...accountDifferences(account, version, decision));
      }
      return lines;
    });
    return [...differences, ...others];
  }

  const applied: AppliedChecks = {
    'account.updated': async (events) => [
      ...(await verifyApplied(versions, events)),
      ...(await missingAccounts(store, events)),
    ],
  };

  /** Every discount that each of these accounts ever had; undefined for none of its own. */
  async function discountsOf(accountIds: string[]): Promise<Map<string, (number | undefined)[]>> {
    const rows = store.versions.aggregate<{ _id: { accountId: string; bps?: number } }>([
      { $match: { accountId: { $in: [...new Set(accountIds)] } } },
      { $group: { _id: { accountId: '$accountId', bps: '$data.discountBps' } } },
    ]);
    const discounts = new Map<string, (number | undefined)[]>();
    for await (const { _id } of rows) {
      discounts.set(_id.accountId, [...(discounts.get(_id.accountId) ?? []), _id.bps]);
    }
    return discounts;
  }

  return { facts, applied, discountsOf };
}

function versionCollection(
  { versions }: Pick<AccountStore, 'versions'>,
  texts: Pick<Texts, 'reveal'>,
): FactCollection<'account.updated'> {
  const factOf = ({ _id, accountId, timestamp, data }: AccountVersionDocument): StoredFact => ({
    id: _id,
    eventId: _id,
    content: { ...data, timestamp, of: accountId },
  });
  return {
    name: VERSIONS,
    type: 'account.updated',
    async *all() {
      for await (const batch of inBatches(versions.find({}), BATCH)) {
        yield* (await texts.reveal(VERSIONS, batch)).map(factOf);
      }
    },
    async byId(ids) {
      return (await texts.reveal(VERSIONS, await versions.find({ _id: { $in: ids } }).toArray())).map(factOf);
    },
    told: ({ eventId, timestamp, data }) => ({ id: eventId, content: { ...data, timestamp, of: data.accountId } }),
  };
}

const VERSIONS = 'account_versions';

/** The version of each account that holds; of many versions only the latest are read. */
async function holdingVersions(
  { versions }: Pick<AccountStore, 'versions'>,
  texts: Pick<Texts, 'reveal'>,
  accountIds: string[],
) {
  const latest = versions.aggregate<AccountVersionDocument>([
    { $match: { accountId: { $in: accountIds } } },
    { $sort: { accountId: 1, timestamp: 1, _id: 1 } },
    { $group: { _id: '$accountId', last: { $last: '$$ROOT' } } },
    { $replaceRoot: { newRoot: '$last' } },
  ]);
  const holding = await texts.reveal(VERSIONS, await latest.toArray());
  const found = holding.map(({ _id: eventId, timestamp, data }) => ({ eventId, timestamp, data }));
  return new Map(latestVersions(found).map((version) => [version.data.accountId, version]));
}

/** The owner's last decision about the role of each account that has one. */
async function latestDecisions(
  { roleDecisions }: Pick<AccountStore, 'roleDecisions'>,
  accountIds: string[],
): Promise<Map<string, RoleDecisionDocument>> {
  const found = roleDecisions.find({ accountId: { $in: accountIds } }).sort({ number: 1 });
  return new Map((await found.toArray()).map((decision) => [decision.accountId, decision]));
}

function accountDifferences(
  { _id, eventId, timestamp, role, searchWords, data, decision, erasedAt }: AccountDocument,
  version: { eventId: string; timestamp: Date; data: AccountDocument['data'] } | undefined,
  decided: RoleDecisionDocument | undefined,
): string[] {
  const where = `accounts/${_id}`;
  if (version === undefined) return [`${where}: role is ${role}, and no event ever told of this account`];
  const stored = { ...data, accountId: _id, timestamp, eventId };
  const holding = decided?.role ?? version.data.role;
  const by = decided === undefined || decided.role === null ? `event ${version.eventId}` : `${decided.by}'s decision`;
  const person =
    erasedAt === undefined ? {} : { name: ERASED_NAME, timeZone: undefined, locale: undefined, billing: undefined };
  const holds = { ...version.data, ...person, timestamp: version.timestamp, eventId: version.eventId };
  const words = erasedAt === undefined ? searchWordsOf(version.data.name, _id) : [];
  return [
    ...differingFields(stored, holds).map(
      ([field, is, should]) =>
        `${where}: ${field} is ${is}, and the version that holds, ${version.eventId}, says ${should}`,
    ),
    ...(role === holding ? [] : [`${where}: role is ${role}, and ${by} says ${holding}`]),
    ...(decision?.number === decided?.number && (decision?.role ?? null) === (decided?.role ?? null)
      ? []
      : [`${where}: its role is by decision ${wordOf(decision)}, and the last one is ${wordOf(decided?.number)}`]),
    ...(words.join(' ') === searchWords.join(' ') ? [] : [`${where}: it is not found by its name`]),
  ];
}

async function missingAccounts(
  { accounts }: Pick<AccountStore, 'accounts'>,
  events: AppliedEvent<'account.updated'>[],
): Promise<string[]> {
  const ids = [...new Set(events.map(({ data }) => data.accountId))];
  const found = await accounts.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
  const known = new Set(found.map(({ _id }) => _id));
  return events
    .filter(({ data }) => !known.has(data.accountId))
    .map(({ eventId, data }) => `accounts/${data.accountId} is missing, though event ${eventId} was applied`);
}
