import type { AffiliateStore, StoredPayout } from '../store.ts';

/** The statement of a payout that is paid, dated then. */
export type StatementDocument = { kind: 'statement'; id: string; issuedAt: Date };

/** Reads what statements are to have numbers: `all` whose were given, `of` those of some payouts, whose may still be to be given. */
export function createNumberedStatements({ payouts }: Pick<AffiliateStore, 'payouts'>) {
  const projection = { drawnAt: 1, endedAt: 1 } as const;

  async function* all(): AsyncGenerator<StatementDocument, undefined> {
    const found = payouts.find(
      { status: 'paid', isNumbered: true, effectsPending: { $exists: false } },
      { projection },
    );
    for await (const payout of found) yield documentOf(payout);
  }

  async function of(payoutIds: string[]): Promise<StatementDocument[]> {
    const found = await payouts.find({ _id: { $in: payoutIds }, status: 'paid' }, { projection }).toArray();
    return found.map(documentOf);
  }

  return { all, of };
}

export function documentOf({
  _id: id,
  endedAt,
  drawnAt,
}: Pick<StoredPayout, '_id' | 'endedAt' | 'drawnAt'>): StatementDocument {
  return { kind: 'statement', id, issuedAt: endedAt ?? drawnAt };
}
