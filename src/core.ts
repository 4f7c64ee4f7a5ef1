import { createAccounts } from './accounts/accounts.ts';
import { WRONG_CODES_AN_HOUR } from './accounts/codeGuessing.ts';
import { createAccountStore } from './accounts/store.ts';
import { createAdjustments } from './adjustments/adjustments.ts';
import { createAnnounceAdjustment } from './adjustments/announceAdjustment.ts';
import { sealedAdjustments } from './adjustments/sealed.ts';
import { createAdjustmentStore } from './adjustments/store.ts';
import { createAdjustmentVerification } from './adjustments/verification.ts';
import { createAffiliates } from './affiliates/affiliates.ts';
import { createCommissionFacts } from './affiliates/commissions/commissionFacts.ts';
import { createExpectedPaydays } from './affiliates/payouts/expectedPaydays.ts';
import { createPayoutPreview } from './affiliates/payouts/preview.ts';
import { createStatements } from './affiliates/payouts/statements.ts';
import { createAffiliateStore } from './affiliates/store.ts';
import { createApprovals } from './approvals/approvals.ts';
import { createApprovalStore } from './approvals/store.ts';
import { createAudit } from './audit/audit.ts';
import { createBankResults } from './bankResults/bankResults.ts';
import { createBankResultStore } from './bankResults/store.ts';
import { createBooks } from './books/books.ts';
import { createCommands } from './commands/commands.ts';
import { createConfirmations } from './commands/core/confirmations.ts';
import { createContacts } from './commands/core/contacts.ts';
import { linkWitness } from './commands/linking.ts';
import { type Config, pagesOf } from './config.ts';
import { openedNotice, stolenNotice } from './console/announcements.ts';
import { createConsole } from './console/console.ts';
import { createInitDataUses } from './console/initDataUses.ts';
import { createConsoleStore } from './console/store.ts';
import { createTelegramUser } from './console/telegramUser.ts';
import { createCommits } from './database/commits.ts';
import type { Database } from './database/connect.ts';
import { createLeases } from './database/lease.ts';
import { createDebts } from './debts/debts.ts';
import { createAffiliatesWeek } from './digests/affiliates.ts';
import { createDigests } from './digests/digests.ts';
import { createManagersMorning } from './digests/managers.ts';
import { createModelsSunday } from './digests/models.ts';
import { createRoundStore } from './digests/store.ts';
import { createToday } from './digests/today.ts';
import { createDocuments } from './documents/documents.ts';
import { createErasures } from './erasure/erasures.ts';
import { createRetention } from './erasure/retention.ts';
import { createHandlers } from './eventHandlers.ts';
import { createEventSimulations } from './eventSimulation.ts';
import { createCatalogue, EVENT_TYPES, SOURCE_EVENT } from './events/catalogue.ts';
import { NotYet } from './events/handler.ts';
import { createFollowUps } from './followUps.ts';
import { createHealth } from './health/health.ts';
import { createInbox, InboxUnavailable, KeyLacks } from './inbox/inbox.ts';
import { createInboxWorker } from './inbox/worker.ts';
import { createInvoicing } from './invoicing/invoicing.ts';
import { createInvoicingStore } from './invoicing/store.ts';
import type { Report } from './kernel/activity.ts';
import { createCalendar } from './kernel/calendar.ts';
import type { Secret } from './kernel/cipher.ts';
import type { Clock } from './kernel/clock.ts';
import type { MinorUnits } from './kernel/money.ts';
import { createThread } from './kernel/thread.ts';
import { createLedger } from './ledger/journal.ts';
import { createLive } from './live/live.ts';
import { noticeCounts } from './notices/delivery/counts.ts';
import { createChannelTroubles } from './notices/delivery/troubles.ts';
import { approvalNotices } from './notices/messages/approvals.ts';
import {
  appointmentNotices,
  codesGuessedNotices,
  daySealedNotices,
  parkedNotices,
  quarantineNotices,
} from './notices/messages/managers.ts';
import { adminKeyNotices, scopesNotices } from './notices/messages/rights.ts';
import { createNotices } from './notices/notices.ts';
import { createNoticeStore, createWaitingStore } from './notices/store.ts';
import { createTold } from './notices/told.ts';
import { createUnreached } from './notices/unreached.ts';
import { createOrders } from './orders/orders.ts';
import { createOrderStore } from './orders/store.ts';
import { createOutgoing } from './outgoing/outgoing.ts';
import { createMissingPayees } from './paydays/missingPayees.ts';
import { createPaydays } from './paydays/paydays.ts';
import { createPaydayStore } from './paydays/store.ts';
import { createPayees, PayeesLocked } from './payees/payees.ts';
import { createPayeeStore } from './payees/store.ts';
import { createPaymentFiles } from './paymentFiles/paymentFiles.ts';
import { createPaymentFileStore } from './paymentFiles/store.ts';
import { policyRecord } from './policiesInForce.ts';
import { createKeyring } from './privacy/keyring.ts';
import { createTexts } from './privacy/texts.ts';
import { createPromises } from './promises/promises.ts';
import { createPromiseStore } from './promises/store.ts';
import { createReceipts } from './receipts/receipts.ts';
import { createRepairs } from './repairs.ts';
import { createRights } from './rights/rights.ts';
import { createSales } from './sales/sales.ts';
import type { AnchorFile, KeptSeal } from './seals/anchorFile.ts';
import type { AnchorPost } from './seals/dayAnchors.ts';
import type { SealKey } from './seals/seal.ts';
import { createSeals } from './seals/seals.ts';
import { createSeries } from './series/series.ts';
import { createSeriesStore } from './series/store.ts';
import { createShadow } from './shadow/shadow.ts';
import { createShadowStore } from './shadow/store.ts';
import { createSimulation } from './simulation/simulation.ts';
import { createDeclaredSource } from './sources/declared/declaredSource.ts';
import { createSources } from './sources/sources.ts';
import { createStripeMemory } from './sources/stripe/memory.ts';
import { createStripeSource, STRIPE_PAYMENT } from './sources/stripe/stripe.ts';
import { dunningSteps } from './standing/dunningSteps.ts';
import { createLatePayers } from './standing/latePayers.ts';
import { createStandingStore } from './standing/store.ts';
import { createVerification } from './verification.ts';

