/** An amount that may be below zero, as typed; null for what is none. */
export function signedAmountOf(typed: string, amountOf: (text: string) => number | null): number | null {
  const isBelow = /^[-−]/.test(typed);
  const amount = amountOf(isBelow ? typed.slice(1) : typed);
  if (amount === null || amount === 0) return null;
  return isBelow ? -amount : amount;
}
