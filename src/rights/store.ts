import { type Connection, Schema } from 'mongoose';

import { driverCollection } from '../database/collection.ts';
import { SEALED_INDEX } from '../seals/source.ts';
import type { StoredSecret } from './apiKey.ts';
import type { Scope } from './scope.ts';

/** What was done to a key; `after` is how it stood then, which the audit trail says, too. */
export type KeyAct = {
  action: 'created' | 'rotated' | 'expiry' | 'revoked';
  by: string;
  at: Date;
  after: { scopes: Scope[]; expiresAt: Date | null; revokedAt: Date | null; fingerprint: string };
};

/** When a key was used last, to the minute, and from which network; by the service's clock. */
export type LastUse = { at: Date; network: string };

/**
 * An API key by its name, in lower case. A document is never deleted, so that no other key can have its name. `environment`: the name and
 * scopes alone, as a process was last configured. Times are of the service's clock.
 */
export type ApiKeyDocument = {
  _id: string;
  name: string;
  kind: 'stored' | 'environment';
  scopes: Scope[];
  createdAt: Date;
  by: string;
  expiresAt: Date | null;
  revokedAt: Date | null;
  secrets: StoredSecret[];
  /** Everything that was done to it, in order; of `noted` of them the trail and the managers know. */
  acts: KeyAct[];
  noted: number;
  effectsPending?: true;
  lastUsed?: LastUse;
};

/**
 * What the owner decided about the scopes of an account as a manager, append only: the one with the greatest `number` holds, `scopes` null
 * gives it back to the policy. `_id` is the account and the number. `effectsPending`: it is still to be told.
 */
export type ScopeDecisionDocument = {
  _id: string;
  accountId: string;
  number: number;
  scopes: Scope[] | null;
  by: string;
  reason: string;
  at: Date;
  insertedAt?: Date;
  effectsPending?: true;
};

const OPTIONS = { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false } as const;
const WHERE_PENDING = { partialFilterExpression: { effectsPending: true } } as const;

const keySchema = new Schema<ApiKeyDocument>(
  {
    _id: { type: String, required: true },
    name: { type: String, required: true },
    kind: { type: String, required: true },
    scopes: { type: [String], required: true },
    createdAt: { type: Date, required: true },
    by: { type: String, required: true },
    expiresAt: { type: Date, default: null },
    revokedAt: { type: Date, default: null },
    secrets: { type: Schema.Types.Mixed, required: true },
    acts: { type: Schema.Types.Mixed, required: true },
    noted: { type: Number, required: true },
    effectsPending: { type: Boolean },
    lastUsed: { type: new Schema({ at: Date, network: String }, { _id: false }) },
  },
  OPTIONS,
).index({ effectsPending: 1 }, WHERE_PENDING);

const decisionSchema = new Schema<ScopeDecisionDocument>(
  {
    _id: { type: String, required: true },
    accountId: { type: String, required: true },
    number: { type: Number, required: true },
    scopes: { type: [String], default: null },
    by: { type: String, required: true },
    reason: { type: String, required: true },
    at: { type: Date, required: true },
    insertedAt: Date,
    effectsPending: { type: Boolean },
  },
  OPTIONS,
)
  .index({ accountId: 1, number: -1 })
  // In the order in which they were written, to be sealed.
  .index(...SEALED_INDEX)
  .index({ effectsPending: 1 }, WHERE_PENDING);

export type RightsStore = ReturnType<typeof createRightsStore>;

/** The API keys and the decisions about managers' scopes, on this connection, which must be open. */
export function createRightsStore(connection: Connection) {
  return {
    keys: driverCollection(connection.model<ApiKeyDocument>('ApiKey', keySchema, 'api_keys')),
    decisions: driverCollection(
      connection.model<ScopeDecisionDocument>('ScopeDecision', decisionSchema, 'scope_decisions'),
    ),
  };
}
