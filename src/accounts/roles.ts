import type { mongo } from 'mongoose';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import type { Role } from '../events/catalogue.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Texts } from '../privacy/texts.ts';
import { writtenNow } from '../seals/source.ts';
import type { AccountDocument, AccountStore, RoleDecisionDocument } from './store.ts';

/** An account became a manager, or is one no longer. `key` names the version or decision that made it so. */
export type ManagerChange = { accountId: string; name: string; isManager: boolean; key: string; by: string };

/** What the owner decided: `role` null gives the account back to the platform's word. `before` held until then. */
export type RoleDecided = Omit<RoleDecisionDocument, '_id' | 'effectsPending'> & { before: Role };

export type RoleDependencies = {
  texts: Pick<Texts, 'protect' | 'reveal' | 'revealOne'>;
  /** Tells the managers; told before is told already. */
  onManagersChanged: (changes: ManagerChange[], now: Date) => Promise<void>;
  /** Hears of each decision once its role holds, and again after a crash. */
  onRoleDecided: (decided: RoleDecided) => Promise<void>;
};

export type RoleOutcome =
  | { kind: 'decided' | 'unchanged'; role: Role; decided: boolean }
  | { kind: 'not-found' }
  | { kind: 'not-decided'; role: Role };

/**
 * Who has which role. The platform says so by events; the owner can say otherwise, and that holds against every version,
 * whatever its date, until the owner releases it.
 */
