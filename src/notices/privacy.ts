import type { Field } from '../privacy/texts.ts';
import { NAMES } from './messages/shownContent.ts';

/** What people wrote, and who they are in a chat. */
const PERSONAL = new Set(['reason', 'reference', 'text', 'from', 'userId']);
const ACCOUNTS = ['accountId', 'modelId', 'marketerId', 'fromId'];

/**
 * Whose a text in a notice is: a name is of the account whose id stands beside it, everything else of that account and of the
 * one that it is told.
 */
export function ownersOf({ key, path, parent }: Field, { accountId }: { accountId: string }): readonly string[] {
  if (!path.startsWith('content.data.')) return [];
  const names = NAMES[key];
  if (names !== undefined) return idsIn(parent, names).slice(0, 1);
  return PERSONAL.has(key) ? [accountId, ...idsIn(parent, ACCOUNTS)] : [];
}

function idsIn(parent: Record<string, unknown>, keys: readonly string[]): string[] {
  return keys.map((key) => parent[key]).filter((id) => typeof id === 'string');
}
