import type { Audit } from '../audit/audit.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import type { Role } from '../events/catalogue.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Texts } from '../privacy/texts.ts';
import { writtenNow } from '../seals/source.ts';
import { sortedScopes } from './apiKey.ts';
import type { Scope } from './scope.ts';
import type { RightsStore, ScopeDecisionDocument } from './store.ts';

/** What a manager may do, and by whose decision; null while the policy's `roles` say. */
export type HeldScopes = { scopes: readonly Scope[]; decision: { by: string; reason: string; at: Date } | null };

/** A manager has other scopes than before; `scopes` are what they have now. */
export type ScopesChange = { accountId: string; name: string; scopes: readonly Scope[]; key: string; by: string };

export type ScopesOutcome =
  | { kind: 'decided' | 'unchanged'; scopes: readonly Scope[]; decided: boolean }
  | { kind: 'not-found' };

type AccountSeen = { accountId: string; role: Role; name: string };

/**
 * Which scopes each manager has: what the policy's `roles` say of all, or what the owner decided of one, until it is released. Read at
 * every call, as the role is.
 */
export function createManagerScopes(
  { decisions }: Pick<RightsStore, 'decisions'>,
  deps: {
    texts: Pick<Texts, 'protect' | 'reveal' | 'revealOne'>;
    audit: Pick<Audit, 'record'>;
    accounts: { get(accountId: string): Promise<AccountSeen | null> };
    /** Of the policy. */
    usual: readonly Scope[];
    /** Tells the managers; told before is told already. */
    onScopesChanged: (change: ScopesChange, at: Date) => Promise<void>;
  },
) {
  /** What somebody may do that only managers do: nothing for whoever is none. */
  async function scopesOf({ accountId, role }: { accountId: string; role: Role }): Promise<readonly Scope[]> {
    if (role !== 'manager') return [];
    return scopesIn(await latest(accountId));
  }

  async function heldBy(accountId: string): Promise<HeldScopes> {
    const last = await latest(accountId);
    if (last === null || last.scopes === null) return { scopes: deps.usual, decision: null };
    const { by, reason, at } = await deps.texts.revealOne(DECISIONS, last);
    return { scopes: last.scopes, decision: { by, reason, at } };
  }

  /** Stores the owner's decision, which holds from then on; null gives the account back to the policy. The same once more changes nothing. */
  async function decide(
    accountId: string,
    wanted: readonly Scope[] | null,
    { by, reason, at }: { by: string; reason: string; at: Date },
  ): Promise<ScopesOutcome> {
    if ((await deps.accounts.get(accountId)) === null) return { kind: 'not-found' };
    const scopes = wanted === null ? null : sortedScopes(wanted);
    for (;;) {
      const last = await latest(accountId);
      if (last?.effectsPending === true) await finish([last._id]);
      if (isSame(last?.scopes ?? null, scopes)) return outcome('unchanged', scopes);
      const number = (last?.number ?? 0) + 1;
      const decision = { accountId, number, scopes, by, reason, at, effectsPending: true as const, ...writtenNow() };
      const document = { _id: `${accountId}#${number}`, ...decision };
      // Of two at once the second one decides on what the first has left.
      if ((await insert(document)) === null) continue;
      await finish([document._id]);
      return outcome('decided', scopes);
    }
  }

  /** Why is a person's text; of the account that it is about. Null when there is one of that number. */
  async function insert(document: ScopeDecisionDocument) {
    const [stored = document] = await deps.texts.protect(DECISIONS, [document], ({ path }) =>
      path === 'reason' ? [document.accountId] : [],
    );
    return unlessDuplicate(decisions.insertOne(stored, durable(decisions)));
  }

  function latest(accountId: string): Promise<ScopeDecisionDocument | null> {
    return decisions.findOne({ accountId }, { sort: { number: -1 } });
  }

  function scopesIn(decision: Pick<ScopeDecisionDocument, 'scopes'> | null): readonly Scope[] {
    return decision?.scopes ?? deps.usual;
  }

  function outcome(kind: 'decided' | 'unchanged', scopes: readonly Scope[] | null): ScopesOutcome {
    return { kind, scopes: scopes ?? deps.usual, decided: scopes !== null };
  }

  /** Tells of decisions that hold already. Done again after a crash. */
  async function finish(ids: string[]): Promise<void> {
    const cutOff = decisions.find({ _id: { $in: ids }, effectsPending: true }).sort({ number: 1 });
    for (const decision of await deps.texts.reveal(DECISIONS, await cutOff.toArray())) await tell(decision);
  }

  async function tell(decision: ScopeDecisionDocument): Promise<void> {
    const { _id, accountId, number, scopes, by, reason, at } = decision;
    const before = number === 1 ? null : await decisions.findOne({ accountId, number: number - 1 });
    await deps.audit.record({
      ...{ key: `scopes:${_id}`, actor: by, subject: `account:${accountId}`, reason, at },
      action: scopes === null ? 'scopes.released' : 'scopes.decided',
      ...{ before: { scopes: before?.scopes ?? null }, after: { scopes } },
    });
    const account = await deps.accounts.get(accountId);
    if (account?.role === 'manager') {
      const change = { accountId, name: account.name, scopes: scopesIn(decision), key: `scopes:${_id}` };
      await deps.onScopesChanged({ ...change, by: `${by}: ${reason}` }, at);
    }
    await decisions.updateOne({ _id }, { $unset: { effectsPending: '' } });
  }

  const unfinished: Unfinished = {
    kind: 'scopes',
    find: async (limit) => {
      const found = decisions.find({ effectsPending: true }, { projection: { at: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id, at }) => ({ id: _id, since: at }));
    },
    finish,
  };

  return { scopesOf, heldBy, decide, unfinished };
}

const DECISIONS = 'scope_decisions';

function isSame(one: readonly Scope[] | null, other: readonly Scope[] | null): boolean {
  return one === other || (one !== null && other !== null && one.join() === other.join());
}
