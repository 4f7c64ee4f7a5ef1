import type { Topic } from '../../accounts/topics.ts';
import type { Role } from '../../events/catalogue.ts';
import type { WeekId } from '../../kernel/calendar.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import type { AccountContent } from './accounts.ts';
import type { AdjustmentContent } from './adjustments.ts';
import type { AffiliateContent, HoldFacts } from './affiliates.ts';
import type { ContactContent } from './contacts.ts';
import type { InvoiceContent } from './invoices.ts';
import type { OrderContent } from './orders.ts';
import type { PayeeContent, PayeeDenied } from './payees.ts';
import type { PromiseContent } from './promises.ts';
import type { RegularContent } from './regular.ts';
import type { SanctionContent } from './sanctions.ts';

/** What a notice says, as data. Kinds grow with the service; stored ones of old kinds must stay readable. */
export type NoticeContent =
  | InvoiceContent
  | { kind: 'manager.quarantined'; data: { eventId: string; type: string; error: string } }
  /** A webhook to the platform was given up. */
  | {
      kind: 'manager.webhook_parked';
      data: { webhookId: string; type: string; error: string; attempts: number };
    }
  /** An invoice went overdue (rules 1.10). */
  | {
      kind: 'manager.overdue';
      data: { invoiceId: string; modelId: string; name: string; week: WeekId; total: MinorUnits; dueAt: Date };
    }
  /** Paydays that have passed with payouts that are not paid (rules 6.4), the oldest first. */
  | { kind: 'manager.paydays_unpaid'; data: { paydays: UnpaidPayday[] } }
  /** A payout came back from the bank after it was paid (rules 6.9). */
  | {
      kind: 'manager.payout_returned';
      data: {
        payoutId: string;
        accountId: string;
        name: string;
        amount: MinorUnits;
        reference: string | null;
        reason: string | null;
        payday: string;
      };
    }
  /** People whom something had to be told, and whom no chat of theirs reaches. */
  | {
      kind: 'manager.unreached';
      data: { accountId: string; name: string; role: Role; hasChat: boolean };
    }
  /** A day is over, and has its last seal (docs/operations.md). */
  | { kind: 'manager.day_sealed'; data: { day: string; number: number; hash: string } }
  /** So many wrong codes were tried within an hour that somebody guesses (docs/operations.md). */
  | { kind: 'manager.codes_guessed'; data: { atLeast: number } }
  /** A second person has to approve what somebody asks for: settling payouts, or saying that one has failed. */
  | {
      kind: 'manager.approval_asked';
      data: {
        action: string;
        subject: string;
        count: number;
        amount: MinorUnits;
        askedBy: string;
        note: string | null;
        expiresAt: Date;
      };
    }
  /** Somebody holds a payout, or all payouts of an account, or has released them. */
  | { kind: 'manager.payout_held'; data: HoldFacts & { accountId: string; name: string; by: string } }
  /** Somebody is a manager now, or is none any more; `by` says who or what made it so. */
  | {
      kind: 'manager.appointed';
      data: { accountId: string; name: string; isManager: boolean; by: string };
    }
  | PayeeDenied
  /** A key that gives rights is new, has another secret or end, or is none any more; `by` says who did it. */
  | {
      kind: 'manager.admin_key';
      data: { name: string; change: 'created' | 'rotated' | 'expiry' | 'revoked'; by: string };
    }
  /** A manager has other rights than before. */
  | {
      kind: 'manager.scopes';
      data: { accountId: string; name: string; scopes: readonly string[]; by: string };
    }
  | DigestContent
  | RegularContent
  | SanctionContent
  | PromiseContent
  | OrderContent
  | AffiliateContent
  | AdjustmentContent
  | AccountContent
  | PayeeContent
  | ContactContent;

/** The kinds that managers are told. */
export type ManagerKind = Extract<NoticeContent['kind'], `manager.${string}`>;

/**
 * A notice to an account. `key` is deterministic and unique for ever, as `invoice:2026-W47:m1:issued`; `at` is when it
 * happened, by effective time. Urgent ones do not wait for the end of quiet hours (rules 3). The chat that `actor`
 * acted from has had its answer and gets no notice.
 */
export type Notice = {
  key: string;
  accountId: string;
  urgent: boolean;
  at: Date;
  actor?: string;
  /** What it is about, when that can end: what is not sent by then is dropped. */
  subject?: string;
  /** It waits for the next beat: what follows from it at once may tell of it, too, and drop it. */
  briefly?: true;
  /** Every chat of the person gets it, whichever they chose: it warns of another. */
  toAllChats?: true;
  /** The key of an earlier notice: its message is changed, instead of a new one being sent. */
  replaces?: string;
  /** From this instant of the service's clock on it is moot and is not sent any more. */
  expiresAt?: Date;
} & NoticeContent;

/** A payday with payouts that are not paid: those still to be settled, those on their way, and their amount together. */
export type UnpaidPayday = { payday: string; due: number; processing: number; total: MinorUnits };

/**
 * What was gathered of a topic for a day or a week, or of one kind (`of`) for an hour, in one notice: how many of each kind and over how much, by payday where
 * there is one, and the latest of them. `total` is null where a kind is not about money.
 */
export type DigestContent = {
  kind: 'digest';
  data: {
    topic: Topic | null;
    of?: ManagerKind;
    count: number;
    groups: { kind: string; payday: string | null; count: number; total: MinorUnits | null }[];
    latest: NoticeContent[];
  };
};
