/**
 * Whose a ledger account is, as `model:ava`, or the subject of a message to the platform, which is named alike. Null for what is the
 * platform's, the world's, or an order's.
 */
export function ownerOf(named: string): string | null {
  const [, kind, id] = OWNED.exec(named) ?? [];
  if (id === undefined) return null;
  // What is held is held for an invoice, whose id is its week and its model.
  return kind === 'held' ? id.slice(id.indexOf(':') + 1) : id;
}

const OWNED = /^(account|model|credit|marketer|affiliate|held):(.+)$/;
