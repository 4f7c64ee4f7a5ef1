/** What a command says on a page, and where the console is open: no calls of `/v1` by their paths. */
const TOLD = 'told';
const SESSIONS = 'sessions';

/**
 * Which queries a topic of `GET /v1/live` makes old: those whose path begins with one of these. What follows from other things stands with
 * each of them: standing and what is overdue with invoices, what is to be done today with nearly all.
 */
export const QUERIES_OF: Readonly<Record<string, readonly string[]>> = {
  invoices: [
    ...[
      '/v1/invoices',
      '/v1/overdue',
      '/v1/models',
      '/v1/accounts',
      '/v1/today',
      '/v1/simulate',
      '/v1/series',
      '/v1/audit',
    ],
    TOLD,
  ],
  standing: ['/v1/models', '/v1/overdue', '/v1/orders', '/v1/accounts', '/v1/today', '/v1/audit', TOLD],
  orders: ['/v1/orders', '/v1/marketers', '/v1/models', '/v1/accounts', '/v1/today', '/v1/audit', TOLD],
  fans: ['/v1/orders', '/v1/marketers', '/v1/series', TOLD],
  commissions: ['/v1/commissions', '/v1/accounts', '/v1/simulate', TOLD],
  payouts: ['/v1/payouts', '/v1/payout-cycles', '/v1/accounts', '/v1/today', '/v1/series', '/v1/audit', TOLD],
  cycles: ['/v1/payout-cycles', '/v1/payouts', '/v1/today', '/v1/simulate', '/v1/series', '/v1/audit'],
  events: ['/v1/events', '/v1/waiting', '/v1/health', '/v1/today', '/v1/audit'],
  webhooks: ['/v1/webhooks', '/v1/health', '/v1/today', '/v1/series', '/v1/audit'],
  accounts: [
    ...['/v1/accounts', '/v1/audit', '/v1/overdue', '/v1/orders', '/v1/marketers', '/v1/health', '/v1/today'],
    ...[SESSIONS, TOLD],
  ],
  ledger: ['/v1/ledger', '/v1/adjustments', '/v1/accounts', '/v1/commissions', '/v1/series', '/v1/audit', TOLD],
};

/** Whether changes may have made the answer of an operation, as `GET /v1/invoices`, another. An unknown topic may have changed anything. */
export function isOld(operation: unknown, topics: ReadonlySet<string>): boolean {
  const path = String(operation).replace(/^\S+ /, '');
  return [...topics].some((topic) => QUERIES_OF[topic]?.some((prefix) => path.startsWith(prefix)) ?? true);
}
