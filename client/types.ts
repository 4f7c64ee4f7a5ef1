// Made by `npm run client-types` from the service's catalogues and its OpenAPI description: change those.

/** RFC 3339, as `2026-11-23T06:00:00Z`; a Date is written so. */
export type Instant = string | Date;

/** The data of each event that a platform sends (docs/events.md). */
export type EventData = {
  'account.updated': {
    /** Whose account it is: other events refer to it by this id. */
    accountId: string;
    /** Decides what the person may see and do in chat, and which balance is theirs. */
    role: 'model' | 'marketer' | 'affiliate' | 'manager';
    /** What people call the account in messages, lists and documents. */
    name: string;
    /** In which the person reads times, and in which their quiet hours lie. */
    timeZone?: string;
    /** The language that the person is [written to in](chat.md#languages), unless they choose another, and how amounts and dates are written. */
    locale?: string;
    /** A model's own discount on every invoice from now on. */
    discountBps?: number;
    /** How many orders a marketer runs at a time; the others wait in the queue. */
    capacity?: number;
    /** What [invoices and statements](books.md) say of the account beside its name. */
    billing?: {
      /** Who it is to those who tax them. */
      name?: string;
      /** Its lines one below the other, at most eight. */
      address?: string;
      /** Of the address, as ISO 3166 has it. */
      country?: string;
      /** Of a business that is registered for VAT. With one of another country the tax is owed by who gets the invoice. */
      taxId?: string;
    };
  };
  'balance.topped_up': {
    /** Names the top-up: it is booked once. */
    topUpId: string;
    /** Of a known account, whose balance grows; while there is none the event waits for it. */
    accountId: string;
    /** Is added to the balance, whole. */
    amount: number;
    /** When the platform took the money. It is stored; the top-up counts from its arrival. */
    toppedUpAt: Instant;
  };
  'payment.succeeded': {
    /** Names the payment: refunds refer to it. */
    paymentId: string;
    /** Of a known subscription, which the payment is for: its campaign and affiliate are those of the payment. */
    subscriptionId?: string;
    /** Of a known account: whom the fan paid. It is stored; who is invoiced follows from the campaign. */
    modelId?: string;
    /** Who paid. */
    fanId: string;
    /** Of a known campaign: a RevShare one takes the payment on its next invoice. */
    campaignId?: string;
    /** The type of transaction on the invoice; `subscription` and `renewal` earn commissions. */
    kind: 'subscription' | 'renewal' | 'tip' | 'message' | 'post' | 'other';
    /** What the fan paid: shares are counted of it. */
    amount: number;
    /** Decides the billing week, the campaign's version that prices it, and where a commission's hold begins. */
    paidAt: Instant;
  };
  'payment.refunded': {
    /** Names the refund: what is asked for, granted and declined under one id is one refund. */
    refundId: string;
    /** Of a known payment; while there is none the event waits for it. */
    paymentId: string;
    /** What was given back; all refunds of a payment together are at most the payment. */
    amount: number;
    /** Not before the payment. Within the hold it lowers the commission, after it that stands. */
    refundedAt: Instant;
  };
  'refund.requested': {
    /** Names the refund: what is asked for, granted and declined under one id is one refund. */
    refundId: string;
    /** Of a known payment; while there is none the event waits for it. */
    paymentId: string;
    /** Decides whether it is within the hold; the event is quarantined when it is before the payment. */
    requestedAt: Instant;
  };
  'refund.declined': {
    /** Of a known `refund.requested`; while there is none the event waits for it. */
    refundId: string;
    /** Not before it was asked for. */
    declinedAt: Instant;
  };
  'campaign.updated': {
    /** Names the campaign: payments and subscriptions refer to it. */
    campaignId: string;
    /** CPL campaigns are made by their orders. */
    kind: 'revshare';
    /** Of a known account: who is invoiced. */
    modelId: string;
    /** Of a known account: who gets the share. */
    contractorId: string;
    /** The share of the fans' payments that is invoiced. */
    rateBps: number;
    /** Is stored; payments are invoiced in either state, so that none that comes late is lost. */
    status: 'active' | 'stopped';
    /** What people call it: invoices name it so, as it was called in their week. */
    name?: string;
  };
  'program.updated': {
    /** Names the program: subscriptions refer to it. */
    programId: string;
    /** What a charge earns, as a share of it. Exactly one of `rateBps` and `fixedAmount` is given. */
    rateBps?: number;
    /** What a charge earns, however large it is; a partial refund leaves it as it is. */
    fixedAmount?: number;
    /** Which charges of a subscription earn. */
    charges: 'first' | 'every';
    /** `true`: refunds after the hold count, too. */
    clawback?: boolean;
    /** A payout below it is carried over to the next payday. */
    minimumPayout?: number;
  };
  'subscription.started': {
    /** Names the subscription: payments refer to it. */
    subscriptionId: string;
    /** Of a known account: whose page it is. A fan who was there before does not count for an order. */
    modelId?: string;
    /** Who subscribed. */
    fanId: string;
    /** Where the affiliate's trial begins; a fan counts for an order from its acceptance on. */
    startedAt: Instant;
    /** Of a known campaign, of an order or RevShare: payments of the subscription belong to it. */
    campaignId?: string;
    /** Of a known account: who earns commissions of its charges. */
    affiliateId?: string;
    /** Of a known program: the terms of these commissions. */
    programId?: string;
    /** Cancelled before it, the subscription earns no commission, ever. */
    trialEndsAt?: Instant;
    /** What the platform knows of the fan. */
    fan?: {
      /** `true`: the fan was on the page before, and does not count for an order. */
      returning?: boolean;
      /** `true`: the fan is a bot or fake, and does not count for an order. */
      bot?: boolean;
    };
  };
  'subscription.attributed': {
    /** Of a known subscription; while there is none the event waits for it. */
    subscriptionId: string;
    /** Account of the affiliate; while it is not known the event waits for it. */
    affiliateId: string;
    /** The affiliate's program; `default` when not given. */
    programId?: string;
    /** When the affiliate brought the fan. */
    attributedAt: Instant;
  };
  'subscription.cancelled': {
    /** Of a known subscription; while there is none the event waits for it. */
    subscriptionId: string;
    /** Is compared with the end of the trial. */
    cancelledAt: Instant;
  };
  'order.placed': {
    /** Names the order; its campaign is called after it. */
    orderId: string;
    /** Of a model: the client, who pays. */
    modelId: string;
    /** Of a known account: who answers and delivers. */
    marketerId: string;
    /** Of the marketer's offer on the platform; it is stored, and told back with the order. */
    offerId: string;
    /** Exactly so many fans can count. */
    quantity: number;
    /** What each fan that counts costs the client. */
    pricePerFan: number;
    /** `true`: the whole price is held in escrow at acceptance, which is refused without it. */
    prepaid: boolean;
    /** So many fans are paid for together; at most `quantity`. */
    chunkSize?: number;
    /** `true`: placed again, on the same terms, when it is completed. */
    autoRenew?: boolean;
    /** The 72 hours count from here. */
    placedAt: Instant;
  };
  'order.cancelled': {
    /** Of a known order; while there is none the event waits for it. */
    orderId: string;
    /** When the client took it back. It is stored; the order ends when the event arrives. */
    cancelledAt: Instant;
    /** The marketer reads it. */
    reason?: string;
  };
  'order.guarantee_violated': {
    /** Of a known order; while there is none the event waits for it. */
    orderId: string;
    /** Client and marketer read it. */
    reason: string;
    /** When it was found. It is stored; the order ends when the event arrives. */
    violatedAt: Instant;
  };
  'payee.updated': {
    /** Whose payouts; while there is no such account the event waits for it. */
    accountId: string;
    /** How the account is paid. Each method has fields of its own, and takes no others. */
    method: 'sepa' | 'wise' | 'paypal' | 'usdt-trc20' | 'other';
    /** Who holds the account at the bank, in Latin letters, at most 70 characters. `sepa` and `wise` need it; banks compare it with the account. */
    name?: string;
    /** Checked: country, length, form and check digits. Spaces and small letters are taken. `sepa` needs one of the SEPA area; `wise` takes any. */
    iban?: string;
    /** `sepa`: of 8 or 11 characters. */
    bic?: string;
    /** `sepa`: where the payee lives, for banks that ask for it. */
    country?: string;
    /** `paypal` needs it; `wise` takes it. */
    email?: string;
    /** `wise`: the recipient's id at Wise. */
    recipientId?: string;
    /** `wise`: what the payee receives. With any other method it is that of the platform. */
    currency?: string;
    /** `usdt-trc20`: of a wallet on TRON, from T on. The checksum is checked, and small letters are others. */
    address?: string;
    /** `other`: how to pay, in words. */
    details?: string;
  };
  'payout.settled': {
    /** Of a known payout; while there is none the event waits for it. */
    payoutId: string;
    /** Such as the bank's; it is stored, shown, and printed on the statement. */
    reference?: string;
    /** When it was transferred. */
    at: Instant;
  };
  'payout.failed': {
    /** Of a known payout; while there is none the event waits for it. */
    payoutId: string;
    /** Such as the bank's; it is stored, shown, and printed on the statement. */
    reference?: string;
    /** Why; the payee reads it. */
    reason?: string;
    /** When it failed. */
    at: Instant;
  };
  'payout.returned': {
    /** Of a paid payout; until it is paid the event waits for that. */
    payoutId: string;
    /** Such as the bank's; it is stored, shown, and printed on the statement. */
    reference?: string;
    /** Why; the payee reads it. */
    reason?: string;
    /** When it came back. */
    at: Instant;
  };
};

export type EventType = keyof EventData;

/**
 * An event that a platform sends: `id` is its own, the same however often it is sent; `timestamp` is when it happened. It may name
 * the currency, which must be the platform's.
 */
export type PlatformEvent<T extends EventType = EventType> = {
  [K in T]: { id: string; type: K; timestamp: Instant; data: EventData[K] & { currency?: string } };
}[T];

export type InvoiceWebhook = {
  /** Week and model. */
  invoiceId: string;
  /** Who owes it. */
  modelId: string;
  /** The ISO week that it is for. */
  week: string;
  /** `credited`: nothing is to be paid, and what is below zero is held for the next one. */
  status: 'open' | 'overdue' | 'completed' | 'void' | 'written_off' | 'credited';
  /** When it was issued. */
  issuedAt: string;
  /** Unpaid from here on, it is overdue. */
  dueAt: string;
  /** When it was paid; null until then. */
  completedAt: string | null;
  /** One per campaign, contractor, rate and type of transaction. */
  lines: {
    /** The RevShare campaign. */
    campaignId: string;
    /** Who is credited the cost when the invoice is completed. */
    contractorId: string;
    /** Of the transactions. */
    type: 'subscription' | 'renewal' | 'tip' | 'message' | 'post' | 'other' | 'refund';
    /** How many they are. */
    count: number;
    /** What fans paid; negative for refunds. */
    gross: number;
    /** Of the campaign's version that priced them. */
    rateBps: number;
    /** The share of the gross, rounded once. */
    cost: number;
    /** Of `count`, those from before the week of the invoice. */
    late: number;
  }[];
  /** The sum of the costs. */
  subtotal: number;
  /** 0 where nothing is discounted. */
  discountBps: number;
  /** Of the subtotal, rounded once. */
  discount: number;
  /** What was taken from earlier credit. */
  credit: number;
  /** What is owed; it can be negative. */
  total: number;
  /** Only where parts of the total were paid ahead of the rest. */
  parts?: {
    /** Of the promise that it was paid for. */
    number: number;
    /** Held for the invoice until it ends. */
    amount: number;
    /** When it left the balance. */
    paidAt: string;
  }[];
  /** Of the document, in answers of the API: in its series and year without a gap. It is given right after the issue. */
  number?: string;
  /** Only of a void one, in answers of the API: the number of its credit note. */
  creditNote?: string;
  /** Only of one that was paid outside: of that payment. */
  reference?: string;
  /** Only of one that was paid outside: when the money came. It decides whether that was on time. */
  paidAt?: string;
  /** Only of a void one: why. */
  voidReason?: string;
  /** Only of a written-off one: since when nothing is owed for it. */
  writtenOffAt?: string;
  /** Only of a written-off one: why. */
  writeOffReason?: string;
  /** Only of a written-off one: whether its contractors got their lines, at the platform's expense. */
  contractorsPaid?: boolean;
};

export type StandingWebhook = {
  /** Whose standing it is. */
  modelId: string;
  /** What the RevShare campaigns of the model are to do; `stopped` is for good. */
  campaigns: 'running' | 'paused' | 'stopped';
  /** Whether new CPL orders of the model are taken. */
  cplOrders: 'allowed' | 'blocked';
  /** Follows from how invoices and orders went. */
  trustScore: number;
  /** Follows from the score, and from how much there is to judge by. */
  tier: 'at-risk' | 'new' | 'standard' | 'trusted';
  /** A manager should decide whether to go on. */
  terminationReview: boolean;
  /** The partnership is over. */
  terminated: boolean;
  /** The invoices that are overdue. */
  overdue: {
    /** How many are overdue. */
    count: number;
    /** The sum of their totals. */
    total: number;
    /** Of the oldest; null where none is. */
    oldestDueAt: string | null;
  };
  /** Of the last `invoices`, how many were paid on time. */
  paidOnTime: number;
  /** The last invoices that were paid or fell due, at most ten. */
  invoices: number;
  /** Sentences for people; times in the platform zone. */
  reasons: string[];
  /** The same reasons in the same order, for programs, and for words of your own. */
  because: (
    | {
        /** the partnership is over */
        kind: 'terminated';
      }
    | {
        /** invoices are overdue */
        kind: 'overdue';
        /** How many invoices. */
        count: number;
        /** What is still to be paid of all that is overdue. */
        total: number;
      }
    | {
        /** one has been for too long for new CPL orders */
        kind: 'overdue-too-long';
        /** Which invoice. */
        invoiceId: string;
        /** When it fell due. */
        since: string;
      }
    | {
        /** it is too much for new CPL orders */
        kind: 'overdue-too-much';
        /** What is still to be paid of all that is overdue. */
        total: number;
        /** What new CPL orders allow. */
        limit: number;
      }
    | {
        /** a termination review is open */
        kind: 'under-review';
      }
    | {
        /** a manager holds the sanctions back */
        kind: 'grace';
        /** Until when it holds; of promises, until the first of them ends. */
        until: string;
      }
    | {
        /** for these invoices sanctions wait until a warning is delivered */
        kind: 'not-warned';
        /** How many invoices. */
        count: number;
      }
    | {
        /** for these invoices sanctions wait, because they are promised */
        kind: 'promised';
        /** How many invoices. */
        count: number;
        /** Until when it holds; of promises, until the first of them ends. */
        until: string;
      }
  )[];
  /** Advice for the next order; null unless the tier is `new`. */
  recommendedMaxQuantity: number | null;
};

