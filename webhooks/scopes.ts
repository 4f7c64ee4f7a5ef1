import type { Scope } from '../src/rights/scope.ts';

/**
 * The scope that each operation needs (src/rights/scope.ts), by its operationId. Every operation behind the key stands here; a test
 * names one that does not, and until it does nobody without `admin` may call it.
 *
 * What to choose: whatever only looks, simulations and files among it, is `read`. An act has the scope of what it acts on, and its
 * command in chat the same: invoices, and what comes in by events, `invoices`; standing, promises, people `sanctions`; orders, and the
 * chats of people, `orders`; whatever makes up a payday or changes what is in it `payouts.prepare`; saying that money may go, or has
 * gone, `payouts.approve`; giving rights, or what cannot be given back, `admin`. One scope each: an act that needs two is two acts.
 */
export const OPERATION_SCOPES: Readonly<Record<string, Scope>> = {
  getAccount: 'read',
  createLinkCode: 'orders',
  listLinks: 'read',
  endLinks: 'orders',
  endLink: 'orders',
  decideRole: 'admin',
  releaseRole: 'admin',
  requestErasure: 'admin',
  getErasure: 'read',
  getPayee: 'read',
  setPayee: 'payouts.prepare',
  removePayee: 'payouts.prepare',

  listInvoices: 'read',
  getInvoice: 'read',
  getInvoiceCsv: 'read',
  getInvoiceCsvFile: 'read',
  getInvoicePdf: 'read',
  getInvoicePdfFile: 'read',
  payInvoice: 'invoices',
  voidInvoice: 'invoices',
  writeOffInvoice: 'invoices',
  payInvoiceOutside: 'invoices',

  getStanding: 'read',
  listTrustChanges: 'read',
  grantGrace: 'sanctions',
  terminatePartnership: 'sanctions',
  keepPartnership: 'sanctions',
  listOverdue: 'read',
  getOverdueCsv: 'read',
  getOverdueCsvFile: 'read',

  listOrders: 'read',
  getOrder: 'read',
  listFans: 'read',
  acceptOrder: 'orders',
  rejectOrder: 'orders',
  stopOrder: 'orders',

  listCommissions: 'read',
  getCommission: 'read',
  listPayouts: 'read',
  getPayout: 'read',
  getPayoutCsv: 'read',
  getPayoutCsvFile: 'read',
  getPayoutPdf: 'read',
  getPayoutPdfFile: 'read',
  processPayout: 'payouts.approve',
  settlePayout: 'payouts.approve',
  failPayout: 'payouts.approve',
  holdPayout: 'payouts.prepare',
  releasePayout: 'payouts.prepare',
  holdAccountPayouts: 'payouts.prepare',
  releaseAccountPayouts: 'payouts.prepare',
  makePaymentFile: 'payouts.prepare',
  getPaymentFile: 'payouts.prepare',
  listPaymentFiles: 'read',
  getPayoutCycle: 'read',
  getPayoutCycleCsv: 'read',
  getPayoutCycleCsvFile: 'read',
  getPayoutCyclePdf: 'read',
  settlePayoutCycle: 'payouts.approve',
  checkPayoutCycle: 'payouts.prepare',
  excludePayout: 'payouts.prepare',
  includePayout: 'payouts.prepare',
  approvePayoutCycle: 'payouts.approve',

  getShadow: 'read',
  simulateRun: 'read',
  simulateRunCsv: 'read',
  simulateRunCsvFile: 'read',
  getBalance: 'read',
  listLedgerEntries: 'read',
  listEvents: 'read',
  getEvent: 'read',
  replayEvent: 'invoices',
  dismissEvent: 'invoices',
  listWebhooks: 'read',
  getWebhook: 'read',
  replayWebhook: 'invoices',
  listAuditRecords: 'read',
  getReceipt: 'read',

  // Everything that is due happens then: no more than any key could do before there were scopes, and nothing for one that reads.
  getTestClock: 'read',
  moveTestClock: 'invoices',
  settleTestClock: 'invoices',
};
