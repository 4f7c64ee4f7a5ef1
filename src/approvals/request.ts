import { accountOfActor, linkOfActor } from '../accounts/account.ts';
import { hashOf } from '../kernel/ids.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { MinorUnits } from '../kernel/money.ts';

/** One of the things that an act is about, as a payout, with its amount. */
export type Part = { id: string; amount: MinorUnits };

/** Why an earlier request no longer counts. */
export type Why = 'changed' | 'expired' | 'asker-left';

/** How a request stands towards somebody who wants to do what `hash` stands for. */
export function stateOf(
  request: { hash: string; expiresAt: Date; approvedBy?: string },
  { hash, now, mayAsk }: { hash: string; now: Date; mayAsk: boolean },
): 'waiting' | 'approved' | Why {
  if (request.hash !== hash) return 'changed';
  if (now >= request.expiresAt) return 'expired';
  if (request.approvedBy !== undefined) return 'approved';
  return mayAsk ? 'waiting' : 'asker-left';
}

/** Stands for an act with all its parts, in whatever order they are named. */
export function batchHash({ action, subject, parts }: { action: string; subject: string; parts: Part[] }): string {
  const sorted = [...parts].sort((a, b) => (a.id < b.id ? -1 : 1)).map(({ id, amount }) => [id, amount]);
  return hashOf(canonicalJson([action, subject, sorted]));
}

/**
 * Whether two actors are one person, as far as can be known: one account, whichever of its chats; one chat user, whichever
 * account they speak for now; one API key, or a key that has the name of the account.
 */
export function isSamePerson(a: string, b: string): boolean {
  const names = new Set(namesOf(a));
  return namesOf(b).some((name) => names.has(name));
}

function namesOf(actor: string): string[] {
  const link = linkOfActor(actor);
  return [accountOfActor(actor).toLowerCase(), ...(link === null ? [] : [link])];
}
