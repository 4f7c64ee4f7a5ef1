import { payeeWords } from '../../notices/messages/payees.ts';
import type { Request } from '../core/command.ts';

/** Where the reader's payouts go, masked, and until when they are held; or that nobody knows. Nothing where the platform has no payees. */
export async function payeeFacts({ deps, account, speech, now }: Request): Promise<[string, string][]> {
  const { accountId } = account;
  const { say, instant } = speech;
  const label = say('payees.facts.label');
  const payee = (await deps.payees.shownOf([accountId])).get(accountId);
  if (payee === undefined) {
    const isMissing = (await deps.payees.missingAmong([accountId])).has(accountId);
    return isMissing ? [[label, say('payees.none')]] : [];
  }
  const until = (await deps.holds.ofAccount(accountId, now))?.until ?? null;
  const words = payeeWords(payee, speech);
  return [[label, until === null ? words : say('payees.held', { payee: words, until: instant(until) })]];
}
