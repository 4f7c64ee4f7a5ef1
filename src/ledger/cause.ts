/** What an entry was written for. A top-up names itself, as the platform does. */
export type Cause = { kind: (typeof CAUSES)[number]; id: string };

export const CAUSES = ['topup', 'invoice', 'order', 'payout', 'commission', 'adjustment'] as const;

/**
 * How the ids of entries go on after what they are of, by its kind. Ids of invoices, orders and accounts may have colons of their own, so
 * only the last part says what became of it.
 */
const ENDS: Record<Cause['kind'], RegExp> = {
  topup: /^(.+)$/,
  invoice: /^(.+?):(?:part:\d+(?::declined|:returned)?|[a-z_]+(?:-\d+)?)$/,
  order: /^(.+?):(?:amount:\d+|[a-z_-]+)$/,
  payout: /^(.+?):[a-z]+$/,
  commission: /^(.+?):(?:approved|corrected:\d+)$/,
  adjustment: /^(.+?)(?::refused)?$/,
};

/** What an entry is of, as its id says; null for an id that is none of ours. */
export function causeOf(entryId: string): Cause | null {
  const kind = CAUSES.find((one) => entryId.startsWith(`${one}:`));
  if (kind === undefined) return null;
  const id = ENDS[kind].exec(entryId.slice(kind.length + 1))?.[1];
  return id === undefined ? null : { kind, id };
}
