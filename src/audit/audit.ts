import type { Connection } from 'mongoose';

import { realMilliseconds } from '../kernel/clock.ts';
import { randomToken } from '../kernel/ids.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import { type AuditDocument, createAuditStore } from './store.ts';

/**
 * Who did what to what, when and why. `actor` is the name of an API key or a person's account, `subject` the plain id of
 * the thing acted on, `before` and `after` what changed, `at` the instant of the service's clock.
 */
export type AuditRecord = {
  actor: string;
  action: string;
  subject: string;
  reason?: string;
  before?: unknown;
  after?: unknown;
  at: Date;
};

export type AuditView = {
  auditId: string;
  actor: string;
  action: string;
  subject: string;
  reason: string | null;
  before: unknown;
  after: unknown;
  at: Date;
};

export type Audit = ReturnType<typeof createAudit>;

/** The audit trail: append only. The connection must be open. */
export function createAudit(connection: Connection) {
  const records = createAuditStore(connection);
  let written = 0;

  /** Durable when it resolves. */
  async function record(entry: AuditRecord): Promise<void> {
    written += 1;
    await records.insertOne({ _id: keyOf(entry.at, written), ...withoutUndefined(entry) }, DURABLE);
  }

  /** Newest first; `subject` is matched whole. */
  async function list(request: PageRequest & { subject?: string }): Promise<Page<AuditView>> {
    const found = await records
      .find({
        ...(request.subject === undefined ? {} : { subject: request.subject }),
        ...(request.after === undefined ? {} : { _id: { $lt: request.after } }),
      })
      .sort({ _id: -1 })
      .limit(request.limit + 1)
      .toArray();
    return pageOf(found.map(viewOf), request.limit, (view) => view.auditId);
  }

  return { record, list };
}

const DURABLE = { writeConcern: { w: 'majority', j: true } } as const;

/**
 * The service's clock may stand still, so real time and a count tell the order within one instant; the random end keeps
 * two processes apart.
 */
function keyOf(at: Date, count: number): string {
  const real = String(realMilliseconds()).padStart(14, '0');
  return `${at.toISOString()}-${real}-${String(count % 1_000_000).padStart(6, '0')}-${randomToken(4)}`;
}

function withoutUndefined({ reason, before, after, ...rest }: AuditRecord) {
  return {
    ...rest,
    ...(reason === undefined ? {} : { reason }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function viewOf({ _id, reason, before, after, ...rest }: AuditDocument): AuditView {
  return { auditId: _id, ...rest, reason: reason ?? null, before: before ?? null, after: after ?? null };
}
