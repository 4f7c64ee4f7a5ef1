/** What a ledger account may be called (docs/api.md). */
const ACCOUNT = /^(model|credit|marketer|affiliate|escrow|held|platform|world):[A-Za-z0-9_.:~-]{1,80}$/;

export function isAccount(name: string): boolean {
  return ACCOUNT.test(name);
}

/** The accounts that can be adjusted by hand: those that are somebody's. */
export function isAdjustable(name: string): boolean {
  return /^(model|marketer|affiliate):/.test(name);
}

/** A month as `2026-11`; undefined for what is none. */
export function monthIn(text: string | null): string | undefined {
  return text !== null && /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? text : undefined;
}

/** The first day of a month, and that of the next. */
export function daysOf(month: string): { from: string; to: string } {
  const [year = 0, number = 1] = month.split('-').map(Number);
  const next = number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`;
  return { from: `${month}-01`, to: `${next}-01` };
}