export function createRoles(store: AccountStore, deps: RoleDependencies) {
  /** Stores the owner's decision and what follows from it; the same once more changes nothing. */
  async function decideRole(
    accountId: string,
    role: Role | null,
    { by, reason, at }: Pick<RoleDecisionDocument, 'by' | 'reason' | 'at'>,
  ): Promise<RoleOutcome> {
    for (;;) {
      const last = await latest(accountId);
      if (last?.effectsPending === true) await finish(last);
      const account = await store.accounts.findOne({ _id: accountId });
      if (account === null) return { kind: 'not-found' };
      const held = last?.role ?? null;
      if (held === role) return unchanged(account, role);
      const number = (last?.number ?? 0) + 1;
      const decision = { accountId, number, role, by, reason, at, effectsPending: true as const };
      const document = { _id: `${accountId}#${number}`, ...decision };
      // Of two at once the second one decides on what the first has left.
      if ((await insert({ ...document, ...writtenNow() })) === null) continue;
      await finish(document);
      return { kind: 'decided', role: (await roleOf(accountId)) ?? account.role, decided: role !== null };
    }
  }

  /** Why is a person's text; of the account that it is about. Null when there is one of that number. */
  async function insert(document: RoleDecisionDocument) {
    const [stored = document] = await deps.texts.protect(DECISIONS, [document], ({ path }) =>
      path === 'reason' ? [document.accountId] : [],
    );
    return unlessDuplicate(store.roleDecisions.insertOne(stored, durable(store.roleDecisions)));
  }

  function unchanged(account: AccountDocument, role: Role | null): RoleOutcome {
    if (role === null) return { kind: 'not-decided', role: account.role };
    return { kind: 'unchanged', role: account.role, decided: true };
  }

  async function latest(accountId: string): Promise<RoleDecisionDocument | null> {
    const last = await store.roleDecisions.findOne({ accountId }, { sort: { number: -1 } });
    return last === null ? null : deps.texts.revealOne(DECISIONS, last);
  }

  /** The owner's decision that holds for an account, or null while the platform's word does. */
  async function roleDecisionOf(accountId: string): Promise<Pick<RoleDecisionDocument, 'by' | 'reason' | 'at'> | null> {
    const last = await latest(accountId);
    return last === null || last.role === null ? null : { by: last.by, reason: last.reason, at: last.at };
  }

  async function roleOf(accountId: string): Promise<Role | undefined> {
    return (await store.accounts.findOne({ _id: accountId }, { projection: { role: 1 } }))?.role;
  }

  /** Lets a decision take effect, and tells of it. Done again after a crash. */
  async function finish(decision: RoleDecisionDocument): Promise<void> {
    const { _id, accountId, number, role, at } = decision;
    const changed = await store.accounts.findOneAndUpdate(
      { _id: accountId, $or: [{ decision: { $exists: false } }, { 'decision.number': { $lt: number } }] },
      [{ $set: { decision: { number, role }, role: { $ifNull: [role, '$data.role'] } } }],
      { returnDocument: 'before', ...durable(store.accounts) },
    );
    const before = changed?.role ?? (await roleBefore(decision));
    const { effectsPending: _pending, insertedAt: _written, _id: _key, ...decided } = decision;
    await deps.onRoleDecided({ ...decided, before });
    await announceManagers([accountId], at);
    await store.roleDecisions.updateOne({ _id }, { $unset: { effectsPending: '' } });
  }

  /** The role that held before a decision that has taken effect already. */
  async function roleBefore({ accountId, number }: RoleDecisionDocument): Promise<Role> {
    const earlier = await store.roleDecisions.findOne({ accountId, number: number - 1 });
    const account = await store.accounts.findOne({ _id: accountId });
    if (account === null) throw new Error(`the role of ${accountId} was decided, and there is no such account`);
    return earlier?.role ?? account.data.role;
  }

  /** Tells the managers where one of these has become a manager, or is one no longer, and they do not know yet. */
  async function announceManagers(accountIds: string[], now: Date): Promise<void> {
    if (accountIds.length === 0) return;
    const found = await store.accounts.find({ _id: { $in: accountIds } }).toArray();
    const news = found.filter(({ role, managersTold }) => (role === 'manager') !== (managersTold === true));
    if (news.length === 0) return;
    await deps.onManagersChanged(await Promise.all(news.map(changeOf)), now);
    await store.accounts.bulkWrite(news.map(noteTold), { ordered: false });
  }

  async function changeOf({ _id: accountId, role, eventId, decision, data }: AccountDocument): Promise<ManagerChange> {
    const isManager = role === 'manager';
    const change = { accountId, name: data.name, isManager };
    const event = { ...change, key: `event:${eventId}`, by: `the platform's event ${eventId}` };
    if (decision === undefined) return event;
    const decided = await store.roleDecisions.findOne({ accountId, number: decision.number });
    if (decided === null || (decided.role === null && decided.effectsPending !== true)) return event;
    const { by, reason } = await deps.texts.revealOne(DECISIONS, decided);
    return { ...change, key: `decision:${decided.number}`, by: `${by}: ${reason}` };
  }

  /** Finishes what a crash cut off after a decision. */
  async function repairRoles(): Promise<void> {
    await finishRoles({});
  }

  async function finishRoles(which: { _id?: { $in: string[] } }): Promise<void> {
    const cutOff = await store.roleDecisions
      .find({ ...which, effectsPending: true })
      .sort({ number: 1 })
      .toArray();
    for (const decision of await deps.texts.reveal(DECISIONS, cutOff)) await finish(decision);
  }

  const unfinishedRoles: Unfinished = {
    kind: 'roles',
    find: async (limit) => {
      const found = store.roleDecisions.find({ effectsPending: true }, { projection: { at: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id, at }) => ({ id: _id, since: at }));
    },
    finish: (ids) => finishRoles({ _id: { $in: ids } }),
  };

  return { decideRole, roleDecisionOf, announceManagers, repairRoles, unfinishedRoles };
}

const DECISIONS = 'role_decisions';

/** Only if the role is still as it was told; else the next change tells. */
function noteTold({ _id, role }: AccountDocument): mongo.AnyBulkWriteOperation<AccountDocument> {
  const update =
    role === 'manager' ? { $set: { managersTold: true as const } } : { $unset: { managersTold: '' as const } };
  return { updateOne: { filter: { _id, role }, update } };
}
