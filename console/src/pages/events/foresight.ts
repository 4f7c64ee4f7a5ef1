import { RefusedError } from '../../../../client/errors.ts';
import type { Api } from '../../api.ts';

type Fields = Readonly<Record<string, unknown>> | null;

/** What a replay would change, as `?simulate=true` answers. */
export type Foreseen = {
  outcome: 'applied' | 'unchanged' | 'fails' | 'waits' | 'dismissed' | 'undecided';
  reason: { code: string; words: string } | null;
  waitsFor: { kind: string; id: string }[];
  changes: Change[];
  postings: { entryId: string; account: string; amount: number }[];
  then: { woken: unknown[]; invoices: unknown[]; webhooks: unknown[]; notices: unknown[] };
  more: { changes: number; postings: number; following: number };
};

export type Change = { subject: string; action: 'added' | 'changed' | 'removed'; before: Fields; after: Fields };

/** Asks what a replay would change, and changes nothing. Null from a service that cannot say. Throws as `call` does. */
export async function foresee(api: Api, id: string): Promise<Foreseen | null> {
  // A service without this refuses `simulate`, which its description does not have.
  const input = { path: { id }, query: { simulate: 'true' } };
  try {
    const answer: unknown = await api.call('POST /v1/events/{id}/replay', input as { path: { id: string } });
    return answer as Foreseen;
  } catch (error) {
    if (error instanceof RefusedError && error.status === 422) return null;
    throw error;
  }
}

/** The fields that a change is about, each before and after, in the order in which they come. */
export function fieldsOf({ before, after }: Pick<Change, 'before' | 'after'>) {
  const names = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...names].map((name) => ({ name, before: before?.[name], after: after?.[name] }));
}

/** A value as it is shown: words as they are, everything else as the API writes it. */
export function shownAs(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