export type Core = ReturnType<typeof createCore>;

/** The business over a database: every slice, put together, with nothing running yet and no way to reach it. */
export function createCore(deps: {
  database: Pick<Database, 'connection'>;
  config: Config;
  clock: Clock;
  /** How many events are worked on together; two thousand unless said otherwise. */
  eventsPerBatch?: number | undefined;
  onError: (error: unknown) => void;
  /** How long, in milliseconds, until every process has noticed an erasure. */
  erasureSettleMs?: number | undefined;
  /** What seals are made with, and where they are told; without, nothing is sealed. */
  seals?: { keys: readonly SealKey[]; anchors?: AnchorFile; post?: AnchorPost | undefined } | undefined;
  /** What payees are encrypted with, the one that is written with first; without, there are none. */
  payeeKeys?: readonly Secret[] | undefined;
  /** Hears what the business does. */
  report?: Report;
  /** Whether what is due may be decided now: not while our clock is another one than the database's. */
  mayDecide?: () => boolean;
}) {
  const { config, clock, report = () => undefined, mayDecide = () => true } = deps;
  const { connection } = deps.database;
  const { policy } = config;
  const platform = { timeZone: config.PLATFORM_TIME_ZONE, currency: config.PLATFORM_CURRENCY, pages: pagesOf(config) };
  const calendar = createCalendar(platform.timeZone);
  const catalogue = createCatalogue(platform.currency);
  const leases = createLeases(connection);
  const commits = createCommits(connection);
  const keyring = createKeyring(connection, deps.payeeKeys);
  const texts = createTexts(keyring);
  const audit = createAudit(connection, texts, report);
  const accounts = createAccounts(createAccountStore(connection), {
    texts,
    onWrongCode: async (isFlood, now) => {
      report({ kind: 'wrong-code' });
      if (!isFlood) return;
      const managerIds = await accounts.idsOfRole('manager');
      await notices.enqueue(codesGuessedNotices(managerIds, WRONG_CODES_AN_HOUR, now), now);
    },
    onManagersChanged: async (changes, now) =>
      notices.enqueue(appointmentNotices(await accounts.idsOfRole('manager'), changes, now), now),
    onRoleDecided: async ({ accountId, number, role, before, by: actor, reason, at }) => {
      const action = role === null ? 'role.released' : 'role.decided';
      const change = { before: { role: before }, after: { role } };
      const subject = `account:${accountId}`;
      await audit.record({ key: `role:${accountId}#${number}`, actor, action, subject, reason, ...change, at });
      await orders.capacityChanged([accountId], at);
      const now = await accounts.get(accountId);
      if (now?.role === 'model') await inboxWorker.wake([`model:${accountId}`]);
    },
  });
  const shadow = createShadow(createShadowStore(connection), {
    ...{ calendar, report },
    issueAt: policy.invoicing.issueAt,
    isOn: config.SHADOW,
  });
  const noticeStore = createNoticeStore(connection);
  const waitingStore = createWaitingStore(connection);
  const channelTroubles = createChannelTroubles();
  const notices = createNotices({
    store: noticeStore,
    ...{ waitingStore, accounts, texts },
    policy: policy.notices,
    timeZone: platform.timeZone,
    onUnreached: async (accountIds, now) => {
      await unreached.report(accountIds, now);
      await standing.noteUnreached(accountIds, now);
    },
    onWarned: (modelId, now) => standing.onWarned(modelId, now),
    withheld: shadow.withheld,
  });
  const outgoing = createOutgoing({
    ...{ connection, texts, clock },
    // In shadow everything is announced, so that what would be sent can be counted.
    enabled: config.PLATFORM_WEBHOOK_URL !== undefined || config.SHADOW,
    withhold: shadow.withheld?.webhooksOut,
    onParked: async (webhook, now) =>
      notices.enqueue(parkedNotices(await accounts.idsOfRole('manager'), webhook, now), now),
  });
  const unreached = createUnreached({ accounts, outgoing, enqueue: notices.enqueue });
  const ledger = createLedger({ connection, texts, clock });
  const sales = createSales({ connection, policy: policy.commissions });
  const books = createBooks({ connection, ledger, leases, calendar, clock, ...platform, issuer: config.issuer });
  const invoicing = createInvoicing({
    store: createInvoicingStore(connection),
    ...{ leases, ledger, accounts, notices, outgoing, audit, calendar, clock, texts },
    policy: policy.invoicing,
    firstStepAt: (invoice) => dunningSteps(invoice, policy.sanctions, calendar)[0]?.at ?? null,
    numberDocuments: books.numbers.assign,
    refreshStanding: (modelIds, now) => standing.refreshStanding(modelIds, now),
    settlePromises: (invoiceIds, now) => promises.settle(invoiceIds, now),
    payDebts: (grown, now) => debts.payAll(grown, now),
    sales,
  });
  const { unpaidInvoices, overdueInvoices } = invoicing;
  const standing = createLatePayers({
    store: createStandingStore(connection),
    texts,
    ...{ unpaidInvoices, overdueInvoices, ledger, accounts, notices, outgoing, audit, calendar, platform, policy },
    finishIssue: invoicing.pendingEffects.process,
    announceInvoicesFirst: invoicing.pendingEffects.announceFirst,
    ordersOf: (modelIds) => orders.completedOf(modelIds),
    promisesOf: (modelIds) => promises.promisesOf(modelIds),
    withPendingPromises: (modelIds) => promises.pendingAmong(modelIds),
    offersOf: (asked) => promises.offersOf(asked),
    onTerminated: (modelId, now) => orders.stopAll(modelId, now),
  });
  const promises = createPromises({
    store: createPromiseStore(connection),
    ...{ ledger, accounts, notices, outgoing, audit, calendar, policy },
    ...invoicing,
    ...{ factsOf: standing.factsOf, refreshStanding: standing.refreshStanding },
  });
  const debts = createDebts(
    () => [invoicing.invoices.debts, orders.debts],
    (grown, now) => orders.announceFunded(grown, now),
  );
  const orders = createOrders({
    store: createOrderStore(connection),
    ...{ ledger, accounts, notices, outgoing, audit, sales, debts, calendar },
    standings: standing.standings.standings,
    refreshStanding: standing.refreshStanding,
    campaignModels: invoicing.transactions.modelsOf,
    arrived: (keys) => inboxWorker.wake(keys),
    policy: policy.orders,
    trackingLink: config.TRACKING_LINK,
    platform,
  });
  const rights = createRights({
    ...{ connection, texts, audit, accounts, clock, onError: deps.onError },
    managers: policy.roles.manager,
    onAdminKey: async (change, at) =>
      notices.enqueue(adminKeyNotices(await accounts.idsOfRole('manager'), change, at), at),
    onScopesChanged: async (change, at) =>
      notices.enqueue(scopesNotices(await accounts.idsOfRole('manager'), change, at), at),
  });
  const approvals = createApprovals({
    store: createApprovalStore(connection),
    audit,
    people: policy.payouts.approvals,
    mayAsk: (actor) => rights.mayDo(actor, 'payouts.approve'),
    onAsked: async (request, now) =>
      notices.enqueue(approvalNotices(await accounts.idsOfRole('manager'), request, now), now),
  });
  const payees = createPayees({
    store: createPayeeStore(connection),
    ...{ keyring, accounts, audit, notices },
    placeHold: (wanted, at) => paydays.holds.place(wanted, at),
    heldUntil: async (accountId, at) => (await paydays.holds.ofAccount(accountId, at))?.until ?? null,
    isMeant: config.PAYEE_KEYS !== undefined,
  });
  const affiliateStore = createAffiliateStore(connection);
  const affiliates = createAffiliates({
    store: affiliateStore,
    leases,
    ledger,
    accounts,
    notices,
    outgoing,
    audit,
    approvals,
    sales,
    calendar,
    policy,
    clock,
    numberStatements: books.numbers.assign,
    heldPayouts: (payouts, now) => paydays.holds.ofPayouts(payouts, now),
    batch: {
      isApproved: (payout) => paydays.batches.isApproved(payout),
      toSettle: (cycle, at) => paydays.batches.toSettle(cycle, at),
    },
    missingPayees: (accountIds) => payees.missingAmong(accountIds),
    onPayoutsTold: (payouts) =>
      inboxWorker.wake(
        payouts.map(({ payoutId, hasEnded }) => (hasEnded ? `endedPayout:${payoutId}` : `payout:${payoutId}`)),
      ),
  });
  const adjustmentStore = createAdjustmentStore(connection);
  const adjustments = createAdjustments({
    store: adjustmentStore,
    ...{ texts, accounts, ledger },
    affiliateItems: affiliates.adjustmentItems,
    // What is there at a payday's 00:00 or later is not in it (rules 6.6).
    nextPayday: (at) => affiliates.payoutCalendar.cycleFrom(new Date(at.getTime() + 1)),
    payDebts: debts.payAll,
    announceAdjustment: createAnnounceAdjustment({ audit, notices, outgoing }),
  });
  const paydays = createPaydays({
    store: createPaydayStore(connection),
    ...{ accounts, notices, outgoing, audit, texts, calendar, approvals, ledger, clock },
    ...affiliates,
    withoutPayee: (accountIds) => payees.missingAmong(accountIds),
    touchedBy: async (accountIds, since) =>
      (await Promise.all([adjustments, payees].map(({ changesBy }) => changesBy(accountIds, since)))).flat(),
  });
  const thread = createThread();
  const paymentFiles = createPaymentFiles({
    store: createPaymentFileStore(connection),
    batches: paydays.batches,
    payeesOf: payees.of,
    isLocked: (error) => error instanceof PayeesLocked,
    heldOf: paydays.holds.ofPayouts,
    payouts: affiliates.payoutBatches,
    ...{ audit, calendar, thread, currency: platform.currency },
    issuer: config.issuer,
  });
  const bankResults = createBankResults({
    store: createBankResultStore(connection),
    batches: paydays.batches,
    ...{ payoutBatches: affiliates.payoutBatches, returns: affiliates.returns },
    paidByMessage: paymentFiles.paidByMessage,
    ...{ audit, thread, currency: platform.currency },
  });
  const stripeMemory = createStripeMemory(connection);
  const sources = createSources({
    sources: [createStripeSource(stripeMemory), ...config.sources.map(createDeclaredSource)],
    ...{ catalogue, report },
    receive: async (event) => {
      try {
        return await inbox.receive(event);
      } catch (error) {
        throw error instanceof InboxUnavailable && !(error instanceof KeyLacks)
          ? new NotYet(error.message, { cause: error })
          : error;
      }
    },
    ignore: (eventIds) => inboxWorker.ignore(eventIds),
    existing: (eventIds) => inbox.existing(eventIds),
    madeOf: (eventId) => inbox.madeOf(eventId),
  });
  const inboxWorker = createInboxWorker({
    ...{ connection, keyring },
    eventsPerBatch: deps.eventsPerBatch,
    leases,
    clock,
    catalogue,
    handlers: [
      sources.handler,
      ...createHandlers({
        ...{ accounts, ledger, sales, invoicing, orders, affiliates, debts, payees },
        currency: platform.currency,
        revise: (revision) => inboxWorker.revise(revision),
      }),
    ],
    exists: {
      account: (ids) => accounts.existing(ids),
      model: (ids) => accounts.existing(ids, 'model'),
      campaign: async (ids) =>
        new Set([...(await invoicing.transactions.existingCampaigns(ids)), ...(await orders.existingCampaigns(ids))]),
      order: orders.existing,
      subscription: (ids) => sales.existing('subscriptions', ids),
      payment: (ids) => sales.existing('payments', ids),
      refundRequest: (ids) => sales.existing('refundRequests', ids),
      program: sales.existingPrograms,
      payout: affiliates.payouts.existing,
      endedPayout: affiliates.payouts.ended,
      [STRIPE_PAYMENT]: async (ids) => new Set((await stripeMemory.invoicesOf(ids)).keys()),
    },
    attempts: policy.events.attempts,
    waitDays: policy.events.waitDays,
    onQuarantined: async (events, now) => {
      for (const { eventId, type, error } of events) report({ kind: 'event-quarantined', eventId, type, error });
      await notices.enqueue(quarantineNotices(await accounts.idsOfRole('manager'), events, now), now);
    },
    report,
    onError: deps.onError,
    mayDecide,
  });
  const affiliateReading = { ...affiliates, store: affiliateStore, sales, clock };
  const payoutPreview = createPayoutPreview(affiliateReading);
  const simulation = {
    ...{ monday: invoicing.preview.next, payday: payoutPreview.of },
    ...createSimulation({
      ...{ monday: invoicing.preview, payday: { next: () => payoutPreview.of(), weight: payoutPreview.weight } },
      clock,
    }),
  };
  const statements = createStatements({ store: affiliateStore, ...affiliates });
  const documents = createDocuments({
    ...{ ...affiliates, ...invoicing, statements, accounts, platform, books },
    finishIssue: invoicing.pendingEffects.process,
  });
  const inbox = createInbox({
    ...{ connection, keyring, texts, clock, catalogue },
    knows: (type) => type === SOURCE_EVENT || EVENT_TYPES.some((known) => known === type),
    brings: inboxWorker.brings,
    onStored: inboxWorker.nudge,
    onWritten: commits.note,
  });
  const webConsole = createConsole({
    store: createConsoleStore(connection),
    ...{ accounts, audit, clock },
    onOpened: (opened, now) => notices.enqueue([openedNotice(opened, now)], now),
    onStolen: (ended, now) => notices.enqueue([stolenNotice(ended, now)], now),
  });
  const erasures = createErasures({
    ...{ connection, keyring, accounts, audit, clock },
    open: {
      balances: ledger.balances,
      invoicing: invoicing.openOf,
      orders: orders.openOf,
      affiliates: affiliates.openOf,
      pendingEvents: inbox.pendingAbout,
    },
    eraseEventsAbout: inbox.eraseAbout,
    endSessions: webConsole.sessions.endErased,
    ordersOf: orders.idsOf,
    partiesOf: orders.partiesOf,
    settleMs: deps.erasureSettleMs,
  });
  const retention = createRetention({
    ...{ keyring, audit, clock, isPending: inbox.isPending },
    retentionDays: config.RETENTION_DAYS,
  });
  const sealedSources = [
    ...[ledger.sealed, inbox.sealed, standing.sealed, audit.sealed],
    ...rights.sealed,
    promises.sealed,
    ...[accounts, sales, invoicing, orders, affiliates, paydays, paymentFiles, bankResults, books].flatMap(
      ({ sealed }) => sealed,
    ),
    sealedAdjustments(adjustmentStore),
  ];
  const seals = createSeals({
    ...{ connection, onError: deps.onError },
    sources: sealedSources,
    keys: deps.seals?.keys ?? [],
    anchors: deps.seals?.anchors,
    dayAnchors: {
      isPosted: config.ANCHOR_URL !== undefined && !config.SHADOW,
      post: deps.seals?.post,
      onPosted: (outcome, error) => report({ kind: 'anchor-out', outcome, error }),
      announce: async (anchor, now) => {
        report({ kind: 'day-sealed', ...anchor });
        await notices.enqueue(daySealedNotices(await accounts.idsOfRole('manager'), anchor, now), now);
      },
    },
  });
  const receipts = createReceipts({ ...{ seals, ledger, orders, affiliates }, ...invoicing });
  const expectedPaydays = createExpectedPaydays(affiliateReading);
  const digests = createDigests({
    store: createRoundStore(connection),
    ...{ accounts, notices, policy: policy.notices, timeZone: platform.timeZone },
    sources: {
      manager: createManagersMorning({ ...standing, ...invoicing, ...affiliates, inbox, outgoing, accounts }),
      model: createModelsSunday({ ...invoicing, ledger }),
      affiliate: createAffiliatesWeek({ ...{ ledger, expectedPaydays, calendar }, ...affiliates, ...platform }),
    },
  });
  const today = createToday({
    ...{ ...standing, promises, orders, inbox, outgoing, accounts, approvals, erasures, calendar },
    ...{ ...affiliates, batches: paydays.batches, holds: paydays.holds },
    missingPayees: createMissingPayees({ payoutBatches: affiliates.payoutBatches, payees }),
  });
  const told = createTold({ store: noticeStore, ...{ waitingStore, texts } });
  const telegramUser = createTelegramUser({
    botToken: config.TELEGRAM_BOT_TOKEN,
    uses: createInitDataUses(connection),
  });
  const health = createHealth({
    ...{ inbox, outgoing, accounts, channelTroubles },
    noticeCounts: () => noticeCounts(noticeStore, waitingStore),
  });
  const live = createLive({
    sources: sealedSources,
    counts: { events: inbox.counts, webhooks: outgoing.counts },
    partiesOf: orders.partiesOf,
    onError: deps.onError,
  });
  const series = createSeries({
    store: createSeriesStore(connection),
    ...{ leases, calendar },
    invoices: invoicing.overdueInvoices,
    orders: orders.series,
    cycles: affiliates.cycles.views,
    webhooks: outgoing.latency,
    paydays: affiliates.payoutCalendar,
  });
  const commands = createCommands({
    console: webConsole,
    receipts,
    scopesOf: rights.managers.scopesOf,
    accounts,
    notices,
    ledger,
    ...invoicing,
    ...standing,
    promises,
    orders,
    affiliates,
    adjustments,
    holds: paydays.holds,
    bankResults,
    batches: paydays.batches,
    batchActs: paydays.batchActs,
    paymentFiles,
    expectedPaydays,
    payees,
    digests,
    commissionFacts: createCommissionFacts({ ...affiliateReading, policy: policy.commissions }),
    documents,
    simulation,
    inbox,
    outgoing,
    health,
    confirmations: createConfirmations(connection),
    contacts: createContacts(connection),
    policy,
    audit,
    clock,
    platform,
    mayDecide,
  });

  const eventSimulations = createEventSimulations({
    connection,
    imagine: (overlay) =>
      createCore({
        ...{ config, clock },
        database: { connection: overlay },
        payeeKeys: deps.payeeKeys,
        onError: deps.onError,
      }),
  });
  const followUps = createFollowUps({
    kinds: [
      accounts.unfinishedRoles,
      accounts.unfinishedLinks((user, now) => linkWitness({ audit, notices, digests }, user, now)),
      ...rights.unfinished,
      ...[invoicing, orders, standing, affiliates, adjustments, paydays, paymentFiles, bankResults].flatMap(
        ({ unfinished }) => unfinished,
      ),
      ...[unreached, notices, payees, promises, webConsole].map(({ unfinished }) => unfinished),
    ],
    ...{ leases, clock, onError: deps.onError },
  });

  const examine = createVerification({
    ...{
      inbox,
      audit,
      accounts,
      rights,
      sales,
      ledger,
      books,
      invoicing,
      standing,
      promises,
      orders,
      affiliates,
      adjustments: createAdjustmentVerification({ store: adjustmentStore, texts, ledger }),
      payees,
      paydays,
      paymentFiles,
      bankResults,
      outgoing,
      sources,
      inboxWorker,
      erasures,
      seals,
      series,
      policy,
      clock,
    },
  });

  /**
   * Every difference between what is stored and what follows from it, a line each (docs/operations.md). `anchors`: seals
   * that somebody has kept elsewhere.
   */
  async function verify(anchors: KeptSeal[] = []): Promise<string[]> {
    return (await examine(anchors)).differences;
  }

  /** Notes the policy that the service works by from here on: what it decides is compared with it. */
  async function notePolicy(): Promise<void> {
    await audit.record(policyRecord(policy, clock.now()));
  }

  /** What is unpaid past due, held for orders, and drawn up as payouts that are not paid yet (docs/operations.md). */
  async function money(): Promise<{ overdue: MinorUnits; escrow: MinorUnits; payable: MinorUnits }> {
    const [overdue, escrow, payable] = await Promise.all([
      // By model, as its totals are, it would be three times the work at each scrape.
      standing.overdue.backlog(clock.now()),
      orders.inEscrow(),
      affiliates.payouts.payable(),
    ]);
    return { overdue: overdue.amount ?? 0, escrow, payable };
  }

  return {
    connection,
    clock,
    report,
    platform,
    catalogue,
    leases,
    commits,
    mayDecide,
    audit,
    accounts,
    rights,
    noticeStore,
    channelTroubles,
    notices,
    digests,
    today,
    told,
    health,
    unreached,
    outgoing,
    ledger,
    books,
    invoicing,
    standing,
    promises,
    orders,
    affiliates,
    adjustments,
    payees,
    paydays,
    paymentFiles,
    bankResults,
    thread,
    documents,
    simulation,
    sources,
    shadow,
    inboxWorker,
    inbox,
    eventSimulations,
    erasures,
    retention,
    seals,
    receipts,
    live,
    series,
    console: webConsole,
    telegramUser,
    followUps,
    runCommand: commands.run,
    explain: commands.explain,
    suggestArguments: commands.suggest,
    scopesOf: rights.managers.scopesOf,
    usableFor: commands.usableFor,
    money,
    notePolicy,
    repair: createRepairs({ ledger }),
    examine,
    verify,
  };
}
