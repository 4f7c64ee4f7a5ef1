import type { CommissionView } from '../../affiliates/commissions/commission.ts';
import type { PayoutView } from '../../affiliates/payouts/payout.ts';
import { formatMoney } from '../../kernel/money.ts';
import type { Request, Suggestion } from '../core/command.ts';
import { commissionState, payoutState } from './payoutMessages.ts';

/** As many as a channel shows at once. */
const SHOWN = 25;
const LOOKED_THROUGH = 200;

/** Payouts that could be meant: one's own, or for a manager any; only those to be settled if `open`. */
export async function payoutsMeant(request: Request, typed: string, open: boolean): Promise<Suggestion[]> {
  const { deps, account } = request;
  const { payouts } = deps.affiliates;
  const mine = account.role === 'manager' ? {} : { accountId: account.accountId };
  const lists = await Promise.all(
    open
      ? (['due', 'processing'] as const).map((status) => payouts.list({ ...mine, status, limit: LOOKED_THROUGH }))
      : [payouts.list({ ...mine, limit: LOOKED_THROUGH })],
  );
  const found = [...(await exactly(request, typed, open)), ...lists.flatMap(({ items }) => items)];
  const byId = new Map(found.map((payout) => [payout.payoutId, payout]));
  return [...byId.values()]
    .filter(({ payoutId }) => contains(payoutId, typed))
    .slice(0, SHOWN)
    .map((payout) => ({ name: payoutName(payout, request), value: payout.payoutId }));
}

/** What is typed in full is found however many there are. */
async function exactly({ deps, account }: Request, typed: string, open: boolean): Promise<PayoutView[]> {
  const payout = typed === '' ? null : await deps.affiliates.payouts.get(typed);
  if (payout === null || (account.role !== 'manager' && payout.accountId !== account.accountId)) return [];
  return !open || payout.status === 'due' || payout.status === 'processing' ? [payout] : [];
}

/** An affiliate's own commissions, the newest first. */
export async function commissionsMeant(request: Request, typed: string): Promise<Suggestion[]> {
  const { deps, account, now } = request;
  const page = await deps.affiliates.commissions.list({ affiliateId: account.accountId, limit: LOOKED_THROUGH }, now);
  return page.items
    .filter(({ commissionId }) => contains(commissionId, typed))
    .slice(0, SHOWN)
    .map((one) => ({ name: commissionName(one, request), value: one.commissionId }));
}

function payoutName(payout: PayoutView, { display }: Request): string {
  return `${payout.payoutId} · ${formatMoney(payout.amount, display.currency)} · ${payoutState(payout, display)}`;
}

function commissionName(one: CommissionView, { display }: Request): string {
  return `${one.commissionId} · ${formatMoney(one.amount, display.currency)} · ${commissionState(one, display)}`;
}

function contains(id: string, typed: string): boolean {
  return id.toLowerCase().includes(typed.toLowerCase());
}
