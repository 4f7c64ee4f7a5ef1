import type { SubjectKind } from './receipt.ts';

/** The rule behind each kind of thing, in words; the numbers are in docs/rules.md. */
export const RULES: Record<SubjectKind, string> = {
  invoice:
    'Each line is the sum of its transactions times its rate, rounded once, half away from zero. The discount is rounded once. The total is the subtotal less the discount and the credit brought forward (rules 1.3, 1.4). `members` are the transactions: each is on one invoice alone (rules 1.2).',
  order:
    "Each fan who came through the order's campaign has one verdict. `counted`: new to the model's page, through this order's campaign, real, dated between the acceptance and a stop, and not more than were ordered; each other verdict is the first reason that applies (rules 4.5). `end` is the mark after which none counts. The verdicts are numbered through all seals, so that none can be left out: `before` and `count` of each group.",
  commission:
    "The amount is the charge times the program's rate, rounded once, half away from zero, or its fixed amount (rules 5.3). It is firm when its hold is over and no refund is open (rules 5.5); what the ledger's entries say then stands, and a correction is an entry of its own (rules 5.6).",
  payout:
    'A payout pays the commissions that were approved for its cycle, and what was earned with orders and campaigns (rules 6.2, 6.5). Its insert says what it is made of, for ever; `members` are the commissions with the amounts that it pays.',
};
