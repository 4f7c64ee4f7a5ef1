import type { Connection } from 'mongoose';

import { accountOfActor, linkOfActor } from '../accounts/account.ts';
import type { Audit } from '../audit/audit.ts';
import type { Role } from '../events/catalogue.ts';
import type { Trail } from '../events/recordedAct.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Texts } from '../privacy/texts.ts';
import { type SealSource, sealSource } from '../seals/source.ts';
import { type AdminKeyChange, createKeyAnnouncements } from './announcements.ts';
import { createKeyLookup } from './keyLookup.ts';
import { createKeys } from './keys.ts';
import { createManagerScopes, type ScopesChange } from './managerScopes.ts';
import { allows, type Scope } from './scope.ts';
import { createRightsStore, type RightsStore } from './store.ts';
import { verifyRights } from './verifyRights.ts';

export type Rights = ReturnType<typeof createRights>;

/** Who may do what: keys of the API, and managers (docs/rights.md). */
export function createRights(deps: {
  connection: Connection;
  texts: Pick<Texts, 'protect' | 'reveal' | 'revealOne'>;
  audit: Pick<Audit, 'record'>;
  accounts: { get(accountId: string): Promise<{ accountId: string; role: Role; name: string } | null> };
  clock: Clock;
  /** Milliseconds that never go back. */
  monotonic?: () => number;
  /** What managers have unless the owner decided otherwise. */
  managers: readonly Scope[];
  onAdminKey: (change: AdminKeyChange, at: Date) => Promise<void>;
  onScopesChanged: (change: ScopesChange, at: Date) => Promise<void>;
  onError: (error: unknown) => void;
}) {
  const { audit, accounts, texts, clock, onError, monotonic = () => performance.now() } = deps;
  const store = createRightsStore(deps.connection);
  const announcements = createKeyAnnouncements({ audit, onAdminKey: deps.onAdminKey });
  const lookup = createKeyLookup(store, { clock, monotonic, onError });
  const keys = createKeys(store, { clock, announcements, onChanged: lookup.forget });
  const managers = createManagerScopes(store, {
    ...{ texts, audit, accounts, usual: deps.managers },
    onScopesChanged: deps.onScopesChanged,
  });

  /** Whether an actor, as the audit trail names them, has a scope at this moment. */
  async function mayDo(actor: string, scope: Scope): Promise<boolean> {
    if (linkOfActor(actor) === null) {
      const scopes = await keys.scopesOfName(actor);
      // The environment's keys are known to those processes alone that have them.
      return scopes === null || allows(scopes, scope);
    }
    const account = await accounts.get(accountOfActor(actor));
    return account !== null && allows(await managers.scopesOf(account), scope);
  }

  return {
    keys: { ...keys, find: lookup.find, findAnew: lookup.findAnew, noteUse: lookup.noteUse },
    managers,
    mayDo,
    unfinished: [keys.unfinished, managers.unfinished],
    sealed: [sealedDecisions(store)],
    verify: (trail: Pick<Trail, 'byKey' | 'all'>) => verifyRights(store, trail),
  };
}

/** Of a decision is sealed what was decided; what it still sets off changes. */
function sealedDecisions({ decisions }: Pick<RightsStore, 'decisions'>): SealSource {
  return sealSource({
    name: 'scope_decisions',
    collection: decisions,
    fields: ['accountId', 'number', 'scopes', 'by', 'reason', 'at'],
    content: ({ accountId, number, scopes, by, reason, at }) => ({ accountId, number, scopes, by, reason, at }),
  });
}
