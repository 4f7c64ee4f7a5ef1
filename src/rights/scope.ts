import { z } from 'zod';

/**
 * What a key of the API or a manager may do (docs/rights.md):
 * `read` looks at everything; `invoices` pays, voids and writes off, and tries events and webhooks anew; `sanctions` decides about people:
 * grace, terminate, keep, promises, and writes to them; `orders` answers and stops orders, and links people's chats; `payouts.prepare`
 * does what makes up a payday: adjustments, holds, payees, exports, results; `payouts.approve` approves it and says what is paid;
 * `admin` gives rights: keys, roles, managers' scopes, erasure.
 */
export const SCOPES = [
  ...(['read', 'invoices', 'sanctions', 'orders'] as const),
  ...(['payouts.prepare', 'payouts.approve', 'admin'] as const),
] as const;

export type Scope = (typeof SCOPES)[number];

export const scopeSchema = z.enum(SCOPES, `must be one of ${SCOPES.join(', ')}`);

/** What a manager has, and an API key of the environment that is not the owner's, unless told otherwise. */
export const ALL_BUT_ADMIN: readonly Scope[] = SCOPES.filter((scope) => scope !== 'admin');

/** What a key of the environment has: everything, but `admin` only where it is named as the owner's. */
export function scopesOfEnvironment(name: string, ownerKeys: readonly string[]): readonly Scope[] {
  return ownerKeys.includes(name) ? SCOPES : ALL_BUT_ADMIN;
}

/** The keys of the environment with what each has. */
export function keysOfEnvironment(
  names: readonly string[],
  ownerKeys: readonly string[],
): { name: string; scopes: readonly Scope[] }[] {
  return names.map((name) => ({ name, scopes: scopesOfEnvironment(name, ownerKeys) }));
}

/**
 * Whether somebody with these scopes may do what one is needed for. `admin` has every other; and whoever has any may read, since
 * every act answers with what it acted on. No other has another: who prepares a payday does not approve it.
 */
export function allows(held: readonly Scope[], needed: Scope): boolean {
  return held.includes('admin') || held.includes(needed) || (needed === 'read' && held.length > 0);
}
