import { type PayoutStatus, type PayoutView, UNSETTLED } from '../../affiliates/payouts/payout.ts';
import { thingsOf } from '../../texts/things.ts';
import type { Request, Suggestion } from '../core/command.ts';
import { accountsMeant, SUGGESTIONS_SEARCHED, SUGGESTIONS_SHOWN, suggestionsOf } from '../core/suggestions.ts';
import { commissionState, payoutState } from './payoutMessages.ts';

/** Payouts that could be meant: one's own, or for a manager any; only those to be settled if `open`. */
export function payoutsMeant(request: Request, typed: string, open: boolean): Promise<Suggestion[]> {
  return payoutsIn(request, typed, open ? UNSETTLED : undefined);
}

/** Payouts that the bank may have given back. */
export function paidPayouts(request: Request, typed: string): Promise<Suggestion[]> {
  return payoutsIn(request, typed, ['paid']);
}

async function payoutsIn(
  request: Request,
  typed: string,
  statuses: readonly PayoutStatus[] | undefined,
): Promise<Suggestion[]> {
  const { deps, account, display, speech } = request;
  const { payouts } = deps.affiliates;
  const isManager = account.role === 'manager';
  const mine = isManager ? {} : { accountId: account.accountId };
  const people = isManager ? await accountsMeant(request, typed, ['affiliate', 'marketer']) : [];
  const lists = await Promise.all(
    statuses !== undefined
      ? statuses.map((status) => payouts.list({ ...mine, status, limit: SUGGESTIONS_SEARCHED }))
      : [payouts.list({ ...mine, limit: SUGGESTIONS_SEARCHED })],
  );
  const ofPeople = await Promise.all(people.map((accountId) => payouts.list({ accountId, limit: SUGGESTIONS_SHOWN })));
  const isWanted = ({ status }: PayoutView) => statuses === undefined || statuses.includes(status);
  const found = [
    ...(await exactly(request, typed)).filter(isWanted),
    ...[...ofPeople, ...lists].flatMap(({ items }) => items.filter(isWanted)),
  ];
  const accounts = await deps.accounts.getMany(found.map(({ accountId }) => accountId));
  const things = thingsOf(display);
  const nameOf = ({ accountId, cycle }: PayoutView) =>
    isManager ? things.payoutOf(accounts.get(accountId)?.name ?? accountId, cycle) : things.payout(cycle);
  return suggestionsOf(
    found,
    typed,
    ({ payoutId }) => payoutId,
    (payout) => `${nameOf(payout)} · ${speech.money(payout.amount)} · ${payoutState(payout, speech)}`,
    (payout) => `${payout.payoutId} ${nameOf(payout)}`,
  );
}

/** What is typed in full is found however many there are. */
async function exactly({ deps, account }: Request, typed: string): Promise<PayoutView[]> {
  const payout = typed === '' ? null : await deps.affiliates.payouts.get(typed);
  if (payout === null || (account.role !== 'manager' && payout.accountId !== account.accountId)) return [];
  return [payout];
}

/** An affiliate's own commissions, the newest first. */
export async function commissionsMeant(request: Request, typed: string): Promise<Suggestion[]> {
  const { deps, account, display, speech, now } = request;
  const things = thingsOf(display);
  const page = await deps.affiliates.commissions.list(
    { affiliateId: account.accountId, limit: SUGGESTIONS_SEARCHED },
    now,
  );
  return suggestionsOf(
    page.items,
    typed,
    ({ commissionId }) => commissionId,
    (one) => `${things.commission(one)} · ${speech.money(one.amount)} · ${commissionState(one, speech)}`,
    (one) => `${one.commissionId} ${things.commission(one)}`,
  );
}
