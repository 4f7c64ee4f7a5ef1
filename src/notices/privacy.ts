import type { Field } from '../privacy/texts.ts';
import { NAMES } from './messages/shownContent.ts';

/** What people wrote, and who they are in a chat. */
const PERSONAL = new Set(['reason', 'reference', 'text', 'note', 'by', 'from', 'userId', 'masked']);
const ACCOUNTS = ['accountId', 'modelId', 'marketerId', 'fromId'];

/**
 * Whose a text in a notice is: a name is of the account whose id stands beside it, everything else of that account and of the
 * one that it is told.
 */
export function ownersOf({ key, path, parent }: Field, { accountId }: { accountId: string }): readonly string[] {
  if (!path.startsWith('content.data.')) return [];
  const names = NAMES[key];
  if (names !== undefined) return idsIn(parent, names).slice(0, 1);
  return PERSONAL.has(key) ? [accountId, ...idsIn(parent, ACCOUNTS), ...payeeIn(parent)] : [];
}

/** Whose payout a subject is, as `payout:2026-04-01:kim`; none where it is of a whole cycle. */
function payeeIn({ subject }: Record<string, unknown>): string[] {
  const accountId = /^payout:[^:]+:(.+)$/.exec(typeof subject === 'string' ? subject : '')?.[1];
  return accountId === undefined ? [] : [accountId];
}

function idsIn(parent: Record<string, unknown>, keys: readonly string[]): string[] {
  return keys.map((key) => parent[key]).filter((id) => typeof id === 'string');
}
