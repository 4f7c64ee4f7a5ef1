import type { NoticeContent } from '../../src/notices/messages/noticeContent.ts';

const AT = new Date('2026-11-23T06:00:00Z');

type DataOf<K extends NoticeContent['kind']> = Extract<NoticeContent, { kind: K }>['data'];

/** Each kind once, `x` where a person or a program outside wrote something. */
function samples(x: string): { [K in NoticeContent['kind']]: DataOf<K>[] } {
  const invoice = { invoiceId: '2026-W47:m1', week: '2026-W47', total: 4_108 };
  const unpaid = { ...invoice, dueAt: AT, balance: 0, ahead: [], heldUntil: null };
  const promised = { ...invoice, rest: 4_108, until: AT, balance: 0, trustLost: 5, weeks: 8 };
  const inForce = { campaigns: 'paused' as const, cplOrders: 'allowed' as const, heldUntil: null };
  const issued = { ...invoice, discount: 1, credit: 1, late: 1, balance: 0 };
  const order = {
    ...{ orderId: 'o1', modelId: 'm1', marketerId: 'k1', client: x, marketer: x, quantity: 100, pricePerFan: 150 },
    ...{ total: 15_000, prepaid: true, chunkSize: null },
  };
  const both = <T extends object>(data: T) =>
    (['client', 'marketer'] as const).map((to) => ({ ...order, to, ...data }));
  const run = { delivered: 50, paid: 7_500, owed: 1, link: 'https://example.com/c/o1' };
  const firstCharge = { commissionId: 's1~first', amount: 100, paidAt: AT };
  const commission = { ...firstCharge, payday: '2026-12-01' };
  const payout = { payoutId: '2026-12-01:a1', amount: 100 };
  const adjustment = { adjustmentId: 'adj~q83vEjRWeJCrze8SNFZ4kA', amount: 100, reason: x, balance: 250 };
  const holds = [payout.payoutId, null].flatMap((payoutId) =>
    [false, true].map((isReleased) => ({ payoutId, amount: 100, until: AT, reason: x, isReleased })),
  );
  const because = [{ kind: 'client-owes' as const, amount: 1 }];
  const ahead = [
    { sanction: 'campaigns-paused' as const, at: null, payment: 9_000 },
    { sanction: 'cpl-orders-blocked' as const, at: AT, payment: 4_108 },
  ];
  const sepa = { method: 'sepa' as const, masked: 'DE89 … 3000' };
  const tron = { method: 'usdt-trc20' as const, masked: 'TJRy … tDeC' };
  const record = { tier: 'standard' as const, trustScore: 62, paidOnTime: 9, invoices: 10, coveredFans: 40 };
  return {
    'invoice.issued': [{ ...issued, dueAt: AT }],
    'invoice.receipt': [{ ...issued, paidAt: AT }],
    'invoice.credited': [{ ...invoice, total: 0, credit: 1, creditLeft: 1 }],
    'invoice.paid': [
      ...(['top-up', 'chat', 'platform'] as const).map((by) => ({ ...invoice, paidAt: AT, balance: 0, by })),
      { ...invoice, paidAt: AT, balance: 0, by: 'outside', reference: x },
    ],
    'invoice.voided': [{ ...invoice, reason: x, creditReturned: 0 }],
    'invoice.written_off': [{ ...invoice, reason: x }],
    'invoice.insufficient': [{ ...invoice, dueAt: AT, balance: 0, missing: 1 }],
    'invoice.due_soon': [
      { ...unpaid, ahead: ahead.map((one) => ({ ...one, at: AT })) },
      { ...unpaid, balance: 4_108 },
    ],
    'invoice.overdue': [
      { ...unpaid, ahead },
      { ...unpaid, balance: 5_000, heldUntil: AT },
      { ...unpaid, ahead, offer: { untils: [AT], parts: { first: 1_027, rest: 3_081 } } },
    ],
    'invoice.reminder': [{ ...unpaid, ahead, held: 1_027, number: 10 }],
    'invoice.reminded': [
      { ...unpaid, ahead, isOverdue: true },
      { ...unpaid, isOverdue: false },
      { ...unpaid, isOverdue: true, promisedUntil: AT },
    ],
    'invoice.card': [
      { ...invoice, dueAt: AT, state: 'overdue', at: AT, balance: 10 },
      { ...invoice, dueAt: AT, state: 'overdue', at: AT, balance: 10, offer: { untils: [AT], parts: null } },
      { ...invoice, dueAt: AT, state: 'promised', at: AT, balance: 10, held: 1_027, until: AT },
      ...(['overdue', 'completed', 'void', 'written_off'] as const).map((state) => ({
        ...invoice,
        dueAt: AT,
        state,
        at: AT,
      })),
    ],
    'promise.made': [
      { ...promised, first: null },
      { ...promised, rest: 3_081, first: 1_027 },
    ],
    'promise.due_soon': [promised],
    'promise.broken': [
      { ...promised, ...inForce },
      { ...promised, ...inForce, cplOrders: 'blocked', trustLost: 0 },
      { ...promised, ...inForce, campaigns: 'running', heldUntil: AT },
    ],
    'promise.refused': [
      { ...promised, ...inForce, reason: x },
      { ...promised, ...inForce, campaigns: 'running', reason: x },
    ],
    'sanctions.changed': [
      {
        ...{ changes: ['partnership.terminated' as const], campaigns: 'stopped' as const, overdueCount: 1 },
        ...{ overdueTotal: 1, heldUntil: null, trustScore: 1, reason: x },
      },
      ...[[{ ...invoice }], [{ ...invoice }, { ...invoice }], undefined].map((paid) => ({
        ...{ changes: ['campaigns.resumed' as const, 'cpl_orders.unblocked' as const], campaigns: 'running' as const },
        ...{
          overdueCount: 0,
          overdueTotal: 0,
          heldUntil: null,
          trustScore: 40,
          ...(paid === undefined ? {} : { paid }),
        },
      })),
      {
        ...{ changes: ['campaigns.resumed' as const], campaigns: 'running' as const, overdueCount: 1 },
        ...{ overdueTotal: 60_000, heldUntil: null, trustScore: 40 },
      },
      {
        ...{ changes: ['cpl_orders.blocked' as const], campaigns: 'paused' as const, overdueCount: 2 },
        ...{ overdueTotal: 60_000, heldUntil: null, trustScore: 40 },
      },
    ],
    'sanctions.grace': [{ until: AT, reason: x, isLonger: true, lifted: [], overdueCount: 1, overdueTotal: 1 }],
    'contractor.campaigns': (['paused', 'resumed', 'stopped'] as const).map((state) => ({
      modelId: 'm1',
      name: x,
      state,
    })),
    'order.placed': [
      ...both({ respondBy: AT, recommended: 50, renewalOf: null, record }),
      ...both({ respondBy: AT, recommended: null, renewalOf: 'o0' }),
    ],
    'order.nudge': both({ respondBy: AT, hoursLeft: 1 }),
    'order.accepted': [
      ...both({ position: 1, link: run.link }),
      ...both({ position: null, link: run.link, startedAt: AT, record }),
    ],
    'order.short': both({ missing: 1, respondBy: AT }),
    'order.acceptable': both({ respondBy: AT }),
    'order.rejected': both({ reason: x }),
    'order.expired': [...both({ respondBy: AT }), ...both({ respondBy: AT, isFunded: false })],
    'order.cancelled': both({ reason: x }),
    'order.refused': both({ because }),
    'order.started': both({ link: run.link, startedAt: AT, record }),
    'order.progress': [...both({ ...run, percent: 50, record }), ...both({ ...run, delivered: 100, percent: 100 })],
    'order.idle': both({ ...run, since: AT, stopsAt: AT, daysLeft: 3 }),
    'order.card': (['completed', 'stopped'] as const).flatMap((status) => both({ ...run, status })),
    'order.completed': both(run),
    'order.stopped': both({ ...run, cause: 'guarantee-violated' as const, reason: x, returned: 1 }),
    'order.not_renewed': [...both({ because }), ...both({ because, progress: { ...run, delivered: 100 } })],
    'charge.owed': both({ amount: 1, fans: 1, missing: 1 }),
    'charge.paid': both({ amount: 1, fans: 1 }),
    'charge.insufficient': [
      { orderId: 'o1', amount: 1, balance: 0, missing: 1 },
      { orderId: 'o1', modelId: 'm1', amount: 1, balance: 0, missing: 1, order },
    ],
    'commission.pending': [
      { ...commission, holdUntil: AT, before: null },
      { ...commission, holdUntil: AT, before: 200 },
    ],
    'commission.held': [firstCharge, { commissionId: 's1~first', amount: 100 }],
    'commission.resumed': [{ ...commission, holdUntil: AT }],
    'commission.rejected': [{ ...commission, reason: 'refunded' }],
    'commission.corrected': [{ ...commission, before: 1 }],
    'commission.reversed': [
      { ...commission, amount: -100, commissionId: 's1~first~reversal~1', reverses: 's1~first' },
      { ...commission, commissionId: 's1~charge~p2~reversal~1', reverses: 's1~charge~p2' },
    ],
    'commissions.approved': [
      { day: '2026-11-23', count: 1, total: 1, payday: '2026-12-01' },
      { day: '2026-11-23', count: 1, total: 1, payday: '2026-12-01', payeeMissing: true },
    ],
    'payout.due': [{ ...payout, cycle: '2026-12-01', count: 1, parts: { commissions: 100, earnings: 0 } }],
    'payout.paid': [{ ...payout, paidAt: AT, reference: x }],
    'payout.failed': [{ ...payout, reason: x, next: '2026-12-16' }],
    'payout.returned': [{ ...payout, reference: x, reason: x, payday: '2026-12-16' }],
    'adjustment.made': [
      { ...adjustment, of: 'model', payday: null },
      { ...adjustment, of: 'model', amount: -100, payday: null },
      { ...adjustment, of: 'marketer', payday: '2026-12-16' },
      { ...adjustment, of: 'affiliate', amount: -100, balance: -50, payday: '2026-12-16' },
    ],
    'manager.payout_returned': [
      { ...payout, accountId: 'a1', name: x, reference: x, reason: x, payday: '2026-12-16' },
      { ...payout, accountId: 'a1', name: x, reference: null, reason: null, payday: '2026-12-16' },
    ],
    'payout.carried': [{ ...payout, payday: '2026-12-16' }],
    'payout.held': holds,
    'manager.quarantined': [{ eventId: 'e1', type: x.slice(0, 100), error: x }],
    'manager.webhook_parked': [{ webhookId: 'w1', type: 'order.placed', error: x, attempts: 1 }],
    'manager.review_opened': [{ modelId: 'm1', name: x, overdueCount: 1, overdueTotal: 1 }],
    'manager.overdue': [{ ...invoice, modelId: 'm1', name: x, dueAt: AT }],
    'manager.paydays_unpaid': [
      { paydays: [{ payday: '2026-12-01', due: 2, processing: 1, total: 1 }] },
      { paydays: Array.from({ length: 9 }, () => ({ payday: '2026-12-01', due: 2, processing: 0, total: 1 })) },
    ],
    'manager.unreached': [{ accountId: 'm1', name: x, role: 'model', hasChat: false }],
    'manager.day_sealed': [{ day: '2026-11-26', number: 4711, hash: 'abc' }],
    'manager.payout_held': holds.map((hold) => ({ ...hold, accountId: 'a1', name: x, by: 'olga' })),
    'manager.approval_asked': [
      {
        ...{ action: 'payout.settle', subject: 'payout:2026-12-01:m1', count: 1, amount: 1 },
        ...{ askedBy: 'olga via telegram:1', note: x, expiresAt: AT },
      },
    ],
    'manager.admin_key': (['created', 'rotated', 'expiry', 'revoked'] as const).map((change) => ({
      ...{ name: 'till-2', change, by: 'ops' },
    })),
    'manager.scopes': [[], ['read', 'payouts.prepare']].map((scopes) => ({
      ...{ accountId: 'm1', name: x, scopes, by: `ops: ${x}` },
    })),
    'manager.appointed': [{ accountId: 'm1', name: x, isManager: true, by: `ops: ${x}` }],
    'payee.changed': [
      { before: sepa, after: sepa, by: 'platform', changedAt: AT, heldUntil: AT },
      { before: null, after: tron, by: x, changedAt: AT, heldUntil: null },
      {
        before: { method: 'wise', masked: '… 24' },
        after: null,
        by: 'olga via telegram:1',
        changedAt: AT,
        heldUntil: null,
      },
    ],
    'manager.payee_denied': [
      { accountId: 'kim', name: x, payee: { method: 'other', masked: '…' }, by: x, changedAt: AT },
      { accountId: 'kim', name: x, payee: null, by: 'platform', changedAt: AT },
    ],
    'account.chat_linked': [{ channel: 'telegram', userId: '1', linkedAt: AT }],
    'manager.codes_guessed': [{ atLeast: 300 }],
    'account.chat_moved': [{ channel: 'telegram', userId: '1', at: AT }],
    'account.console_opened': [
      { sessionId: 's', way: 'link', network: '203.0.113.0', agent: 'Firefox, Windows', openedAt: AT, expiresAt: AT },
      { sessionId: 's', way: 'telegram', network: '', agent: '', openedAt: AT, expiresAt: AT },
      { sessionId: 's', way: 'link', network: x, agent: x, openedAt: AT, expiresAt: AT },
    ],
    'account.console_link_reused': [
      { sessionId: 's', what: 'link', network: '203.0.113.0', agent: '', openedAt: AT, endedAt: AT },
      { sessionId: 's', what: 'copy', network: '', agent: x, openedAt: AT, endedAt: AT },
    ],
    'contact.message': [{ contactId: 'k', fromId: 'olga', from: 'Olga', isReply: false, text: x }],
    'digest.managers': [
      {
        overdue: {
          ...{ week: { count: 1, total: 1 }, fortnight: { count: 2, total: 2 }, month: { count: 0, total: 0 } },
          ...{ older: { count: 3, total: 3 }, models: 4 },
        },
        monday: { week: '2026-W47', count: 2, total: 200, paid: 1 },
        paydays: [{ payday: '2026-11-16', count: 1, total: 100 }],
        ...{ quarantined: 1, parked: 2, unreached: 3 },
      },
      {
        overdue: {
          ...{ week: { count: 0, total: 0 }, fortnight: { count: 0, total: 0 }, month: { count: 0, total: 0 } },
          ...{ older: { count: 0, total: 0 }, models: 0 },
        },
        ...{ monday: null, paydays: [], quarantined: 0, parked: 0, unreached: 0 },
      },
    ],
    'digest.model': [
      { accountId: 'm1', week: '2026-W48', at: AT, amount: 100, balance: 1, unpaid: 50, isCredited: false },
      { accountId: 'm1', week: '2026-W48', at: AT, amount: 100, balance: 500, unpaid: 0, isCredited: false },
      { accountId: 'm1', week: '2026-W48', at: AT, amount: 0, balance: 0, unpaid: 0, isCredited: true },
    ],
    'digest.affiliate': [
      {
        ...{ week: '2026-W47', earned: 100, before: 50, payday: '2026-12-01' },
        ...{ firm: { count: 1, total: 100 }, inHold: 1 },
      },
      { week: '2026-W47', earned: 0, before: 0, payday: '2026-12-01', firm: { count: 0, total: 0 }, inHold: 1 },
    ],
    digest: [
      {
        ...{ topic: 'alerts' as const, count: 2, groups: [] },
        latest: [
          { kind: 'manager.review_opened', data: { modelId: 'm1', name: x, overdueCount: 1, overdueTotal: 1 } },
          { kind: 'order.completed', data: { ...order, to: 'client', ...run } },
        ],
      },
      {
        ...{ topic: 'orders' as const, count: 20 },
        groups: ['order.started', 'order.completed', 'charge.paid', 'a', 'b', 'c'].map((kind) => ({
          ...{ kind, payday: null, count: 3, total: null },
        })),
        latest: Array.from({ length: 8 }, () => ({
          kind: 'order.completed' as const,
          data: { ...order, to: 'client' as const, ...run },
        })),
      },
      {
        ...{ topic: 'overdue' as const, of: 'manager.overdue' as const, count: 20, groups: [] },
        latest: Array.from({ length: 8 }, () => ({
          kind: 'manager.overdue' as const,
          data: { ...invoice, modelId: 'm1', name: x, dueAt: AT },
        })),
      },
    ],
  };
}

/** Every kind of notice, with `x` in each text that comes from outside. */
export function contents(x: string): NoticeContent[] {
  // Kind and data come out of one table, which is typed by kind.
  return Object.entries(samples(x)).flatMap(([kind, list]) => list.map((data) => ({ kind, data }) as NoticeContent));
}
