/** Kinds of news that can wait for others of their kind; what is urgent, or asks for something, is none of these. */
export const TOPICS = [
  'commissions',
  'approvals',
  'payouts',
  'orders',
  'receipts',
  'overdue',
  'alerts',
  'seals',
] as const;
export type Topic = (typeof TOPICS)[number];

/** How often somebody wants to hear of a topic. */
export const CADENCES = ['at-once', 'daily', 'weekly', 'never'] as const;
export type Cadence = (typeof CADENCES)[number];

/** One charge is one commission, and an affiliate may have hundreds a day; so may managers have invoices overdue (rules 3). */
const DEFAULT_CADENCES: Partial<Record<Topic, Cadence>> = {
  commissions: 'daily',
  overdue: 'daily',
  seals: 'daily',
};

/** Topics of which the first of a day does not wait for the others. */
export const FIRST_AT_ONCE: readonly Topic[] = ['overdue'];

/** What somebody has chosen. */
export type Cadences = Partial<Record<Topic, Cadence>>;

/** How often a person hears of a topic. */
export function cadenceOf({ cadences }: { cadences?: Cadences }, topic: Topic): Cadence {
  return cadences?.[topic] ?? DEFAULT_CADENCES[topic] ?? 'at-once';
}
