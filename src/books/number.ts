/** The kinds of documents that are numbered, each in a series of its own. */
export type NumberedKind = 'invoice' | 'credit-note' | 'statement';

/** What is to be numbered: by what it is of, and its date. */
export type ToNumber = { kind: NumberedKind; id: string; issuedAt: Date };

/** As it stands on paper: `INV-2026-000001`. */
export function numberText({ series, year, number }: { series: string; year: number; number: number }): string {
  return `${series}-${year}-${String(number).padStart(DIGITS, '0')}`;
}

const DIGITS = 6;

/** Names the document that has a number; ids have colons in them, kinds have none. */
export function numberId({ kind, id }: Pick<ToNumber, 'kind' | 'id'>): string {
  return `${kind}:${id}`;
}

/** The id of what a numbered document is of. */
export function subjectOf(numberId: string): string {
  return numberId.slice(numberId.indexOf(':') + 1);
}

/** The order in which documents that wait together are numbered: by their date, and of one date by id. */
export function byDate(one: ToNumber, other: ToNumber): number {
  return one.issuedAt.getTime() - other.issuedAt.getTime() || (numberId(one) < numberId(other) ? -1 : 1);
}
