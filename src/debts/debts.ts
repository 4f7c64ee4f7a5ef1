/**
 * A debt of an account: an invoice, or an owed order amount. `since` is when it fell due; `subject` and `number` order
 * what is equally old. `pay` tries it whole; `follow` does what follows for others once everything was tried, so that what
 * several payments come to together is told once. It is marked until then, and found after a crash.
 */
export type Debt = {
  accountId: string;
  since: Date;
  subject: string;
  number: number;
  pay(now: Date): Promise<'paid' | 'insufficient' | 'settled'>;
  follow?(now: Date): Promise<void>;
  /** Says that money came in, by `cause`, and does not cover this. */
  announceShortfall(cause: string, now: Date): Promise<void>;
};

export type DebtSource = (accountIds: string[]) => Promise<Debt[]>;

export type Debts = ReturnType<typeof createDebts>;

/** Accounts whose balances have grown, with the id of what increased each. */
export type Grown = Map<string, string>;

/**
 * Everything unpaid, of whatever kind, tried when a balance has grown (rules 1.8). `sources` are asked at each try;
 * `afterwards` gets the new balances, and may be called again with the same.
 */
export function createDebts(sources: () => DebtSource[], afterwards: (grown: Grown, now: Date) => Promise<void>) {
  /**
   * Tries everything unpaid of these accounts, oldest first, each whole or not at all; one that is not covered is
   * skipped. `grown` has the accounts with the id of what increased their balance; an account that still lacks money
   * gets one notice for it, about its oldest debt.
   */
  async function payAll(grown: Grown, now: Date): Promise<void> {
    const accountIds = [...grown.keys()];
    const unpaid = (await Promise.all(sources().map((source) => source(accountIds)))).flat();
    const short = new Map<string, Debt>();
    const paid: Debt[] = [];
    for (const debt of unpaid.sort(byAge)) {
      const outcome = await debt.pay(now);
      if (outcome === 'paid') paid.push(debt);
      if (outcome === 'insufficient' && !short.has(debt.accountId)) short.set(debt.accountId, debt);
    }
    for (const debt of paid) await debt.follow?.(now);
    for (const [accountId, debt] of short) await debt.announceShortfall(grown.get(accountId) ?? '', now);
    await afterwards(grown, now);
  }

  return { payAll };
}

/** Oldest first; equally old ones by id, and amounts of one order in their order. */
function byAge(a: Debt, b: Debt): number {
  const apart = a.since.getTime() - b.since.getTime();
  if (apart !== 0) return apart;
  return a.subject === b.subject ? a.number - b.number : a.subject < b.subject ? -1 : 1;
}