export type PromiseWebhook = {
  /** Invoice, and number of the promise about it. */
  promiseId: string;
  /** What is promised to be paid. */
  invoiceId: string;
  /** Who promised it. */
  modelId: string;
  /** `lapsed`: the invoice ended in another way than by payment. */
  status: 'running' | 'kept' | 'broken' | 'refused' | 'lapsed';
  /** From here on pausing and blocking wait. */
  madeAt: string;
  /** Unpaid from here on, it is broken. */
  until: string;
  /** Null where it is paid in one. */
  parts: {
    /** Paid at once, and held for the invoice. */
    first: number;
    /** To be paid by `until`. */
    rest: number;
  } | null;
  /** When it was kept, broken, refused or lapsed; null until then. */
  endedAt: string | null;
  /** Only of a refused one: why. */
  reason?: string;
};

export type OrderStateWebhook = {
  /** As it was placed; a renewed one has a `~`. */
  orderId: string;
  /** The client. */
  modelId: string;
  /** Who delivers. */
  marketerId: string;
  /** The offer it was placed on. */
  offerId: string;
  /** The state it is in. */
  status: 'placed' | 'queued' | 'running' | 'completed' | 'rejected' | 'expired' | 'refused' | 'cancelled' | 'stopped';
  /** In the marketer's queue, 1 is next: the accepted that wait for a place, then the placed; null when it runs or is over. */
  position: number | null;
  /** Fans that count. */
  delivered: number;
  /** Fans that were ordered. */
  quantity: number;
  /** Of each fan that counts. */
  pricePerFan: number;
  /** The whole price is held in escrow from acceptance on. */
  prepaid: boolean;
  /** Fans that are paid for together; null: on completion or, prepaid, fan by fan. */
  chunkSize: number | null;
  /** It is placed again when completed. */
  autoRenew: boolean;
  /** What the marketer was paid. */
  paid: number;
  /** Fell due, and the client's balance did not cover it. */
  owed: number;
  /** Held, and neither paid nor returned yet. */
  escrow: number;
  /** When it was placed. */
  placedAt: string;
  /** Unanswered, it expires here. */
  respondBy: string;
  /** Null until then. */
  acceptedAt: string | null;
  /** Null until then. */
  startedAt: string | null;
  /** At once, when a place became free, or by its first fan; null until then. */
  startedBy: 'acceptance' | 'place' | 'fan' | null;
  /** Null until it is over. */
  endedAt: string | null;
  /** From acceptance on, else null: send fans as subscriptions with it. */
  campaignId: string | null;
  /** The tracking link, from acceptance on, else null. */
  link: string | null;
  /** The order that it renews, or null. */
  renewalOf: string | null;
  /** The order that renews it, or null. */
  renewedBy: string | null;
  /** For people: why there is no renewal. */
  notRenewedBecause: string[];
  /** The same, for programs, and for words of your own. */
  renewalBlockers: (
    | {
        /** the client's partnership is over */
        kind: 'client-terminated';
      }
    | {
        /** the client's orders are blocked: invoices are overdue */
        kind: 'client-blocked';
      }
    | {
        /** the client owes an amount for delivered fans */
        kind: 'client-owes';
      }
  )[];
  /** For people: why it ended without being completed. */
  reasons: string[];
  /** The same reasons in the same order, for programs, and for words of your own. */
  because: (
    | {
        /** the client's partnership is over */
        kind: 'client-terminated';
      }
    | {
        /** the client's orders are blocked: invoices are overdue */
        kind: 'client-blocked';
      }
    | {
        /** the client owes an amount for delivered fans */
        kind: 'client-owes';
      }
    | {
        /** the marketer rejected it */
        kind: 'rejected';
        /** What somebody wrote, or null. */
        reason: string | null;
      }
    | {
        /** it was cancelled before it was answered */
        kind: 'cancelled';
        /** What somebody wrote, or null. */
        reason: string | null;
      }
    | {
        /** nobody answered in time */
        kind: 'not-answered';
      }
    | {
        /** the marketer wanted it, and the client's balance did not cover it in time */
        kind: 'not-funded';
      }
    | {
        /** a guarantee was violated */
        kind: 'guarantee-violated';
        /** What somebody wrote, or null. */
        reason: string | null;
      }
    | {
        /** a manager stopped it */
        kind: 'stopped-by-manager';
        /** What somebody wrote, or null. */
        reason: string | null;
      }
    | {
        /** the client was terminated while it ran */
        kind: 'partnership-terminated';
      }
    | {
        /** no fan counted for long */
        kind: 'idle';
        /** For how many; null of long ago. */
        days: number | null;
        /** The same as text. */
        reason: string;
      }
  )[];
};

export type ChargeWebhook = {
  /** Order and number. */
  chargeId: string;
  /** Whose amount it is. */
  orderId: string;
  /** Who pays. */
  modelId: string;
  /** Who is paid. */
  marketerId: string;
  /** Which amount of the order, from 1. */
  number: number;
  /** For how many fans. */
  fans: number;
  /** What is paid for them. */
  amount: number;
  /** Whether the money has come. */
  status: 'owed' | 'paid';
  /** When the last of these fans counted. */
  fellDueAt: string;
  /** Null while it is owed. */
  paidAt: string | null;
  /** The order as it stands now. */
  order: {
    /** As it was placed; a renewed one has a `~`. */
    orderId: string;
    /** The client. */
    modelId: string;
    /** Who delivers. */
    marketerId: string;
    /** The offer it was placed on. */
    offerId: string;
    /** The state it is in. */
    status:
      | 'placed'
      | 'queued'
      | 'running'
      | 'completed'
      | 'rejected'
      | 'expired'
      | 'refused'
      | 'cancelled'
      | 'stopped';
    /** In the marketer's queue, 1 is next: the accepted that wait for a place, then the placed; null when it runs or is over. */
    position: number | null;
    /** Fans that count. */
    delivered: number;
    /** Fans that were ordered. */
    quantity: number;
    /** Of each fan that counts. */
    pricePerFan: number;
    /** The whole price is held in escrow from acceptance on. */
    prepaid: boolean;
    /** Fans that are paid for together; null: on completion or, prepaid, fan by fan. */
    chunkSize: number | null;
    /** It is placed again when completed. */
    autoRenew: boolean;
    /** What the marketer was paid. */
    paid: number;
    /** Fell due, and the client's balance did not cover it. */
    owed: number;
    /** Held, and neither paid nor returned yet. */
    escrow: number;
    /** When it was placed. */
    placedAt: string;
    /** Unanswered, it expires here. */
    respondBy: string;
    /** Null until then. */
    acceptedAt: string | null;
    /** Null until then. */
    startedAt: string | null;
    /** At once, when a place became free, or by its first fan; null until then. */
    startedBy: 'acceptance' | 'place' | 'fan' | null;
    /** Null until it is over. */
    endedAt: string | null;
    /** From acceptance on, else null: send fans as subscriptions with it. */
    campaignId: string | null;
    /** The tracking link, from acceptance on, else null. */
    link: string | null;
    /** The order that it renews, or null. */
    renewalOf: string | null;
    /** The order that renews it, or null. */
    renewedBy: string | null;
    /** For people: why there is no renewal. */
    notRenewedBecause: string[];
    /** The same, for programs, and for words of your own. */
    renewalBlockers: (
      | {
          /** the client's partnership is over */
          kind: 'client-terminated';
        }
      | {
          /** the client's orders are blocked: invoices are overdue */
          kind: 'client-blocked';
        }
      | {
          /** the client owes an amount for delivered fans */
          kind: 'client-owes';
        }
    )[];
    /** For people: why it ended without being completed. */
    reasons: string[];
    /** The same reasons in the same order, for programs, and for words of your own. */
    because: (
      | {
          /** the client's partnership is over */
          kind: 'client-terminated';
        }
      | {
          /** the client's orders are blocked: invoices are overdue */
          kind: 'client-blocked';
        }
      | {
          /** the client owes an amount for delivered fans */
          kind: 'client-owes';
        }
      | {
          /** the marketer rejected it */
          kind: 'rejected';
          /** What somebody wrote, or null. */
          reason: string | null;
        }
      | {
          /** it was cancelled before it was answered */
          kind: 'cancelled';
          /** What somebody wrote, or null. */
          reason: string | null;
        }
      | {
          /** nobody answered in time */
          kind: 'not-answered';
        }
      | {
          /** the marketer wanted it, and the client's balance did not cover it in time */
          kind: 'not-funded';
        }
      | {
          /** a guarantee was violated */
          kind: 'guarantee-violated';
          /** What somebody wrote, or null. */
          reason: string | null;
        }
      | {
          /** a manager stopped it */
          kind: 'stopped-by-manager';
          /** What somebody wrote, or null. */
          reason: string | null;
        }
      | {
          /** the client was terminated while it ran */
          kind: 'partnership-terminated';
        }
      | {
          /** no fan counted for long */
          kind: 'idle';
          /** For how many; null of long ago. */
          days: number | null;
          /** The same as text. */
          reason: string;
        }
    )[];
  };
};

export type CommissionStateWebhook = {
  /** Names the commission. */
  commissionId: string;
  /** Of the API alone also `adjustment`, a correction by hand, and `return`, what came back of a paid payout: these are of no sale, and the ids of subscription, charge and program are empty. */
  kind: 'commission' | 'adjustment' | 'return';
  /** Who earns it. */
  affiliateId: string;
  /** Of which subscription. */
  subscriptionId: string;
  /** Of which charge. */
  paymentId: string;
  /** By which terms. */
  programId: string;
  /** Can be negative in a reversal; of a rejected one what the whole charge would have paid. */
  amount: number;
  /** The state it is in. */
  status: 'pending' | 'approved' | 'rejected' | 'paid';
  /** When the charge was paid. */
  paidAt: string;
  /** A refund before it rejects or lowers the commission. */
  holdUntil: string;
  /** Null unless it is approved. */
  approvedAt: string | null;
  /** The payout that pays it, or null. */
  payoutId: string | null;
  /** Of its payout, or else expected; null while a refund that was asked for is open, and of a rejected one. */
  payday: string | null;
  /** It waits for what becomes of a refund that was asked for. */
  refundRequested: boolean;
  /** Only of a reversal: the commission that it corrects. */
  reverses?: string;
  /** Only of a rejected one: why. */
  rejectedFor?: 'refunded' | 'cancelled-in-trial';
};

export type PayoutStateWebhook = {
  /** Payday and account. */
  payoutId: string;
  /** The payday. */
  cycle: string;
  /** The later payday whose batch pays it, because it was held or excluded; null: its own. */
  carriedTo: string | null;
  /** Who is paid. */
  accountId: string;
  /** What is to be transferred. */
  amount: number;
  /** What the amount is made of. */
  parts: {
    /** Approved commissions. */
    commissions: number;
    /** What the account earned as a marketer. */
    earnings: number;
  };
  /** The state it is in. */
  status: 'due' | 'processing' | 'paid' | 'failed';
  /** How many it pays. */
  count: number;
  /** When it was generated. */
  drawnAt: string;
  /** Being transferred since then, or null. */
  processingAt: string | null;
  /** When it was paid, or failed; null until then. */
  endedAt: string | null;
  /** Of the transfer, or null. */
  reference: string | null;
  /** Why it failed, or null. */
  reason: string | null;
  /** Of its statement, in answers of the API: given once it is paid, in its series and year without a gap. */
  number?: string;
  /** That the bank gave it back after it was paid; null while it did not. The payout stays `paid`. */
  returned: {
    /** When it came back. */
    at: string;
    /** Of the return, or null. */
    reference: string | null;
    /** Why, or null. */
    reason: string | null;
  } | null;
};

export type AdjustmentMadeWebhook = {
  /** Names the adjustment. */
  adjustmentId: string;
  /** The ledger account. */
  account: string;
  /** Whose it is. */
  accountId: string;
  /** Below zero where it takes something away; never zero. */
  amount: number;
  /** Why; the person reads it. */
  reason: string;
  /** The name of the API key, or the manager. */
  madeBy: string;
  /** When it was made. */
  at: string;
  /** The payday that pays it, or takes it back; null for a model. */
  payday: string | null;
  /** What the account has when this is written. */
  balance: number;
};

export type PayoutHoldWebhook = {
  /** Whose payouts. */
  accountId: string;
  /** Which payout; null: all of the account. */
  payoutId: string | null;
  /** When the hold ends by itself. */
  until: string;
  /** Why it is held, or released. */
  reason: string;
  /** Who did it. */
  by: string;
  /** When it was done. */
  at: string;
  /** Those that are due and concerned now, 100 at most. */
  payouts: {
    /** Payday and account. */
    payoutId: string;
    /** What is not transferred for now. */
    amount: number;
  }[];
};

export type UnreachableAccountWebhook = {
  /** Who cannot be reached. */
  accountId: string;
  /** What they are here. */
  role: 'model' | 'marketer' | 'affiliate' | 'manager';
  /** What they are called. */
  name: string;
  /** Since when. */
  since: string;
  /** The linked chats; none for who never linked one. */
  chats: {
    /** Where the chat is. */
    channel: 'telegram' | 'discord';
    /** Who they are there. */
    chatUser: string;
    /** Why messages do not arrive, where they do not. */
    reason?: string;
    /** Since when they do not. */
    since?: string;
  }[];
};

