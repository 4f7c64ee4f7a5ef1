import type { MinorUnits } from '../../kernel/money.ts';

/** An unpaid invoice as a reminder speaks of it. Money in minor units. */
export type Unpaid = {
  invoiceId: string;
  week: string;
  total: MinorUnits;
  dueAt: Date;
  balance: MinorUnits;
  /** What is held for it already, where parts of it were paid. */
  held?: MinorUnits;
  /** Until when nothing is imposed for it, because its model keeps a promise. */
  promisedUntil?: Date;
};

/** What a model may promise of an invoice: by the end of any of these days, whole, or in two parts. */
export type PromiseOffer = { untils: Date[]; parts: { first: MinorUnits; rest: MinorUnits } | null };

/** What happens next when nothing is paid, as a notice says it; `at` null: it has happened. */
export type Ahead = { sanction: 'campaigns-paused' | 'cpl-orders-blocked'; at: Date | null; payment: MinorUnits };

/** What notices about late payment say (rules 2 and 3), as data. */
export type SanctionContent =
  /** A day before an invoice is due. */
  | { kind: 'invoice.due_soon'; data: Unpaid & { ahead: Ahead[] } }
  /** An invoice has just gone overdue. `heldUntil`: a manager holds the sanctions until then. */
  | { kind: 'invoice.overdue'; data: Unpaid & { ahead: Ahead[]; heldUntil: Date | null; offer?: PromiseOffer } }
  /** Still unpaid; `number` counts the messages about this invoice, the last is the tenth. */
  | { kind: 'invoice.reminder'; data: Unpaid & { ahead: Ahead[]; heldUntil: Date | null; number: number } }
  /**
   * The card of an invoice, as it stands since `at`: takes the place of the message that it was issued with. `balance`, of one that
   * is overdue, is absent in what was stored before it was told. `held`: what is paid of it in parts.
   */
  | {
      kind: 'invoice.card';
      data: {
        invoiceId: string;
        week: string;
        total: MinorUnits;
        dueAt: Date;
        balance?: MinorUnits;
        held?: MinorUnits;
        offer?: PromiseOffer;
        /** Of a promised one: by when. */
        until?: Date;
      } & CardState;
    }
  /** A manager had the model reminded, apart from the ladder; also of one that is not due yet. */
  | { kind: 'invoice.reminded'; data: Unpaid & { ahead: Ahead[]; heldUntil: Date | null; isOverdue: boolean } }
  /** Something was imposed or lifted. */
  | {
      kind: 'sanctions.changed';
      data: {
        changes: SanctionChange[];
        /** As it stands after the changes. `heldUntil`: a manager holds the sanctions until then. */
        campaigns: 'running' | 'paused' | 'stopped';
        overdueCount: number;
        overdueTotal: MinorUnits;
        heldUntil: Date | null;
        trustScore: number;
        /** The invoices by whose payment it is lifted, where it is by that. */
        paid?: { invoiceId: string; week: string; total: MinorUnits }[];
        /** What the manager said who ended the partnership. */
        reason?: string;
      };
    }
  /** A manager holds the sanctions. `isLonger`: they were held before, and are for longer now. */
  | {
      kind: 'sanctions.grace';
      data: {
        until: Date;
        reason: string;
        isLonger: boolean;
        lifted: SanctionChange[];
        overdueCount: number;
        overdueTotal: MinorUnits;
      };
    }
  | {
      kind: 'manager.review_opened';
      data: { modelId: string; name: string; overdueCount: number; overdueTotal: MinorUnits };
    }
  /** To a contractor: campaigns of a model they work for do not run, or run again. */
  | {
      kind: 'contractor.campaigns';
      data: { modelId: string; name?: string; state: 'paused' | 'resumed' | 'stopped' };
    };

export type CardState = { state: 'overdue' | 'promised' | 'completed' | 'void' | 'written_off'; at: Date };

export type SanctionChange =
  | 'campaigns.paused'
  | 'campaigns.resumed'
  | 'cpl_orders.blocked'
  | 'cpl_orders.unblocked'
  | 'partnership.terminated';