/** The data of each webhook to the platform, which is the state it results in (docs/events.md). */
export type WebhookData = {
  /** On Monday, paid at once or not: show it to the model. */
  'invoice.issued': InvoiceWebhook;
  /** At `dueAt`, unpaid; what is held back for it comes as `campaigns.paused`. */
  'invoice.overdue': InvoiceWebhook;
  /** Paid; its contractors are credited. */
  'invoice.completed': InvoiceWebhook;
  /** Taken back by a manager; its transactions go on the next one. */
  'invoice.voided': InvoiceWebhook;
  /** Given up by a manager: nothing is owed for it any more, and its transactions stay on it. */
  'invoice.written_off': InvoiceWebhook;
  /** The model's RevShare campaigns are to stop: take no traffic for them. */
  'campaigns.paused': StandingWebhook;
  /** They may run again. */
  'campaigns.resumed': StandingWebhook;
  /** New CPL orders are to be refused. */
  'cpl_orders.blocked': StandingWebhook;
  /** They may be taken again. */
  'cpl_orders.unblocked': StandingWebhook;
  /** The trust score has changed. */
  'trust.changed': StandingWebhook;
  /** A manager should decide. */
  'partnership.review_opened': StandingWebhook;
  /** Campaigns are stopped for good; no `campaigns.paused` comes besides. */
  'partnership.terminated': StandingWebhook;
  /** A model has promised to pay an overdue invoice; what it lifts comes besides. */
  'promise.made': PromiseWebhook;
  /** Paid in time, after `invoice.completed`. */
  'promise.kept': PromiseWebhook;
  /** Not paid in time; what is imposed comes besides. */
  'promise.broken': PromiseWebhook;
  /** A manager has ended it; what is imposed comes besides. */
  'promise.refused': PromiseWebhook;
  /** The marketer took it; from now on fans of its campaign count. */
  'order.accepted': OrderStateWebhook;
  /** The marketer declined: another can be chosen. */
  'order.rejected': OrderStateWebhook;
  /** Nobody answered in time. */
  'order.expired': OrderStateWebhook;
  /** The client may not order. */
  'order.refused': OrderStateWebhook;
  /** It runs: at once, because a place is free, or since its first fan. */
  'order.started': OrderStateWebhook;
  /** At 25, 50, 75 and 100 %. */
  'order.progressed': OrderStateWebhook;
  /** The last fan counted, and all of it is settled. */
  'order.completed': OrderStateWebhook;
  /** It was stopped and settled, for the reason in `reasons` (a violation, a manager, a termination, no fan for 30 days). */
  'order.stopped': OrderStateWebhook;
  /** A completed order is placed again by settlebot; `data` is the new one, with `renewalOf`. */
  'order.renewed': OrderStateWebhook;
  /** An amount of an order fell due, and the client's balance does not cover it: it is tried again at every top-up. */
  'charge.owed': ChargeWebhook;
  /** An amount was paid; not sent for each fan that escrow pays singly. */
  'charge.paid': ChargeWebhook;
  /** It is new, its amount has changed in the hold, or a refund of it was asked for or declined. */
  'commission.pending': CommissionStateWebhook;
  /** It is firm, or was corrected since. */
  'commission.approved': CommissionStateWebhook;
  /** It pays nothing. */
  'commission.rejected': CommissionStateWebhook;
  /** It is generated, and to be transferred: send `payout.settled` or `payout.failed` back. */
  'payout.due': PayoutStateWebhook;
  /** It is paid. */
  'payout.settled': PayoutStateWebhook;
  /** It has failed; its amount goes into a later one. */
  'payout.failed': PayoutStateWebhook;
  /** The bank gave it back after it was paid; it stays paid, and its amount goes into the next one. */
  'payout.returned': PayoutStateWebhook;
  /** Somebody has corrected a balance by hand. */
  'adjustment.made': AdjustmentMadeWebhook;
  /** A payout, or all payouts of an account, are held until an instant: transfer none of them. */
  'payout.held': PayoutHoldWebhook;
  /** A hold was ended before its time; one that ends at its instant is not told again. */
  'payout.released': PayoutHoldWebhook;
  /** There is something to do for a person, and no chat of theirs takes a message; once until one does. Tell them yourself, and [link a chat](integration.md#link-peoples-chats). */
  'account.unreachable': UnreachableAccountWebhook;
};

export type WebhookType = keyof WebhookData;

/**
 * A webhook to the platform. `id` is the same at every delivery; `sequence` its number among those of `subject`, from 1 on and
 * without a gap.
 */
export type WebhookEvent<T extends WebhookType = WebhookType> = {
  [K in T]: { id: string; type: K; timestamp: string; subject: string; sequence: number; data: WebhookData[K] };
}[T];

export type Account = {
  accountId: string;
  role: 'model' | 'marketer' | 'affiliate' | 'manager';
  /** The owner's decision that the role follows; null while the platform's word holds. */
  roleDecision: {
    by: string;
    reason: string;
    at: string;
  } | null;
  name: string;
  /** Of its role. */
  balance: number;
  /** By ledger account: that of its role, and every other that has something, whatever its role is now. */
  balances: Record<string, number>;
  links: {
    /** The latest of that channel; all of them are at `/v1/accounts/{id}/links`. */
    telegram: {
      linkedAt: string;
      unreachable: {
        reason: string;
        since: string;
      } | null;
    } | null;
    /** The latest of that channel; all of them are at `/v1/accounts/{id}/links`. */
    discord: {
      linkedAt: string;
      unreachable: {
        reason: string;
        since: string;
      } | null;
    } | null;
  };
};

/** `decided`: the owner has said so, and it holds whatever the platform says. */
export type AccountRole = {
  accountId: string;
  role: 'model' | 'marketer' | 'affiliate' | 'manager';
  decided: boolean;
};

export type AdjustmentAnswer = NamedAdjustment & {
  /** Null where it is simulated. */
  adjustmentId?: string | null;
  /** What the account has then. */
  balance: number;
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type ApiKey = {
  /** Who acts, in the audit trail; no other key ever has it. */
  name: string;
  /** `environment`: one of `API_KEYS`, changed there. */
  kind: 'stored' | 'environment';
  /** `absent`: of the environment, and not configured now. */
  state: 'active' | 'expired' | 'revoked' | 'absent';
  scopes: ('read' | 'invoices' | 'sanctions' | 'orders' | 'payouts.prepare' | 'payouts.approve' | 'admin')[];
  createdAt: string;
  by: string;
  expiresAt: string | null;
  revokedAt: string | null;
  /** Until when the secret before the last rotation opens, too. */
  overlapUntil: string | null;
  /** To the minute; an IPv4 address, or the /64 of an IPv6 address. */
  lastUsed: {
    at: string;
    network: string;
  } | null;
};

export type AuditRecord = {
  auditId: string;
  at: string;
  /** The name of an API key, an account with the chat that it acted by, `platform`, `service`, or `cli:` and a user of the machine. */
  actor: string;
  /** What the account that acted is called, where one did. */
  actorName?: string;
  action: string;
  subject: string;
  reason: string | null;
  before?: unknown;
  after?: unknown;
};

export type ChangedPayee = {
  accountId: string;
  /** How many changes there were. */
  version: number;
  changedAt: string;
  /** `platform`, or the name of an API key. */
  by: string;
  /** Until when the account's payouts are held; null: they are not. */
  heldUntil: string | null;
  method: 'sepa' | 'wise' | 'paypal' | 'usdt-trc20' | 'other';
  /** Never the whole of it. */
  masked: string;
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type ChangedPayout = Payout & {
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type ChangedPayoutBatch = PayoutBatch & {
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type Chat = {
  channel: 'telegram' | 'discord';
  /** Of the channel: who acts for the account there. */
  userId: string;
  linkedAt: string;
  unreachable: {
    reason: string;
    since: string;
  } | null;
};

export type Commission = {
  /** Names the commission. */
  commissionId: string;
  /** Of the API alone also `adjustment`, a correction by hand, and `return`, what came back of a paid payout: these are of no sale, and the ids of subscription, charge and program are empty. */
  kind: 'commission' | 'adjustment' | 'return';
  /** Who earns it. */
  affiliateId: string;
  /** Of which subscription. */
  subscriptionId: string;
  /** Of which charge. */
  paymentId: string;
  /** By which terms. */
  programId: string;
  /** Can be negative in a reversal; of a rejected one what the whole charge would have paid. */
  amount: number;
  /** The state it is in. */
  status: 'pending' | 'approved' | 'rejected' | 'paid';
  /** When the charge was paid. */
  paidAt: string;
  /** A refund before it rejects or lowers the commission. */
  holdUntil: string;
  /** Null unless it is approved. */
  approvedAt: string | null;
  /** The payout that pays it, or null. */
  payoutId: string | null;
  /** Of its payout, or else expected; null while a refund that was asked for is open, and of a rejected one. */
  payday: string | null;
  /** It waits for what becomes of a refund that was asked for. */
  refundRequested: boolean;
  /** Only of a reversal: the commission that it corrects. */
  reverses?: string;
  /** Only of a rejected one: why. */
  rejectedFor?: 'refunded' | 'cancelled-in-trial';
  /** As the platform sent it. */
  affiliateName: string;
};

export type Contact = {
  /** Whether any chat of the model takes messages. */
  reachable: boolean;
  /** Those that do. */
  channels: ('telegram' | 'discord')[];
  /** When a manager last had it reminded of this one. */
  lastRemindedAt: string | null;
};

export type EndedInvoice = {
  /** Week and model. */
  invoiceId: string;
  /** Who owes it. */
  modelId: string;
  /** The ISO week that it is for. */
  week: string;
  /** `credited`: nothing is to be paid, and what is below zero is held for the next one. */
  status: 'open' | 'overdue' | 'completed' | 'void' | 'written_off' | 'credited';
  /** When it was issued. */
  issuedAt: string;
  /** Unpaid from here on, it is overdue. */
  dueAt: string;
  /** When it was paid; null until then. */
  completedAt: string | null;
  /** One per campaign, contractor, rate and type of transaction. */
  lines: {
    /** The RevShare campaign. */
    campaignId: string;
    /** Who is credited the cost when the invoice is completed. */
    contractorId: string;
    /** Of the transactions. */
    type: 'subscription' | 'renewal' | 'tip' | 'message' | 'post' | 'other' | 'refund';
    /** How many they are. */
    count: number;
    /** What fans paid; negative for refunds. */
    gross: number;
    /** Of the campaign's version that priced them. */
    rateBps: number;
    /** The share of the gross, rounded once. */
    cost: number;
    /** Of `count`, those from before the week of the invoice. */
    late: number;
  }[];
  /** The sum of the costs. */
  subtotal: number;
  /** 0 where nothing is discounted. */
  discountBps: number;
  /** Of the subtotal, rounded once. */
  discount: number;
  /** What was taken from earlier credit. */
  credit: number;
  /** What is owed; it can be negative. */
  total: number;
  /** Only where parts of the total were paid ahead of the rest. */
  parts?: {
    /** Of the promise that it was paid for. */
    number: number;
    /** Held for the invoice until it ends. */
    amount: number;
    /** When it left the balance. */
    paidAt: string;
  }[];
  /** Of the document, in answers of the API: in its series and year without a gap. It is given right after the issue. */
  number?: string;
  /** Only of a void one, in answers of the API: the number of its credit note. */
  creditNote?: string;
  /** Only of one that was paid outside: of that payment. */
  reference?: string;
  /** Only of one that was paid outside: when the money came. It decides whether that was on time. */
  paidAt?: string;
  /** Only of a void one: why. */
  voidReason?: string;
  /** Only of a written-off one: since when nothing is owed for it. */
  writtenOffAt?: string;
  /** Only of a written-off one: why. */
  writeOffReason?: string;
  /** Only of a written-off one: whether its contractors got their lines, at the platform's expense. */
  contractorsPaid?: boolean;
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type Erasure = {
  accountId: string;
  status: 'erasing' | 'erased';
  requestedAt: string;
  erasedAt: string | null;
  /** Events that have to be applied or dismissed first. */
  waitsFor: string[];
};

export type Event = EventSummary & {
  /** Null where it was erased. */
  data?: unknown;
  /** Its body was erased, with an account or after its time. */
  erased: boolean;
};

export type EventSummary = {
  eventId: string;
  type: string;
  timestamp: string;
  receivedAt: string;
  status: 'received' | 'waiting' | 'applied' | 'ignored' | 'quarantined';
  attempts: number;
  error: string | null;
  /** Why it is quarantined; `unclassified` of what was before there were codes. */
  reason: {
    code:
      | 'body_unreadable'
      | 'data_not_valid'
      | 'requirement_missing'
      | 'waited_too_long'
      | 'fact_refused'
      | 'attempts_failed'
      | 'unclassified';
    words: string;
  } | null;
  /** What is lacking. A quarantined event that names anything goes on by itself once that is here. */
  waitsFor: {
    kind: string;
    id: string;
    /** Of an account that is known, as one of another role than is waited for. */
    name?: string;
  }[];
  /** How many other events wait for what this one would bring. */
  holdsBack: number;
  dismissed: {
    by: string;
    reason: string;
    at: string;
  } | null;
};

export type Fan = {
  subscriptionId: string;
  fanId: string;
  startedAt: string;
  judgedAt: string;
  verdict: 'counted' | 'surplus' | 'not_running' | 'other_source' | 'not_real' | 'returning';
  /** Of those that count, from 1. */
  number: number | null;
};

export type Forecast = {
  now: Standing;
  steps: ForecastStep[];
};

export type ForecastStep = {
  /** When it follows if nothing is paid; null where it has happened. */
  at: string | null;
  what: 'campaigns-paused' | 'cpl-orders-blocked';
  /** The smallest payment that prevents or lifts it, and of which invoices. */
  unless: {
    /** In minor units of the platform currency. */
    payment: number;
    invoiceIds: string[];
  };
};

export type FoundAccount = {
  accountId: string;
  role: 'model' | 'marketer' | 'affiliate' | 'manager';
  name: string;
};

export type Health = {
  /** The clock of the service. */
  at: string;
  /** What goes no further without somebody: in quarantine, parked, failed. */
  stuck: number;
  /** What `/readyz` answers, with the same `checks`. */
  ready: boolean;
  checks: {
    database?:
      | 'commits'
      | 'has no primary'
      | 'has no majority'
      | 'cannot be reached'
      | 'commits nothing in time'
      | 'leaves no connection free'
      | 'does not answer';
    /** `agrees`, or by how much it does not. */
    clock?: string;
    telegram?: 'connecting' | 'on' | 'off' | 'stopped';
    discord?: 'connecting' | 'on' | 'off' | 'stopped';
    /** Only where it is on. */
    shadow?: 'on: nothing is sent out';
  };
  /** By how much the database's clock is ahead of the service's; the checks allow for a little. */
  clockOffsetSeconds: number;
  events: {
    /** To be applied. */
    received: number;
    /** For what they refer to. */
    waiting: number;
    quarantined: number;
  };
  webhooks: {
    /** Whether the platform is told anything. */
    enabled: boolean;
    due: number;
    parked: number;
    /** The latest of those that were given up. */
    parkedLately: {
      webhookId: string;
      type: string;
      error: string | null;
      failure: WebhookFailure;
    }[];
  };
  notices: {
    /** For their time. */
    waiting: number;
    /** To be sent. */
    due: number;
    /** Handed to the channel now. */
    sending: number;
    /** The channel did not answer, so nobody knows whether it arrived. */
    unconfirmed: number;
    /** The chat takes no messages. */
    undeliverable: number;
    /** Given up after too many tries. */
    failed: number;
    byChannel: {
      telegram: {
        /** To be sent. */
        due: number;
        /** Handed to the channel now. */
        sending: number;
        /** The channel did not answer, so nobody knows whether it arrived. */
        unconfirmed: number;
        /** The chat takes no messages. */
        undeliverable: number;
        /** Given up after too many tries. */
        failed: number;
      };
      discord: {
        /** To be sent. */
        due: number;
        /** Handed to the channel now. */
        sending: number;
        /** The channel did not answer, so nobody knows whether it arrived. */
        unconfirmed: number;
        /** The chat takes no messages. */
        undeliverable: number;
        /** Given up after too many tries. */
        failed: number;
      };
    };
  };
  /** Chats that take no messages; all of them are at `/v1/health/unreachable`. */
  unreachable: {
    count: number;
    chats: {
      accountId: string;
      /** As the platform sent it. */
      name: string;
      channel: 'telegram' | 'discord';
      reason: string | null;
      since: string | null;
    }[];
  };
  /** People whom no chat reaches; all of them, with their names, are at `/v1/health/unreached`. */
  unreached: {
    count: number;
    accountIds: string[];
  };
  /** Why the place of the managers takes no messages. */
  managersChannel: string | null;
  jobs: JobState[];
};

export type HeldPayouts = {
  accountId: string;
  /** Null where every payout of the account is held. */
  payoutId: string | null;
  /** When it ends by itself. */
  until: string;
  reason: string;
  by: string;
  at: string;
  /** When it was ended earlier, or null. */
  releasedAt: string | null;
  /** Those that are due and concerned now, 100 at most. */
  payouts: {
    payoutId: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type InvoiceAnswer = {
  /** Week and model. */
  invoiceId: string;
  /** Who owes it. */
  modelId: string;
  /** The ISO week that it is for. */
  week: string;
  /** `credited`: nothing is to be paid, and what is below zero is held for the next one. */
  status: 'open' | 'overdue' | 'completed' | 'void' | 'written_off' | 'credited';
  /** When it was issued. */
  issuedAt: string;
  /** Unpaid from here on, it is overdue. */
  dueAt: string;
  /** When it was paid; null until then. */
  completedAt: string | null;
  /** One per campaign, contractor, rate and type of transaction. */
  lines: {
    /** The RevShare campaign. */
    campaignId: string;
    /** Who is credited the cost when the invoice is completed. */
    contractorId: string;
    /** Of the transactions. */
    type: 'subscription' | 'renewal' | 'tip' | 'message' | 'post' | 'other' | 'refund';
    /** How many they are. */
    count: number;
    /** What fans paid; negative for refunds. */
    gross: number;
    /** Of the campaign's version that priced them. */
    rateBps: number;
    /** The share of the gross, rounded once. */
    cost: number;
    /** Of `count`, those from before the week of the invoice. */
    late: number;
    /** As the platform sent it; the id where the account has none. */
    contractorName: string;
  }[];
  /** The sum of the costs. */
  subtotal: number;
  /** 0 where nothing is discounted. */
  discountBps: number;
  /** Of the subtotal, rounded once. */
  discount: number;
  /** What was taken from earlier credit. */
  credit: number;
  /** What is owed; it can be negative. */
  total: number;
  /** Only where parts of the total were paid ahead of the rest. */
  parts?: {
    /** Of the promise that it was paid for. */
    number: number;
    /** Held for the invoice until it ends. */
    amount: number;
    /** When it left the balance. */
    paidAt: string;
  }[];
  /** Of the document, in answers of the API: in its series and year without a gap. It is given right after the issue. */
  number?: string;
  /** Only of a void one, in answers of the API: the number of its credit note. */
  creditNote?: string;
  /** Only of one that was paid outside: of that payment. */
  reference?: string;
  /** Only of one that was paid outside: when the money came. It decides whether that was on time. */
  paidAt?: string;
  /** Only of a void one: why. */
  voidReason?: string;
  /** Only of a written-off one: since when nothing is owed for it. */
  writtenOffAt?: string;
  /** Only of a written-off one: why. */
  writeOffReason?: string;
  /** Only of a written-off one: whether its contractors got their lines, at the platform's expense. */
  contractorsPaid?: boolean;
  /** As the platform sent it; the id where the account has none. */
  modelName: string;
  /** Only where one was made: the last. */
  promise?: {
    /** Invoice, and number of the promise about it. */
    promiseId: string;
    /** What is promised to be paid. */
    invoiceId: string;
    /** Who promised it. */
    modelId: string;
    /** `lapsed`: the invoice ended in another way than by payment. */
    status: 'running' | 'kept' | 'broken' | 'refused' | 'lapsed';
    /** From here on pausing and blocking wait. */
    madeAt: string;
    /** Unpaid from here on, it is broken. */
    until: string;
    /** Null where it is paid in one. */
    parts: {
      /** Paid at once, and held for the invoice. */
      first: number;
      /** To be paid by `until`. */
      rest: number;
    } | null;
    /** When it was kept, broken, refused or lapsed; null until then. */
    endedAt: string | null;
    /** Only of a refused one: why. */
    reason?: string;
  };
};

export type JobState = {
  job: string;
  /** When it ran last, in any process; null where it is not known. */
  last: {
    /** What it ran for, by the clock of the service. */
    dueAt: string;
    /** Real time. */
    ranAt: string;
    ms: number;
    /** On how many things it worked, where it counts them. */
    count: number | null;
  } | null;
  /** When it is due next; null while nothing is. */
  nextAt: string | null;
  /** It was due more than five minutes ago. */
  isLate: boolean;
};

export type Lacking = {
  kind: string;
  id: string;
  /** Of an account that is known, as one of another role than is waited for. */
  name?: string;
  /** How many events wait for it, quarantined ones among them. */
  count: number;
  /** When the first of them began to wait. */
  since: string;
  /** Of which types they are. */
  types: string[];
};

export type LedgerEntry = {
  entryId: string;
  postings: {
    account: string;
    /** Whose it is, where it is somebody’s. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
  effectiveAt: string;
  recordedAt: string;
  reverses?: string;
  /** What it was written for. */
  cause: {
    kind: 'topup' | 'invoice' | 'order' | 'payout' | 'commission' | 'adjustment';
    id: string;
  } | null;
  /** The event that it came of, where the platform sent one. */
  eventId?: string;
  /** Of the list of one account: what that had once this was written. An entry counts from then, also where it takes effect later. */
  balanceAfter?: number;
};

export type LinkCode = {
  code: string;
  telegramUrl?: string;
  expiresAt: string;
};

export type LiveChange = {
  topic:
    | 'invoices'
    | 'standing'
    | 'orders'
    | 'fans'
    | 'commissions'
    | 'payouts'
    | 'cycles'
    | 'events'
    | 'webhooks'
    | 'accounts'
    | 'ledger';
  /** `kind:id`; `*` where many things of the topic have changed, or nobody says which. */
  subject: string;
  /** Real time. */
  at: string;
};

export type MadePaymentFile = {
  file: string;
  cycle: string;
  format: 'sepa' | 'wise' | 'paypal' | 'usdt-trc20' | 'generic';
  /** The first file of a cycle and format is 1. */
  number: number;
  currency: string;
  madeAt: string;
  /** Who had it made. */
  by: string;
  /** The day on which a bank is to pay it, where the format says one. */
  executeOn: string;
  count: number;
  /** In minor units of the platform currency. */
  total: number;
  /** Stands for all its parts; of one part it is the hash of that. */
  hash: string;
  parts: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
    part: number;
    name: string;
    contentType: string;
    /** Of Wise: `bank-accounts`, `email` or `saved-recipients`. */
    template?: string;
    bytes: number;
    /** SHA-256 of the bytes, in hexadecimal, as `sha256sum` prints it. */
    hash: string;
    /** Where its content is. */
    href: string;
  }[];
  /** Payouts of its payees that this format cannot pay; they stay due. */
  leftOut: {
    payoutId: string;
    accountId: string;
    /** Of the account. */
    name: string;
    /** In minor units of the platform currency. */
    amount: number;
    why: 'amount_not_payable' | 'destination_not_writable' | 'payee_changed';
  }[];
  /** What of the batch is not in it, as of when it was made: together they are the batch. */
  rest: {
    otherMethods: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
      method: string;
    }[];
    withoutPayee: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    held: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    leftOut: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    /** In another file already, or paid, or failed. */
    notDue: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
  };
  /** It was made already, and this is that file; null when it was made now. */
  madeBefore: {
    at: string;
    by: string;
    /** SHA-256 of the bytes, in hexadecimal, as `sha256sum` prints it. */
    hash: string;
  } | null;
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type ManagerScopes = {
  accountId: string;
  /** What the account may do as a manager, now or once it is one. */
  scopes: ('read' | 'invoices' | 'sanctions' | 'orders' | 'payouts.prepare' | 'payouts.approve' | 'admin')[];
  /** The owner's; null while the policy's `roles` say. */
  decision: {
    by: string;
    reason: string;
    at: string;
  } | null;
};

export type MarketerQueue = {
  marketerId: string;
  /** How many orders run at a time; null: as many as there are. */
  capacity: number | null;
  counts: {
    running: number;
    queued: number;
    toAnswer: number;
  };
  /** In the order of their acceptance. */
  running: Order[];
  /** Accepted, by their places in the queue. */
  queued: Order[];
  /** Placed and not answered, the longest waiting first. */
  toAnswer: Order[];
  /** How many fans began to count in each of the last five weeks, the running one last. */
  fansByWeek: {
    week: string;
    fans: number;
  }[];
};

export type Me = {
  name: string;
  scopes: ('read' | 'invoices' | 'sanctions' | 'orders' | 'payouts.prepare' | 'payouts.approve' | 'admin')[];
  /** With what these imply: whoever has any may read, and `admin` has all. */
  allows: ('read' | 'invoices' | 'sanctions' | 'orders' | 'payouts.prepare' | 'payouts.approve' | 'admin')[];
  /** Of whoever is in the console; a key has none. */
  account?: {
    accountId: string;
    role: 'model' | 'marketer' | 'affiliate' | 'manager';
    name: string;
  };
};

/** What the chat would say, free of any channel. */
export type Message = {
  state?: 'done' | 'open' | 'overdue' | 'stopped' | 'info';
  title?: string;
  paragraphs: string[];
  /** Pairs of a label and a value. */
  facts?: string[][];
  table?: {
    header: string[];
    rows: string[][];
    /** The columns that hold amounts or counts. */
    numbers?: number[];
    headings?: {
      from: number;
      text: string;
    }[];
  };
  footer?: string;
  /** The file that goes with it in chat, without its content. */
  attachment?: {
    name: string;
    contentType: string;
    alt?: string;
  };
  rulesPage?: string;
  buttons: MessageButton[][];
};

export type MessageButton = {
  label: string;
  /** What pressing it runs. */
  command?: string;
  /** The page that it opens. */
  url?: string;
  weight?: 'main' | 'danger';
};

export type NamedAdjustment = {
  /** Names the adjustment. */
  adjustmentId: string;
  /** The ledger account. */
  account: string;
  /** Whose it is. */
  accountId: string;
  /** Below zero where it takes something away; never zero. */
  amount: number;
  /** Why; the person reads it. */
  reason: string;
  /** The name of the API key, or the manager. */
  madeBy: string;
  /** When it was made. */
  at: string;
  /** The payday that pays it, or takes it back; null for a model. */
  payday: string | null;
  /** Of whose account it is, where it is somebody's. */
  name?: string;
};

export type NewApiKey = ApiKey & {
  /** The key itself, this once. */
  key: string;
};

export type Order = {
  /** As it was placed; a renewed one has a `~`. */
  orderId: string;
  /** The client. */
  modelId: string;
  /** Who delivers. */
  marketerId: string;
  /** The offer it was placed on. */
  offerId: string;
  /** The state it is in. */
  status: 'placed' | 'queued' | 'running' | 'completed' | 'rejected' | 'expired' | 'refused' | 'cancelled' | 'stopped';
  /** In the marketer's queue, 1 is next: the accepted that wait for a place, then the placed; null when it runs or is over. */
  position: number | null;
  /** Fans that count. */
  delivered: number;
  /** Fans that were ordered. */
  quantity: number;
  /** Of each fan that counts. */
  pricePerFan: number;
  /** The whole price is held in escrow from acceptance on. */
  prepaid: boolean;
  /** Fans that are paid for together; null: on completion or, prepaid, fan by fan. */
  chunkSize: number | null;
  /** It is placed again when completed. */
  autoRenew: boolean;
  /** What the marketer was paid. */
  paid: number;
  /** Fell due, and the client's balance did not cover it. */
  owed: number;
  /** Held, and neither paid nor returned yet. */
  escrow: number;
  /** When it was placed. */
  placedAt: string;
  /** Unanswered, it expires here. */
  respondBy: string;
  /** Null until then. */
  acceptedAt: string | null;
  /** Null until then. */
  startedAt: string | null;
  /** At once, when a place became free, or by its first fan; null until then. */
  startedBy: 'acceptance' | 'place' | 'fan' | null;
  /** Null until it is over. */
  endedAt: string | null;
  /** From acceptance on, else null: send fans as subscriptions with it. */
  campaignId: string | null;
  /** The tracking link, from acceptance on, else null. */
  link: string | null;
  /** The order that it renews, or null. */
  renewalOf: string | null;
  /** The order that renews it, or null. */
  renewedBy: string | null;
  /** For people: why there is no renewal. */
  notRenewedBecause: string[];
  /** The same, for programs, and for words of your own. */
  renewalBlockers: (
    | {
        /** the client's partnership is over */
        kind: 'client-terminated';
      }
    | {
        /** the client's orders are blocked: invoices are overdue */
        kind: 'client-blocked';
      }
    | {
        /** the client owes an amount for delivered fans */
        kind: 'client-owes';
      }
  )[];
  /** For people: why it ended without being completed. */
  reasons: string[];
  /** The same reasons in the same order, for programs, and for words of your own. */
  because: OrderReason[];
  /** As the platform sent it; the id where the account has none. */
  modelName: string;
  marketerName: string;
  client: OrderClient;
};

/** How the client stands now, as the marketer reads it. */
export type OrderClient = {
  tier: 'at-risk' | 'new' | 'standard' | 'trusted';
  trustScore: number;
  /** Of the last `invoices`, how many were paid on time. */
  paidOnTime: number;
  /** The last invoices that were paid or fell due, at most ten. */
  invoices: number;
  /** For how many of the fans to come there is money now, on the balance or in escrow; 0 when it is over. */
  coveredFans: number;
};

export type OrderReason =
  | {
      /** the client's partnership is over */
      kind: 'client-terminated';
    }
  | {
      /** the client's orders are blocked: invoices are overdue */
      kind: 'client-blocked';
    }
  | {
      /** the client owes an amount for delivered fans */
      kind: 'client-owes';
    }
  | {
      /** the marketer rejected it */
      kind: 'rejected';
      /** What somebody wrote, or null. */
      reason: string | null;
    }
  | {
      /** it was cancelled before it was answered */
      kind: 'cancelled';
      /** What somebody wrote, or null. */
      reason: string | null;
    }
  | {
      /** nobody answered in time */
      kind: 'not-answered';
    }
  | {
      /** the marketer wanted it, and the client's balance did not cover it in time */
      kind: 'not-funded';
    }
  | {
      /** a guarantee was violated */
      kind: 'guarantee-violated';
      /** What somebody wrote, or null. */
      reason: string | null;
    }
  | {
      /** a manager stopped it */
      kind: 'stopped-by-manager';
      /** What somebody wrote, or null. */
      reason: string | null;
    }
  | {
      /** the client was terminated while it ran */
      kind: 'partnership-terminated';
    }
  | {
      /** no fan counted for long */
      kind: 'idle';
      /** For how many; null of long ago. */
      days: number | null;
      /** The same as text. */
      reason: string;
    };

export type OverdueInvoice = {
  /** Week and model. */
  invoiceId: string;
  /** Who owes it. */
  modelId: string;
  /** The ISO week that it is for. */
  week: string;
  /** `credited`: nothing is to be paid, and what is below zero is held for the next one. */
  status: 'open' | 'overdue' | 'completed' | 'void' | 'written_off' | 'credited';
  /** When it was issued. */
  issuedAt: string;
  /** Unpaid from here on, it is overdue. */
  dueAt: string;
  /** When it was paid; null until then. */
  completedAt: string | null;
  /** One per campaign, contractor, rate and type of transaction. */
  lines: {
    /** The RevShare campaign. */
    campaignId: string;
    /** Who is credited the cost when the invoice is completed. */
    contractorId: string;
    /** Of the transactions. */
    type: 'subscription' | 'renewal' | 'tip' | 'message' | 'post' | 'other' | 'refund';
    /** How many they are. */
    count: number;
    /** What fans paid; negative for refunds. */
    gross: number;
    /** Of the campaign's version that priced them. */
    rateBps: number;
    /** The share of the gross, rounded once. */
    cost: number;
    /** Of `count`, those from before the week of the invoice. */
    late: number;
    /** As the platform sent it; the id where the account has none. */
    contractorName: string;
  }[];
  /** The sum of the costs. */
  subtotal: number;
  /** 0 where nothing is discounted. */
  discountBps: number;
  /** Of the subtotal, rounded once. */
  discount: number;
  /** What was taken from earlier credit. */
  credit: number;
  /** What is owed; it can be negative. */
  total: number;
  /** Only where parts of the total were paid ahead of the rest. */
  parts?: {
    /** Of the promise that it was paid for. */
    number: number;
    /** Held for the invoice until it ends. */
    amount: number;
    /** When it left the balance. */
    paidAt: string;
  }[];
  /** Of the document, in answers of the API: in its series and year without a gap. It is given right after the issue. */
  number?: string;
  /** Only of a void one, in answers of the API: the number of its credit note. */
  creditNote?: string;
  /** Only of one that was paid outside: of that payment. */
  reference?: string;
  /** Only of one that was paid outside: when the money came. It decides whether that was on time. */
  paidAt?: string;
  /** Only of a void one: why. */
  voidReason?: string;
  /** Only of a written-off one: since when nothing is owed for it. */
  writtenOffAt?: string;
  /** Only of a written-off one: why. */
  writeOffReason?: string;
  /** Only of a written-off one: whether its contractors got their lines, at the platform's expense. */
  contractorsPaid?: boolean;
  /** As the platform sent it; the id where the account has none. */
  modelName: string;
  /** What is still to be paid of it: `total` without what was paid of it ahead. */
  left: number;
  /** What its model promised of it last, or null. */
  promise: {
    /** Invoice, and number of the promise about it. */
    promiseId: string;
    /** What is promised to be paid. */
    invoiceId: string;
    /** Who promised it. */
    modelId: string;
    /** `lapsed`: the invoice ended in another way than by payment. */
    status: 'running' | 'kept' | 'broken' | 'refused' | 'lapsed';
    /** From here on pausing and blocking wait. */
    madeAt: string;
    /** Unpaid from here on, it is broken. */
    until: string;
    /** Null where it is paid in one. */
    parts: {
      /** Paid at once, and held for the invoice. */
      first: number;
      /** To be paid by `until`. */
      rest: number;
    } | null;
    /** When it was kept, broken, refused or lapsed; null until then. */
    endedAt: string | null;
    /** Only of a refused one: why. */
    reason?: string;
  } | null;
  contact: Contact;
  /** Whole calendar days past `dueAt`. */
  daysOverdue: number;
  standing: Standing;
};

export type OverdueSummary = {
  /** Invoices. */
  count: number;
  /** Of how many models. */
  models: number;
  /** What is still to be paid of them. */
  amount: number;
  ages: {
    /** At least so many whole calendar days past due. */
    from: number;
    /** At most so many; null without an end. */
    to: number | null;
    /** Invoices. */
    count: number;
    /** Of how many models. */
    models: number;
    /** What is still to be paid of them. */
    amount: number;
  }[];
};

export type PaidInvoice = {
  /** Week and model. */
  invoiceId: string;
  /** Who owes it. */
  modelId: string;
  /** The ISO week that it is for. */
  week: string;
  /** `credited`: nothing is to be paid, and what is below zero is held for the next one. */
  status: 'open' | 'overdue' | 'completed' | 'void' | 'written_off' | 'credited';
  /** When it was issued. */
  issuedAt: string;
  /** Unpaid from here on, it is overdue. */
  dueAt: string;
  /** When it was paid; null until then. */
  completedAt: string | null;
  /** One per campaign, contractor, rate and type of transaction. */
  lines: {
    /** The RevShare campaign. */
    campaignId: string;
    /** Who is credited the cost when the invoice is completed. */
    contractorId: string;
    /** Of the transactions. */
    type: 'subscription' | 'renewal' | 'tip' | 'message' | 'post' | 'other' | 'refund';
    /** How many they are. */
    count: number;
    /** What fans paid; negative for refunds. */
    gross: number;
    /** Of the campaign's version that priced them. */
    rateBps: number;
    /** The share of the gross, rounded once. */
    cost: number;
    /** Of `count`, those from before the week of the invoice. */
    late: number;
  }[];
  /** The sum of the costs. */
  subtotal: number;
  /** 0 where nothing is discounted. */
  discountBps: number;
  /** Of the subtotal, rounded once. */
  discount: number;
  /** What was taken from earlier credit. */
  credit: number;
  /** What is owed; it can be negative. */
  total: number;
  /** Only where parts of the total were paid ahead of the rest. */
  parts?: {
    /** Of the promise that it was paid for. */
    number: number;
    /** Held for the invoice until it ends. */
    amount: number;
    /** When it left the balance. */
    paidAt: string;
  }[];
  /** Of the document, in answers of the API: in its series and year without a gap. It is given right after the issue. */
  number?: string;
  /** Only of a void one, in answers of the API: the number of its credit note. */
  creditNote?: string;
  /** Only of one that was paid outside: of that payment. */
  reference?: string;
  /** Only of one that was paid outside: when the money came. It decides whether that was on time. */
  paidAt?: string;
  /** Only of a void one: why. */
  voidReason?: string;
  /** Only of a written-off one: since when nothing is owed for it. */
  writtenOffAt?: string;
  /** Only of a written-off one: why. */
  writeOffReason?: string;
  /** Only of a written-off one: whether its contractors got their lines, at the platform's expense. */
  contractorsPaid?: boolean;
  /** In minor units of the platform currency. */
  balance: number;
};

export type Payee = {
  accountId: string;
  /** How many changes there were. */
  version: number;
  changedAt: string;
  /** `platform`, or the name of an API key. */
  by: string;
  /** Until when the account's payouts are held; null: they are not. */
  heldUntil: string | null;
  method: 'sepa' | 'wise' | 'paypal' | 'usdt-trc20' | 'other';
  /** Never the whole of it. */
  masked: string;
};

export type PaymentFile = {
  file: string;
  cycle: string;
  format: 'sepa' | 'wise' | 'paypal' | 'usdt-trc20' | 'generic';
  /** The first file of a cycle and format is 1. */
  number: number;
  currency: string;
  madeAt: string;
  /** Who had it made. */
  by: string;
  /** The day on which a bank is to pay it, where the format says one. */
  executeOn: string;
  count: number;
  /** In minor units of the platform currency. */
  total: number;
  /** Stands for all its parts; of one part it is the hash of that. */
  hash: string;
  parts: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
    part: number;
    name: string;
    contentType: string;
    /** Of Wise: `bank-accounts`, `email` or `saved-recipients`. */
    template?: string;
    bytes: number;
    /** SHA-256 of the bytes, in hexadecimal, as `sha256sum` prints it. */
    hash: string;
    /** Where its content is. */
    href: string;
  }[];
  /** Payouts of its payees that this format cannot pay; they stay due. */
  leftOut: {
    payoutId: string;
    accountId: string;
    /** Of the account. */
    name: string;
    /** In minor units of the platform currency. */
    amount: number;
    why: 'amount_not_payable' | 'destination_not_writable' | 'payee_changed';
  }[];
  /** What of the batch is not in it, as of when it was made: together they are the batch. */
  rest: {
    otherMethods: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
      method: string;
    }[];
    withoutPayee: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    held: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    leftOut: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    /** In another file already, or paid, or failed. */
    notDue: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
  };
};

export type Payout = {
  /** Payday and account. */
  payoutId: string;
  /** The payday. */
  cycle: string;
  /** The later payday whose batch pays it, because it was held or excluded; null: its own. */
  carriedTo: string | null;
  /** Who is paid. */
  accountId: string;
  /** What is to be transferred. */
  amount: number;
  /** What the amount is made of. */
  parts: {
    /** Approved commissions. */
    commissions: number;
    /** What the account earned as a marketer. */
    earnings: number;
  };
  /** The state it is in. */
  status: 'due' | 'processing' | 'paid' | 'failed';
  /** How many it pays. */
  count: number;
  /** When it was generated. */
  drawnAt: string;
  /** Being transferred since then, or null. */
  processingAt: string | null;
  /** When it was paid, or failed; null until then. */
  endedAt: string | null;
  /** Of the transfer, or null. */
  reference: string | null;
  /** Why it failed, or null. */
  reason: string | null;
  /** Of its statement, in answers of the API: given once it is paid, in its series and year without a gap. */
  number?: string;
  /** That the bank gave it back after it was paid; null while it did not. The payout stays `paid`. */
  returned: {
    /** When it came back. */
    at: string;
    /** Of the return, or null. */
    reference: string | null;
    /** Why, or null. */
    reason: string | null;
  } | null;
  /** Of who is paid, as the platform sent it. */
  name: string;
  /** What keeps it from being approved, exported and settled by hand now, or null. */
  held: {
    until: string;
    reason: string;
    by: string;
  } | null;
  /** The commissions that it pays, each with its amount, and what comes of no sale: adjustments, and what came back of paid payouts. What was earned as a marketer has none. */
  items: {
    commissionId: string;
    kind: 'commission' | 'adjustment' | 'return';
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type PayoutBatch = {
  state: 'drawn-up' | 'checked' | 'approved' | 'exported' | 'settled';
  /** Stands for every payout and amount of the batch. */
  hash: string;
  count: number;
  /** In minor units of the platform currency. */
  total: number;
  /** What of it is still to be settled. */
  open: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  /** Not in it while they are held; of one that is approved, its payouts that wait for the end of a hold. */
  held: {
    payoutId: string;
    accountId: string;
    /** Of the account. */
    name: string;
    /** In minor units of the platform currency. */
    amount: number;
    until: string;
    reason: string;
    by: string;
  }[];
  excluded: {
    payoutId: string;
    accountId: string;
    /** Of the account. */
    name: string;
    /** In minor units of the platform currency. */
    amount: number;
    reason: string;
    by: string;
    at: string;
  }[];
  checkedBy: string | null;
  checkedAt: string | null;
  approvedBy: string | null;
  approvedAt: string | null;
  /** Who asked for the approval, where it took two people. */
  askedBy: string | null;
  exports: {
    format: string;
    hash: string;
    count: number;
    /** In minor units of the platform currency. */
    total: number;
    by: string;
    at: string;
  }[];
  /** What there was to be said at the last check (docs/paydays.md). */
  findings: {
    kind:
      | 'missing-payee'
      | 'ledger-differs'
      | 'far-above'
      | 'far-below'
      | 'first'
      | 'changed'
      | 'carried-in'
      | 'on-its-way'
      | 'held'
      | 'excluded';
    count: number;
    /** In minor units of the platform currency. */
    total: number;
    /** The first 50; `before` is what the amount is compared with. */
    payouts: {
      payoutId: string;
      accountId: string;
      /** Of the account. */
      name: string;
      /** In minor units of the platform currency. */
      amount: number;
      /** In minor units of the platform currency. */
      before?: number;
      what?: string;
    }[];
  }[];
};

export type PayoutChange = {
  accountId: string;
  name: string;
  change: 'new' | 'gone' | 'more' | 'less';
  /** With this cycle. */
  amount: number;
  /** With the one before. */
  before: number;
  /** `amount` without `before`. */
  difference: number;
};

export type PayoutCycle = {
  cycle: string;
  payday: string;
  /** It takes approvals in `[start, end)`. */
  approvals: {
    start: string;
    end: string;
  };
  status: 'upcoming' | 'closing' | 'closed';
  payouts: number;
  /** In minor units of the platform currency. */
  total: number;
  byStatus: {
    due: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    processing: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    paid: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    failed: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
  };
  /** Of earlier paydays, and paid with this one: in the sums. */
  carriedIn: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  /** Its own that are paid with a later payday: not in the sums. */
  carriedAway: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  batch: PayoutBatch & (Record<string, unknown> | null);
};

export type PayoutCycleChanges = {
  cycle: string;
  /** The cycle that it is compared with: the last one before it that has payouts, or null. */
  before: string | null;
  /** Of all accounts, whatever the page. */
  totals: {
    new: {
      count: number;
      /** With this cycle. */
      amount: number;
      /** With the one before. */
      before: number;
      /** `amount` without `before`. */
      difference: number;
    };
    gone: {
      count: number;
      /** With this cycle. */
      amount: number;
      /** With the one before. */
      before: number;
      /** `amount` without `before`. */
      difference: number;
    };
    more: {
      count: number;
      /** With this cycle. */
      amount: number;
      /** With the one before. */
      before: number;
      /** `amount` without `before`. */
      difference: number;
    };
    less: {
      count: number;
      /** With this cycle. */
      amount: number;
      /** With the one before. */
      before: number;
      /** `amount` without `before`. */
      difference: number;
    };
    same: {
      count: number;
      /** With this cycle. */
      amount: number;
      /** With the one before. */
      before: number;
      /** `amount` without `before`. */
      difference: number;
    };
  };
  items: PayoutChange[];
  next: string | null;
};

export type PayoutCycleSums = {
  cycle: string;
  payday: string;
  status: 'upcoming' | 'closing' | 'closed';
  /** How far its batch is; null while it is not drawn up. */
  state: 'drawn-up' | 'checked' | 'approved' | 'exported' | 'settled' | null;
  /** How many are paid with it, whatever became of them. */
  payouts: number;
  /** What they come to. */
  total: number;
  /** Due or being transferred. */
  payable: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  paid: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  failed: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  /** Of `payable`, what is held now. */
  held: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  /** What was taken out of its batch: still in `payable` until that is approved, carried away then. */
  excluded: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  /** Of earlier paydays, and paid with this one: in the sums. */
  carriedIn: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  /** Its own that are paid with a later payday: not in the sums. */
  carriedAway: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
};

export type PayoutResult = {
  cycle: string;
  /** SHA-256 of the file. */
  hash: string;
  format: 'pain.002' | 'camt.054' | 'paypal' | 'wise' | 'generic';
  /** Payments that it names, one by one. */
  lines: number;
  settled: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  failed: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  returned: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  /** Lines that say what was known. */
  already: number;
  /** Lines of payments that are still on their way. */
  pending: number;
  /** Payments that bear no reference of ours. */
  others: number;
  /** Lines that do not agree with what is stored: nothing was done with them. */
  differences: {
    line: number;
    kind: 'unknown' | 'other_cycle' | 'amount' | 'not_approved' | 'paid_already' | 'failed_already';
    outcome: 'paid' | 'failed' | 'returned' | 'pending';
    payoutId: string | null;
    /** Of its account, where the payout is known. */
    name?: string;
    reference: string | null;
    /** In minor units of the platform currency. */
    expected: number | null;
    /** In minor units of the platform currency. */
    given: number | null;
  }[];
  /** Payouts that somebody else settled or failed at the same moment, otherwise than the file says. */
  missed: string[];
  /** What of the batch was still to be settled after it. */
  open: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  at: string;
  by: string;
};

export type Preview = {
  run: 'monday' | 'payday';
  /** The week that is invoiced, or the cycle that is paid. */
  period: string;
  /** When it runs. */
  at: string;
  /** When it was simulated: now, or at most ten minutes ago where more than 2,000 transactions or commissions are read. */
  asOf: string;
  /** The invoices or payouts that there would be. */
  made: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  byOutcome: {
    payout?: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    carried?: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    debited?: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    open?: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
    credited?: {
      count: number;
      /** In minor units of the platform currency. */
      total: number;
    };
  };
  /** The run before it. */
  last: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
    period: string;
  } | null;
  /** By how much `made` differs from the run before it. */
  difference: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  } | null;
};

export type PreviewRow = {
  accountId: string;
  name: string;
  outcome: 'payout' | 'carried' | 'debited' | 'open' | 'credited';
  /** In minor units of the platform currency. */
  amount: number;
  /** Of a payout, what comes of commissions; else null. */
  commissions: number | null;
  /** Of a payout, what was earned as a marketer; else null. */
  earnings: number | null;
  /** Of how many commissions or lines. */
  count: number;
  /** Of what is carried over. */
  why: 'nothing-due' | 'below-minimum' | null;
};

export type PromiseAnswer = {
  /** Invoice, and number of the promise about it. */
  promiseId: string;
  /** What is promised to be paid. */
  invoiceId: string;
  /** Who promised it. */
  modelId: string;
  /** `lapsed`: the invoice ended in another way than by payment. */
  status: 'running' | 'kept' | 'broken' | 'refused' | 'lapsed';
  /** From here on pausing and blocking wait. */
  madeAt: string;
  /** Unpaid from here on, it is broken. */
  until: string;
  /** Null where it is paid in one. */
  parts: {
    /** Paid at once, and held for the invoice. */
    first: number;
    /** To be paid by `until`. */
    rest: number;
  } | null;
  /** When it was kept, broken, refused or lapsed; null until then. */
  endedAt: string | null;
  /** Only of a refused one: why. */
  reason?: string;
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type Receipt = {
  format: string;
  subject: {
    kind: 'invoice' | 'order' | 'commission' | 'payout';
    id: string;
  };
  /** The rule behind it, in words; no part of the proof. */
  rule: string;
  /** What an invoice or payout is made of; left out above 20,000. */
  members?: unknown[];
  proof: {
    /** The seal that all of it leads to. */
    anchor: {
      day: string;
      number: number;
      hash: string;
    };
  };
};

export type RemindedInvoice = {
  invoiceId: string;
  modelId: string;
};

export type RemovedPayee = {
  accountId: string;
  /** How many changes there were. */
  version: number;
  changedAt: string;
  /** `platform`, or the name of an API key. */
  by: string;
  /** Until when the account's payouts are held; null: they are not. */
  heldUntil: string | null;
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type ReturnedPayout = Payout & {
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type Series = {
  name: 'overdue-by-age' | 'paid-on-time' | 'escrow' | 'payouts' | 'fans' | 'webhook-latency';
  /** What a point is of. */
  step: 'week' | 'day' | 'cycle';
  /** The values of each point, in the order in which they are shown. */
  values: {
    key: string;
    unit: 'amount' | 'count' | 'bps' | 'ms';
  }[];
  points: {
    /** The first day of the period, in the platform's zone. */
    at: string;
    /** By key; null where there is nothing to say. */
    values: Record<string, number | null>;
    /** Of a period that is not over: when its facts were read. Null of one that is. */
    asOf: string | null;
  }[];
};

export type SettledCycle = {
  cycle: string;
  count: number;
  /** In minor units of the platform currency. */
  total: number;
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type Shadow = {
  items: ShadowWeek[];
  next: string | null;
  /** Whether the service is in shadow now. */
  shadow: boolean;
  /** Since the last Monday that was summed up. */
  running: {
    /** What the platform would have been told. */
    webhooks: WithheldPart[];
    /** What people would have been told, linked or not. */
    messages: WithheldPart[];
  };
};

export type ShadowWeek = {
  week: string;
  at: string;
  /** What the platform would have been told. */
  webhooks: WithheldPart[];
  /** What people would have been told, linked or not. */
  messages: WithheldPart[];
};

export type SimulatedEvent = {
  simulated: true;
  eventId: string;
  /** `unchanged`: it would be applied, and nothing be otherwise. `undecided`: something that it depends on is under way. */
  outcome: 'applied' | 'unchanged' | 'fails' | 'waits' | 'dismissed' | 'undecided';
  /** Why it would fail. */
  reason: {
    code: string;
    words: string;
  } | null;
  /** What it would wait for. */
  waitsFor: {
    kind: string;
    id: string;
    /** Of an account that is known, as one of another role than is waited for. */
    name?: string;
  }[];
  /** Of a dismissal: how many events would go on waiting for it. */
  holdsBack: number;
  /** Of what would be changed the fields that differ. At most 100. */
  changes: {
    subject: string;
    action: 'added' | 'changed' | 'removed';
    before: Record<string, unknown> | null;
    after: Record<string, unknown> | null;
  }[];
  /** What the ledger would get. At most 100. */
  postings: {
    entryId: string;
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
  /** What goes on by itself: events that waited and what becomes of them, the weeks whose invoices get something, messages. At most 100 each. */
  then: {
    woken: {
      eventId: string;
      type: string;
      status: string;
    }[];
    invoices: {
      modelId: string;
      week: string;
    }[];
    webhooks: {
      type: string;
      subject: string;
    }[];
    notices: {
      accountId: string;
      kind: string;
    }[];
  };
  /** How many there are beyond those that are listed. */
  more: {
    changes: number;
    postings: number;
    following: number;
  };
};

export type Standing = {
  /** Whose standing it is. */
  modelId: string;
  /** What the RevShare campaigns of the model are to do; `stopped` is for good. */
  campaigns: 'running' | 'paused' | 'stopped';
  /** Whether new CPL orders of the model are taken. */
  cplOrders: 'allowed' | 'blocked';
  /** Follows from how invoices and orders went. */
  trustScore: number;
  /** Follows from the score, and from how much there is to judge by. */
  tier: 'at-risk' | 'new' | 'standard' | 'trusted';
  /** A manager should decide whether to go on. */
  terminationReview: boolean;
  /** The partnership is over. */
  terminated: boolean;
  /** The invoices that are overdue. */
  overdue: {
    /** How many are overdue. */
    count: number;
    /** The sum of their totals. */
    total: number;
    /** Of the oldest; null where none is. */
    oldestDueAt: string | null;
  };
  /** Of the last `invoices`, how many were paid on time. */
  paidOnTime: number;
  /** The last invoices that were paid or fell due, at most ten. */
  invoices: number;
  /** Sentences for people; times in the platform zone. */
  reasons: string[];
  /** The same reasons in the same order, for programs, and for words of your own. */
  because: StandingReason[];
  /** Advice for the next order; null unless the tier is `new`. */
  recommendedMaxQuantity: number | null;
};

export type StandingAnswer = {
  /** Whose standing it is. */
  modelId: string;
  /** What the RevShare campaigns of the model are to do; `stopped` is for good. */
  campaigns: 'running' | 'paused' | 'stopped';
  /** Whether new CPL orders of the model are taken. */
  cplOrders: 'allowed' | 'blocked';
  /** Follows from how invoices and orders went. */
  trustScore: number;
  /** Follows from the score, and from how much there is to judge by. */
  tier: 'at-risk' | 'new' | 'standard' | 'trusted';
  /** A manager should decide whether to go on. */
  terminationReview: boolean;
  /** The partnership is over. */
  terminated: boolean;
  /** The invoices that are overdue. */
  overdue: {
    /** How many are overdue. */
    count: number;
    /** The sum of their totals. */
    total: number;
    /** Of the oldest; null where none is. */
    oldestDueAt: string | null;
  };
  /** Of the last `invoices`, how many were paid on time. */
  paidOnTime: number;
  /** The last invoices that were paid or fell due, at most ten. */
  invoices: number;
  /** Sentences for people; times in the platform zone. */
  reasons: string[];
  /** The same reasons in the same order, for programs, and for words of your own. */
  because: StandingReason[];
  /** Advice for the next order; null unless the tier is `new`. */
  recommendedMaxQuantity: number | null;
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type StandingReason =
  | {
      /** the partnership is over */
      kind: 'terminated';
    }
  | {
      /** invoices are overdue */
      kind: 'overdue';
      /** How many invoices. */
      count: number;
      /** What is still to be paid of all that is overdue. */
      total: number;
    }
  | {
      /** one has been for too long for new CPL orders */
      kind: 'overdue-too-long';
      /** Which invoice. */
      invoiceId: string;
      /** When it fell due. */
      since: string;
    }
  | {
      /** it is too much for new CPL orders */
      kind: 'overdue-too-much';
      /** What is still to be paid of all that is overdue. */
      total: number;
      /** What new CPL orders allow. */
      limit: number;
    }
  | {
      /** a termination review is open */
      kind: 'under-review';
    }
  | {
      /** a manager holds the sanctions back */
      kind: 'grace';
      /** Until when it holds; of promises, until the first of them ends. */
      until: string;
    }
  | {
      /** for these invoices sanctions wait until a warning is delivered */
      kind: 'not-warned';
      /** How many invoices. */
      count: number;
    }
  | {
      /** for these invoices sanctions wait, because they are promised */
      kind: 'promised';
      /** How many invoices. */
      count: number;
      /** Until when it holds; of promises, until the first of them ends. */
      until: string;
    };

export type TakenPayoutResult = {
  cycle: string;
  /** SHA-256 of the file. */
  hash: string;
  format: 'pain.002' | 'camt.054' | 'paypal' | 'wise' | 'generic';
  /** Payments that it names, one by one. */
  lines: number;
  settled: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  failed: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  returned: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  /** Lines that say what was known. */
  already: number;
  /** Lines of payments that are still on their way. */
  pending: number;
  /** Payments that bear no reference of ours. */
  others: number;
  /** Lines that do not agree with what is stored: nothing was done with them. */
  differences: {
    line: number;
    kind: 'unknown' | 'other_cycle' | 'amount' | 'not_approved' | 'paid_already' | 'failed_already';
    outcome: 'paid' | 'failed' | 'returned' | 'pending';
    payoutId: string | null;
    /** Of its account, where the payout is known. */
    name?: string;
    reference: string | null;
    /** In minor units of the platform currency. */
    expected: number | null;
    /** In minor units of the platform currency. */
    given: number | null;
  }[];
  /** Payouts that somebody else settled or failed at the same moment, otherwise than the file says. */
  missed: string[];
  /** What of the batch was still to be settled after it. */
  open: {
    count: number;
    /** In minor units of the platform currency. */
    total: number;
  };
  /** This file was taken before: the answer is what it did then, and nothing was done now. */
  takenBefore: {
    at: string;
    by: string;
  } | null;
  /** Only where it is simulated: nothing is written. */
  simulated?: true;
  /** Only where it is simulated: what the ledger would get. */
  postings?: {
    account: string;
    /** Of whose account it is, where it is somebody's. */
    name?: string;
    /** In minor units of the platform currency. */
    amount: number;
  }[];
};

export type TodayItem = {
  kind:
    | 'overdue'
    | 'promises-ending'
    | 'promises-broken'
    | 'reviews'
    | 'orders-unanswered'
    | 'orders-idle'
    | 'events-quarantined'
    | 'events-waiting'
    | 'webhooks-parked'
    | 'people-unreached'
    | 'payday-check'
    | 'payday-approve'
    | 'payday-settle'
    | 'payees-missing'
    | 'approvals'
    | 'payouts-held'
    | 'payouts-returned'
    | 'erasures';
  count: number;
  /** In minor units; null of what is not about money. */
  amount: number | null;
  /** Since when the one that has waited longest does, or by when the next is due; null where nobody notes that. */
  oldest: string | null;
  /** The ids of at most ten, the oldest first. */
  first: string[];
  /** Of kinds that are people: what those in `first` are called, by their ids. */
  names?: Record<string, string>;
  /** The operation, with its query, whose list they are in; null where there is none. */
  list: {
    operation: string;
    query: Record<string, string>;
  } | null;
};

export type ToldMessage = {
  messageId: string;
  kind: string;
  /** Its heading, in English: who reads it has it in their own language. */
  title: string | null;
  /** When what it tells happened. */
  at: string;
  /** Null while it waits for its time: by which chat it goes is decided then. */
  channel: 'telegram' | 'discord' | null;
  /** `unconfirmed`: the channel did not answer, so nobody knows whether it has arrived. */
  state: 'waiting' | 'delivered' | 'unconfirmed' | 'failed';
  deliveredAt: string | null;
  /** Why it has not arrived, as the channel says. */
  error: string | null;
};

export type TrialBalance = {
  month: string;
  /** A closed month never changes. */
  state: 'open' | 'closed';
  closedAt: string | null;
  /** When an open month was added up: now, or at most an hour ago where it has more than 2,000 entries; null of a closed one. */
  asOf: string | null;
  /** How many entries were recorded in it. */
  entries: number;
  accounts: number;
  /** Of all its accounts. */
  hash: string;
  /** Opening and closing are zero; debits and credits are the same. */
  totals: {
    /** In minor units of the platform currency. */
    opening: number;
    /** In minor units of the platform currency. */
    debits: number;
    /** In minor units of the platform currency. */
    credits: number;
    /** In minor units of the platform currency. */
    closing: number;
  };
  classes: {
    class: string;
    accounts: number;
    /** In minor units of the platform currency. */
    opening: number;
    /** In minor units of the platform currency. */
    debits: number;
    /** In minor units of the platform currency. */
    credits: number;
    /** In minor units of the platform currency. */
    closing: number;
  }[];
  /** A page of its accounts. */
  items: {
    account: string;
    /** Whose it is, where it is somebody’s. */
    name?: string;
    /** In minor units of the platform currency. */
    opening: number;
    /** In minor units of the platform currency. */
    debits: number;
    /** In minor units of the platform currency. */
    credits: number;
    /** In minor units of the platform currency. */
    closing: number;
  }[];
  next: string | null;
};

export type TrustChange = {
  at: string;
  cause:
    | 'invoice-on-time'
    | 'invoice-late'
    | 'invoice-late-again'
    | 'order-completed'
    | 'promise-kept'
    | 'promise-broken';
  /** The id of the invoice or order. */
  subject: string;
  /** As it follows from the policy. */
  change: number;
  /** The score after it, from 0 to 100. */
  score: number;
};

export type UnreachableChat = {
  accountId: string;
  /** As the platform sent it. */
  name: string;
  channel: 'telegram' | 'discord';
  reason: string;
  /** By the clock of the service. */
  since: string;
};

export type UnreachedPerson = {
  accountId: string;
  /** As the platform sent it. */
  name: string;
  /** By the clock of the service. */
  since: string;
};

export type Waiting = {
  status: 'waiting';
  /** What it waits for. */
  missing: 'second_person';
  action: string;
  subject: string;
  /** How many payees there are. */
  count: number;
  /** In minor units of the platform currency. */
  amount: number;
  /** Stands for every payout and amount: the second person wants the same. */
  hash: string;
  askedBy: string;
  askedAt: string;
  expiresAt: string;
  /** Why an earlier request no longer counts, if there was one. */
  startedOver: 'changed' | 'expired' | 'asker-left' | null;
  /** Only where it is simulated: nothing was asked. */
  simulated?: true;
};

export type Webhook = WebhookSummary & {
  data?: unknown;
};

/** The same for programs, and for words of your own; null also for a text of another kind. */
export type WebhookFailure =
  | {
      kind: 'refused';
      status: number;
    }
  | {
      kind: 'redirected';
      status: number;
    }
  | {
      kind: 'late';
      seconds: number;
    }
  | {
      kind: 'unreachable';
      code: string | null;
    }
  | {
      kind: 'erased';
    }
  | null;

export type WebhookSummary = {
  /** As sent in `webhook-id`. */
  webhookId: string;
  type:
    | 'invoice.issued'
    | 'invoice.overdue'
    | 'invoice.completed'
    | 'invoice.voided'
    | 'invoice.written_off'
    | 'campaigns.paused'
    | 'campaigns.resumed'
    | 'cpl_orders.blocked'
    | 'cpl_orders.unblocked'
    | 'trust.changed'
    | 'partnership.review_opened'
    | 'partnership.terminated'
    | 'promise.made'
    | 'promise.kept'
    | 'promise.broken'
    | 'promise.refused'
    | 'order.accepted'
    | 'order.rejected'
    | 'order.expired'
    | 'order.refused'
    | 'order.started'
    | 'order.progressed'
    | 'order.completed'
    | 'order.stopped'
    | 'order.renewed'
    | 'charge.owed'
    | 'charge.paid'
    | 'commission.pending'
    | 'commission.approved'
    | 'commission.rejected'
    | 'payout.due'
    | 'payout.settled'
    | 'payout.failed'
    | 'payout.returned'
    | 'adjustment.made'
    | 'payout.held'
    | 'payout.released'
    | 'account.unreachable';
  /** Webhooks of one subject are sent in order. */
  subject: string;
  /** Of the account that is the subject, where it is one. */
  name?: string;
  /** Its number among those of its subject, from 1; null for one of before there were numbers. */
  sequence: number | null;
  /** When it happened. */
  timestamp: string;
  emittedAt: string;
  status: 'due' | 'delivered' | 'parked';
  attempts: number;
  /** Why it did not arrive last, as text. */
  error: string | null;
  failure: WebhookFailure;
  /** When it is sent next, while it is due. */
  nextAt: string | null;
  deliveredAt: string | null;
};

export type WithheldPart = {
  /** Of the webhook, or what the message is about. */
  type: string;
  count: number;
  /** What these come to together, where they are about an amount; else 0. */
  amount: number;
};

/** The calls of `/v1` (docs/api.md): what each is given, and what it answers. */
export type Operations = {
  /** People and businesses by name or id, in the order of ids; whoever was erased is not found */
  'GET /v1/accounts': {
    query?: {
      /** Each of its words begins a word of the name or of the id; case and accents do not matter, in any script. */
      q?: string;
      role?: 'model' | 'marketer' | 'affiliate' | 'manager';
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: FoundAccount[];
      next: string | null;
    };
  };
  /** One account, its balance and its chats */
  'GET /v1/accounts/{id}': {
    path: {
      id: string;
    };
    answer: Account;
  };
  /** A code that links a chat to the account: one use, 15 minutes; it makes the one before worthless */
  'POST /v1/accounts/{id}/link-codes': {
    path: {
      id: string;
    };
    answer: LinkCode;
  };
  /** All chats that speak for the account, in the order in which they were linked */
  'GET /v1/accounts/{id}/links': {
    path: {
      id: string;
    };
    query?: {
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: Chat[];
    };
  };
  /** End the link of an account to its chats in a channel */
  'DELETE /v1/accounts/{id}/links/{channel}': {
    path: {
      id: string;
      channel: 'telegram' | 'discord';
    };
    answer: undefined;
  };
  /** End the link of an account to one of its chats */
  'DELETE /v1/accounts/{id}/links/{channel}/{userId}': {
    path: {
      id: string;
      channel: 'telegram' | 'discord';
      userId: string;
    };
    answer: undefined;
  };
  /** Set the role of an account: it holds against the platform's word, whatever its date, until it is released */
  'PUT /v1/accounts/{id}/role': {
    path: {
      id: string;
    };
    body: {
      role: 'model' | 'marketer' | 'affiliate' | 'manager';
      reason: string;
    };
    answer: AccountRole;
  };
  /** Release a role that was set: the platform's word holds again */
  'DELETE /v1/accounts/{id}/role': {
    path: {
      id: string;
    };
    body: {
      reason: string;
    };
    answer: AccountRole;
  };
  /** What somebody was told in their chats, and is to be told; newest first */
  'GET /v1/accounts/{id}/messages': {
    path: {
      id: string;
    };
    query?: {
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: ToldMessage[];
      next: string | null;
    };
  };
  /** Erase the person of an account: its names, chats, texts and the bodies of its events */
  'POST /v1/accounts/{id}/erasure': {
    path: {
      id: string;
    };
    answer: Erasure;
  };
  /** How far the erasure of an account is */
  'GET /v1/accounts/{id}/erasure': {
    path: {
      id: string;
    };
    answer: Erasure;
  };
  /** Where an account's payouts are sent, masked */
  'GET /v1/accounts/{id}/payee': {
    path: {
      id: string;
    };
    answer: Payee;
  };
  /** Set where an account's payouts are sent */
  'PUT /v1/accounts/{id}/payee': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      /** How the account is paid. Each method has fields of its own, and takes no others. */
      method: 'sepa' | 'wise' | 'paypal' | 'usdt-trc20' | 'other';
      /** Who holds the account at the bank, in Latin letters, at most 70 characters. `sepa` and `wise` need it; banks compare it with the account. */
      name?: string;
      /** Checked: country, length, form and check digits. Spaces and small letters are taken. `sepa` needs one of the SEPA area; `wise` takes any. */
      iban?: string;
      /** `sepa`: of 8 or 11 characters. */
      bic?: string;
      /** `sepa`: where the payee lives, for banks that ask for it. */
      country?: string;
      /** `paypal` needs it; `wise` takes it. */
      email?: string;
      /** `wise`: the recipient's id at Wise. */
      recipientId?: string;
      /** `wise`: what the payee receives. With any other method it is that of the platform. */
      currency?: string;
      /** `usdt-trc20`: of a wallet on TRON, from T on. The checksum is checked, and small letters are others. */
      address?: string;
      /** `other`: how to pay, in words. */
      details?: string;
      reason?: string;
    };
    answer: ChangedPayee;
  };
  /** Remove where an account's payouts are sent */
  'DELETE /v1/accounts/{id}/payee': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      reason: string;
    };
    answer: RemovedPayee;
  };
  /** Who the key makes you, and what it may do */
  'GET /v1/me': {
    answer: Me;
  };
  /** A command, as if it were typed or pressed in chat; for whoever is in the console */
  'POST /v1/me/commands': {
    body: {
      command: string;
      isPress?: boolean;
    };
    answer: Message;
  };
  /** API keys, by name, without their secrets */
  'GET /v1/keys': {
    query?: {
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: ApiKey[];
      next: string | null;
    };
  };
  /** Make an API key; it is shown once */
  'POST /v1/keys': {
    body: {
      name: string;
      scopes: ('read' | 'invoices' | 'sanctions' | 'orders' | 'payouts.prepare' | 'payouts.approve' | 'admin')[];
      expiresAt?: Instant;
    };
    answer: NewApiKey;
  };
  /** One API key, without its secret */
  'GET /v1/keys/{name}': {
    path: {
      name: string;
    };
    answer: ApiKey;
  };
  /** Revoke a key, at once and for ever */
  'DELETE /v1/keys/{name}': {
    path: {
      name: string;
    };
    answer: undefined;
  };
  /** Another secret for a key; it is shown once */
  'POST /v1/keys/{name}/rotate': {
    path: {
      name: string;
    };
    body?: {
      overlapHours?: number;
    };
    answer: NewApiKey;
  };
  /** Set when a key ends: now, at an instant, or never with null; what has ended stays so */
  'POST /v1/keys/{name}/expire': {
    path: {
      name: string;
    };
    body?: {
      expiresAt?: Instant | null;
    };
    answer: ApiKey;
  };
  /** What an account may do as a manager */
  'GET /v1/accounts/{id}/scopes': {
    path: {
      id: string;
    };
    answer: ManagerScopes;
  };
  /** Set what a manager may do, against the policy's `roles`; null gives them back to it */
  'PUT /v1/accounts/{id}/scopes': {
    path: {
      id: string;
    };
    body: {
      scopes: ('read' | 'invoices' | 'sanctions' | 'orders' | 'payouts.prepare' | 'payouts.approve' | 'admin')[] | null;
      reason: string;
    };
    answer: ManagerScopes;
  };
  /** Invoices, newest first */
  'GET /v1/invoices': {
    query?: {
      modelId?: string;
      status?: 'open' | 'overdue' | 'completed' | 'void' | 'written_off' | 'credited';
      /** Those that are still to be paid: open, or overdue. */
      unpaid?: 'true';
      week?: string;
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: InvoiceAnswer[];
      next: string | null;
    };
  };
  /** One invoice for a spreadsheet: its lines and sums */
  'GET /v1/invoices/{id}/csv': {
    path: {
      id: string;
    };
    query?: {
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: string;
  };
  /** One invoice to print */
  'GET /v1/invoices/{id}/pdf': {
    path: {
      id: string;
    };
    answer: Uint8Array;
  };
  /** One invoice, also as `text/csv` and `application/pdf` by `Accept` */
  'GET /v1/invoices/{id}': {
    path: {
      id: string;
    };
    answer: InvoiceAnswer;
  };
  /** Pay an invoice from its model's balance */
  'POST /v1/invoices/{id}/pay': {
    path: {
      id: string;
    };
    body?: {
      reason?: string;
    };
    answer: PaidInvoice;
  };
  /** Void an unpaid invoice */
  'POST /v1/invoices/{id}/void': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      reason: string;
    };
    answer: EndedInvoice;
  };
  /** Write off an unpaid invoice: nothing is owed for it any more, and its transactions stay on it */
  'POST /v1/invoices/{id}/write-off': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      reason: string;
      payContractors?: boolean;
    };
    answer: EndedInvoice;
  };
  /** Complete an unpaid invoice that was paid by another way than the balance */
  'POST /v1/invoices/{id}/paid-outside': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      reference: string;
      paidAt?: Instant;
    };
    answer: EndedInvoice;
  };
  /** Promise, for its model, to pay an overdue invoice */
  'POST /v1/invoices/{id}/promise': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body?: {
      /** A day of the model's own, which it has to its end, or an instant; left out, as late as it may be. */
      until?: string | Instant;
      /** In two parts, of which the first is debited at once. */
      parts?: boolean;
    };
    answer: PromiseAnswer;
  };
  /** End a promise to pay; what waits for it takes effect */
  'POST /v1/invoices/{id}/promise/refuse': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      reason: string;
    };
    answer: PromiseAnswer;
  };
  /** Remind a model of an unpaid invoice now, at most once a day of the platform */
  'POST /v1/invoices/{id}/remind': {
    path: {
      id: string;
    };
    answer: RemindedInvoice;
  };
  /** How a model stands now */
  'GET /v1/models/{id}/standing': {
    path: {
      id: string;
    };
    answer: Standing;
  };
  /** The changes of a model's trust score, newest last */
  'GET /v1/models/{id}/trust': {
    path: {
      id: string;
    };
    query?: {
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: TrustChange[];
      next: string | null;
    };
  };
  /** Hold sanctions until an instant */
  'POST /v1/models/{id}/grace': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      until: Instant;
      reason: string;
    };
    answer: StandingAnswer;
  };
  /** End the partnership */
  'POST /v1/models/{id}/terminate': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      reason: string;
    };
    answer: StandingAnswer;
  };
  /** Close a termination review without consequences */
  'POST /v1/models/{id}/keep': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      reason: string;
    };
    answer: StandingAnswer;
  };
  /** What follows for a model when nothing is paid, and what prevents it */
  'GET /v1/models/{id}/forecast': {
    path: {
      id: string;
    };
    answer: Forecast;
  };
  /** All that is unpaid past due, for a spreadsheet */
  'GET /v1/overdue/csv': {
    query?: {
      /** At least so many whole days past due. */
      days?: number;
      /** At most so many whole days past due. */
      maxDays?: number;
      /** A total of at least so much, in minor units. */
      amount?: number;
      /** Of the model with this id. */
      model?: string;
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: string;
  };
  /** What is unpaid past due, by how long: how many invoices, of how many models, over how much */
  'GET /v1/overdue/summary': {
    answer: OverdueSummary;
  };
  /** What is unpaid past due, oldest first, with the model's standing; by `Accept` all of it as `text/csv` */
  'GET /v1/overdue': {
    query?: {
      /** At least so many whole days past due. */
      days?: number;
      /** At most so many whole days past due. */
      maxDays?: number;
      /** A total of at least so much, in minor units. */
      amount?: number;
      /** Of the model with this id. */
      model?: string;
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: OverdueInvoice[];
      next: string | null;
    };
  };
  /** CPL orders, the newest placed first */
  'GET /v1/orders': {
    query?: {
      modelId?: string;
      marketerId?: string;
      status?:
        | 'placed'
        | 'queued'
        | 'running'
        | 'completed'
        | 'rejected'
        | 'expired'
        | 'refused'
        | 'cancelled'
        | 'stopped';
      /** Of one model, or of one marketer: those whose other side is called so, by beginnings of words of a name or an id. */
      q?: string;
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: Order[];
      next: string | null;
    };
  };
  /** One order */
  'GET /v1/orders/{id}': {
    path: {
      id: string;
    };
    answer: Order;
  };
  /** Every fan that came through the order’s campaign, with its verdict */
  'GET /v1/orders/{id}/fans': {
    path: {
      id: string;
    };
    query?: {
      /** Those that count, or those that do not for this reason. */
      verdict?: 'counted' | 'surplus' | 'not_running' | 'other_source' | 'not_real' | 'returning';
      /** `false`: those that do not count, for whatever reason. */
      counted?: 'true' | 'false';
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: Fan[];
      next: string | null;
    };
  };
  /** Accept a placed order, for its marketer */
  'POST /v1/orders/{id}/accept': {
    path: {
      id: string;
    };
    body?: {
      reason?: string;
    };
    answer: Order;
  };
  /** Reject a placed order, for its marketer */
  'POST /v1/orders/{id}/reject': {
    path: {
      id: string;
    };
    body?: {
      reason?: string;
    };
    answer: Order;
  };
  /** Stop an accepted order and settle it at once */
  'POST /v1/orders/{id}/stop': {
    path: {
      id: string;
    };
    body?: {
      reason?: string;
    };
    answer: Order;
  };
  /** The orders that a marketer has in hand, and how many fans come */
  'GET /v1/marketers/{id}/queue': {
    path: {
      id: string;
    };
    answer: MarketerQueue;
  };
  /** Commissions, the newest charge first */
  'GET /v1/commissions': {
    query?: {
      affiliateId?: string;
      status?: 'pending' | 'approved' | 'rejected' | 'paid';
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: Commission[];
      next: string | null;
    };
  };
  /** One commission */
  'GET /v1/commissions/{id}': {
    path: {
      id: string;
    };
    answer: Commission;
  };
  /** Payouts, the newest cycle first */
  'GET /v1/payouts': {
    query?: {
      /** Those that this payday drew up. */
      cycle?: string;
      /** Those that are paid with this payday: without those carried away, with those carried to it. */
      paidWith?: string;
      accountId?: string;
      status?: 'due' | 'processing' | 'paid' | 'failed';
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: Payout[];
      next: string | null;
    };
  };
  /** One payout for a spreadsheet: what it is made of */
  'GET /v1/payouts/{id}/csv': {
    path: {
      id: string;
    };
    query?: {
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: string;
  };
  /** The statement of a payout to print */
  'GET /v1/payouts/{id}/pdf': {
    path: {
      id: string;
    };
    answer: Uint8Array;
  };
  /** One payout, also as `text/csv` and `application/pdf` by `Accept` */
  'GET /v1/payouts/{id}': {
    path: {
      id: string;
    };
    answer: Payout;
  };
  /** Say that a payout is being transferred */
  'POST /v1/payouts/{id}/process': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body?: {
      reference?: string;
      reason?: string;
    };
    answer: ChangedPayout | Waiting;
  };
  /** Say that a payout is paid */
  'POST /v1/payouts/{id}/settle': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body?: {
      reference?: string;
      reason?: string;
    };
    answer: ChangedPayout | Waiting;
  };
  /** Say that a payout has failed: its amount goes into a later one */
  'POST /v1/payouts/{id}/fail': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body?: {
      reference?: string;
      reason?: string;
    };
    answer: ChangedPayout | Waiting;
  };
  /** Say that the bank gave back a payout after it was paid: its amount goes into the next one */
  'POST /v1/payouts/{id}/return': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body?: {
      reference?: string;
      reason?: string;
    };
    answer: ReturnedPayout;
  };
  /** Hold a payout that is due until an instant */
  'POST /v1/payouts/{id}/hold': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      until: Instant;
      reason: string;
    };
    answer: HeldPayouts;
  };
  /** End the hold of a payout */
  'POST /v1/payouts/{id}/release': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      reason: string;
    };
    answer: HeldPayouts;
  };
  /** Hold all payouts of an account until an instant, also those that are drawn up meanwhile */
  'POST /v1/accounts/{id}/payout-hold': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      until: Instant;
      reason: string;
    };
    answer: HeldPayouts;
  };
  /** End the hold of an account's payouts */
  'POST /v1/accounts/{id}/payout-release': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      reason: string;
    };
    answer: HeldPayouts;
  };
  /** Check the batch of a payday: what it has, and what is unusual in it */
  'POST /v1/payout-cycles/{date}/check': {
    path: {
      date: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body?: Record<string, unknown>;
    answer: ChangedPayoutBatch;
  };
  /** Approve the batch of a payday as it was checked; with `hash` exactly that */
  'POST /v1/payout-cycles/{date}/approve': {
    path: {
      date: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body?: {
      hash?: string;
    };
    answer: ChangedPayoutBatch | Waiting;
  };
  /** Take a payout out of the batch of a payday: it goes to the next one */
  'POST /v1/payout-cycles/{date}/exclude': {
    path: {
      date: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      payoutId: string;
      reason: string;
    };
    answer: ChangedPayoutBatch;
  };
  /** Put an excluded payout back into the batch of a payday */
  'POST /v1/payout-cycles/{date}/include': {
    path: {
      date: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      payoutId: string;
    };
    answer: ChangedPayoutBatch;
  };
  /** All payouts that are paid with a cycle for a spreadsheet, also those that were carried to it */
  'GET /v1/payout-cycles/{date}/csv': {
    path: {
      date: string;
    };
    query?: {
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: string;
  };
  /** The payouts of a cycle to print */
  'GET /v1/payout-cycles/{date}/pdf': {
    path: {
      date: string;
    };
    answer: Uint8Array;
  };
  /** A payout cycle, also as `text/csv` and `application/pdf` by `Accept`; its payouts are at `/v1/payouts?cycle=` */
  'GET /v1/payout-cycles/{date}': {
    path: {
      date: string;
    };
    answer: PayoutCycle;
  };
  /** Say that every payout of a cycle that is still to be settled is paid */
  'POST /v1/payout-cycles/{date}/settle': {
    path: {
      date: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body?: {
      reference?: string;
    };
    answer: SettledCycle | Waiting;
  };
  /** Paydays that have payouts, newest first */
  'GET /v1/payout-cycles': {
    query?: {
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: PayoutCycleSums[];
      next: string | null;
    };
  };
  /** Who is paid more, less, for the first time or no more than with the payday before, the biggest difference first */
  'GET /v1/payout-cycles/{date}/changes': {
    path: {
      date: string;
    };
    query?: {
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: PayoutCycleChanges;
  };
  /** Make the file that pays an approved batch by a bank or wallet; once */
  'POST /v1/payout-cycles/{date}/export': {
    path: {
      date: string;
    };
    query: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
      format: 'sepa' | 'wise' | 'paypal' | 'usdt-trc20' | 'generic';
      /** Makes another file, of what has come to be payable since the last one. */
      further?: 'true';
    };
    answer: MadePaymentFile;
  };
  /** The content of a payment file that was made: the same bytes, however often */
  'GET /v1/payout-cycles/{date}/export': {
    path: {
      date: string;
    };
    query: {
      format: 'sepa' | 'wise' | 'paypal' | 'usdt-trc20' | 'generic';
      /** Which file of this format; the first unless told. */
      number?: number;
      /** Which part; needed where there are several. */
      part?: number;
    };
    answer: Uint8Array;
  };
  /** The payment files of a cycle that were made, with their hashes */
  'GET /v1/payout-cycles/{date}/exports': {
    path: {
      date: string;
    };
    query?: {
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: PaymentFile[];
    };
  };
  /** Hand in what a bank, PayPal or Wise says of the payouts of an approved batch; each file once */
  'POST /v1/payout-cycles/{date}/results': {
    path: {
      date: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    answer: TakenPayoutResult;
  };
  /** The files that were handed in for a cycle, with their differences */
  'GET /v1/payout-cycles/{date}/results': {
    path: {
      date: string;
    };
    query?: {
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: PayoutResult[];
    };
  };
  /** What a service with `SHADOW=1` would have sent, Monday by Monday, the latest first */
  'GET /v1/shadow': {
    query?: {
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: Shadow;
  };
  /** The same, account by account */
  'GET /v1/simulate/{run}/csv': {
    path: {
      run: 'monday' | 'payday';
    };
    query?: {
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: string;
  };
  /** What the next run would do by what is known now, also as `text/csv` by `Accept`; writes nothing */
  'GET /v1/simulate/{run}': {
    path: {
      run: 'monday' | 'payday';
    };
    answer: Preview;
  };
  /** The same, account by account, the greatest amount first */
  'GET /v1/simulate/{run}/rows': {
    path: {
      run: 'monday' | 'payday';
    };
    query?: {
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      outcome?: 'payout' | 'carried' | 'debited' | 'open' | 'credited';
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: PreviewRow[];
      next: string | null;
    };
  };
  /** The ledger as double entry, for an accountant */
  'GET /v1/ledger/export': {
    query: {
      /** The first day, in the platform’s zone. */
      from: string;
      /** The day after the last. */
      to: string;
      format?: 'csv' | 'beancount';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: string;
  };
  /** What each account had, got and gave in a month, also as `text/csv` by `Accept` */
  'GET /v1/ledger/trial-balance': {
    query: {
      month: string;
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
    };
    answer: TrialBalance;
  };
  /** The balance of a ledger account */
  'GET /v1/ledger/balances/{account}': {
    path: {
      account: string;
    };
    answer: {
      account: string;
      /** Whose it is, where it is somebody’s. */
      name?: string;
      /** In minor units of the platform currency. */
      balance: number;
    };
  };
  /** Ledger entries by id; those of one account the last written first, with its running balance */
  'GET /v1/ledger/entries': {
    query?: {
      account?: string;
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: LedgerEntry[];
      next: string | null;
    };
  };
  /** Correct a balance by hand */
  'POST /v1/adjustments': {
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      account: string;
      amount: number;
      reason: string;
    };
    answer: AdjustmentAnswer;
  };
  /** Adjustments, the newest first */
  'GET /v1/adjustments': {
    query?: {
      /** A balance, or an account: then the balance of its role. */
      account?: string;
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: NamedAdjustment[];
      next: string | null;
    };
  };
  /** One adjustment */
  'GET /v1/adjustments/{id}': {
    path: {
      id: string;
    };
    answer: NamedAdjustment;
  };
  /** Events that were received, without their data */
  'GET /v1/events': {
    query?: {
      status?: 'received' | 'waiting' | 'applied' | 'ignored' | 'quarantined';
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: EventSummary[];
      next: string | null;
    };
  };
  /** What events wait for, and how many do */
  'GET /v1/waiting': {
    query?: {
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: Lacking[];
      next: string | null;
    };
  };
  /** One event */
  'GET /v1/events/{id}': {
    path: {
      id: string;
    };
    answer: Event;
  };
  /** Try a quarantined event again, or send a webhook to the platform again */
  'POST /v1/events/{id}/replay': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    answer: Event | Webhook | SimulatedEvent;
  };
  /** Settle a quarantined event without its effect; a replay undoes that */
  'POST /v1/events/{id}/dismiss': {
    path: {
      id: string;
    };
    query?: {
      /** Answers what would be, with `simulated: true`, and writes nothing; no Idempotency-Key is used up. */
      simulate?: 'true';
    };
    body: {
      reason: string;
    };
    answer: Event | SimulatedEvent;
  };
  /** Webhooks to the platform, newest first, without their data */
  'GET /v1/webhooks': {
    query?: {
      status?: 'due' | 'delivered' | 'parked';
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: WebhookSummary[];
      next: string | null;
    };
  };
  /** One webhook */
  'GET /v1/webhooks/{id}': {
    path: {
      id: string;
    };
    answer: Webhook;
  };
  /** Send a webhook again, at once and under the same id */
  'POST /v1/webhooks/{id}/replay': {
    path: {
      id: string;
    };
    answer: Webhook;
  };
  /** What needs somebody now, by kind, also of which there is nothing */
  'GET /v1/today': {
    answer: {
      at: string;
      items: TodayItem[];
    };
  };
  /** Figures over weeks, days or payout cycles, the oldest first */
  'GET /v1/series/{name}': {
    path: {
      name: 'overdue-by-age' | 'paid-on-time' | 'escrow' | 'payouts' | 'fans' | 'webhook-latency';
    };
    query?: {
      /** From the period on that this day lies in. */
      from?: string;
      /** Until the period that this day lies in; now, if left out. */
      to?: string;
      /** Of `fans` alone: those of the orders of the marketer with this id. */
      marketer?: string;
    };
    answer: Series;
  };
  /** Who did what, when and why; newest first */
  'GET /v1/audit': {
    query?: {
      /** `kind:id`, or an id alone. */
      subject?: string;
      /** An account, in whichever of its chats, or the name of an API key. */
      actor?: string;
      /** An act, or a kind of them: `invoice` is all of `invoice.…`. */
      action?: string;
      /** From this instant on. */
      from?: string;
      /** Before this instant. */
      to?: string;
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: AuditRecord[];
      next: string | null;
    };
  };
  /** Chats that take no messages, those since the longest time first */
  'GET /v1/health/unreachable': {
    query?: {
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: UnreachableChat[];
      next: string | null;
    };
  };
  /** People whom no chat reaches, those since the longest time first */
  'GET /v1/health/unreached': {
    query?: {
      limit?: number;
      /** The `next` of the page before. */
      after?: string;
      /** `csv`: all pages as a table, whatever `Accept` says; `limit` says nothing then. */
      format?: 'json' | 'csv';
      /** `0`: without the byte order mark that tells spreadsheets it is UTF-8. */
      bom?: '0' | '1';
    };
    answer: {
      items: UnreachedPerson[];
      next: string | null;
    };
  };
  /** What is in hand, what is stuck, what is late, and who cannot be reached */
  'GET /v1/health': {
    answer: Health;
  };
  /** What changes, as it changes: server-sent events */
  'GET /v1/live': {
    answer: string;
  };
  /** The receipt of an invoice, order, commission or payout */
  'GET /v1/receipts/{id}': {
    path: {
      id: string;
    };
    answer: Receipt;
  };
};
