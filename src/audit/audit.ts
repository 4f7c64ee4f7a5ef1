import type { Connection } from 'mongoose';
import { insertIgnoringDuplicates, unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { readPage } from '../database/readPage.ts';
import type { RecordedAct } from '../events/recordedAct.ts';
import type { Report } from '../kernel/activity.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import { inBatches } from '../kernel/group.ts';
import { randomToken } from '../kernel/ids.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import type { Field, Texts } from '../privacy/texts.ts';
import type { AuditAct } from './acts.ts';
import { sealedAudit } from './sealed.ts';
import { type AuditDocument, createAuditStore } from './store.ts';

/** What an act is about: a subject is `kind:id`. */
const SUBJECT_KINDS = [
  'account',
  'chat',
  'cycle',
  'day',
  'event',
  'invoice',
  'key',
  'order',
  'payout',
  'policy',
  'webhook',
] as const;

/**
 * Who did what to what, when and why. `actor` is the name of an API key or a person's account, `subject` is `kind:id`,
 * `before` and `after` are what changed, `at` is the instant of the service's clock. With a `key`, the same act is
 * recorded once however often its recording is repeated. `about`: the accounts whose personal text its reason is, where the
 * subject does not say it; erasing one of them erases that.
 */
export type AuditRecord = Omit<RecordedAct, 'key' | 'order' | 'action'> & {
  action: AuditAct;
  key?: string;
  about?: readonly string[];
};

/**
 * Which acts: `subject` is `kind:id`, or an id alone; `actor` an account or the name of an API key; `action` an act, `invoice.void`, or all
 * of its kind, `invoice`; `from` inclusive, `to` exclusive.
 */
export type AuditFilter = { subject?: string; actor?: string; action?: string; from?: Date; to?: Date };

export type AuditView = {
  auditId: string;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  reason: string | null;
  before: unknown;
  after: unknown;
};

export type Audit = ReturnType<typeof createAudit>;

/** The audit trail: append only. The connection must be open; `report` hears of each act that is recorded. */
export function createAudit(connection: Connection, texts: Texts, report: Report = () => undefined) {
  const records = createAuditStore(connection);
  const processToken = randomToken(4);
  let written = 0;

  /** Durable when it resolves. */
  async function record(entry: AuditRecord): Promise<void> {
    written += 1;
    const clear = documentOf(entry, orderOf(entry.at, written, processToken));
    const [document = clear] = await texts.protect(COLLECTION, [clear], (field) => ownersOf(field, entry));
    const insert = records.insertOne(document, durable(records));
    if ((await (entry.key === undefined ? insert : unlessDuplicate(insert))) !== null) tell(entry);
  }

  /** Many acts at once, each with its key: those that are recorded already stay as they are. */
  async function recordAll(entries: (AuditRecord & { key: string })[]): Promise<void> {
    const clear = entries.map((entry) => {
      written += 1;
      return documentOf(entry, orderOf(entry.at, written, processToken));
    });
    const byKey = new Map(entries.map((entry) => [entry.key, entry]));
    const documents = await texts.protect(COLLECTION, clear, (field, { _id }) => {
      const entry = byKey.get(_id);
      return entry === undefined ? [] : ownersOf(field, entry);
    });
    const known = new Set(await insertIgnoringDuplicates(records, documents, durable(records)));
    for (const [index, entry] of entries.entries()) if (!known.has(index)) tell(entry);
  }

  function tell({ actor, action, subject }: AuditRecord): void {
    report({ kind: 'decision', actor, action, subject });
  }

  /** Newest first. */
  async function list({ limit, after, ...filter }: PageRequest & AuditFilter): Promise<Page<AuditView>> {
    const found = records.find(await conditionsOf(filter, after)).sort({ order: -1 });
    const { items, next } = await readPage(found, limit, (document) => document.order);
    return { items: (await texts.reveal(COLLECTION, items)).map(viewOf), next };
  }

  async function conditionsOf({ subject, actor, action, from, to }: AuditFilter, after: string | undefined) {
    const [actors, actions] = await Promise.all([
      actor === undefined ? undefined : namesWithin('actor', actor, ' via '),
      action === undefined ? undefined : namesWithin('action', action, '.'),
    ]);
    const before = [after, to?.toISOString()].filter((order) => order !== undefined).sort()[0];
    const order = {
      ...(from === undefined ? {} : { $gte: from.toISOString() }),
      ...(before === undefined ? {} : { $lt: before }),
    };
    return {
      ...(subject === undefined ? {} : { subject: { $in: subjectsMeant(subject) } }),
      ...(actors === undefined ? {} : { actor: { $in: actors } }),
      ...(actions === undefined ? {} : { action: { $in: actions } }),
      ...(Object.keys(order).length === 0 ? {} : { order }),
    };
  }

  /**
   * The values that are a name or begin with it: a person in each of their chats, the acts of a kind. They are few, and with each by
   * itself the index has them in the order of time, which a range of names has not.
   */
  async function namesWithin(field: 'actor' | 'action', name: string, link: string): Promise<string[]> {
    const first = `${name}${link}`;
    // No name of either holds a character beyond this one.
    const beginning = { [field]: { $gte: first, $lt: `${first}\u{10FFFF}` } };
    return [name, ...((await records.distinct(field, beginning)) as string[])];
  }

  /** The records of acts that are recorded once, by their keys. */
  async function byKey(keys: string[]): Promise<Map<string, RecordedAct>> {
    const found = await records.find({ _id: { $in: keys } }).toArray();
    return new Map((await texts.reveal(COLLECTION, found)).map((document) => [document._id, actOf(document)]));
  }

  /** What was recorded of some subjects, each `kind:id`, from an instant on; the earliest first. */
  async function ofSubjects(subjects: string[], actions: string[], since = new Date(0)): Promise<RecordedAct[]> {
    const found = await records
      .find({ subject: { $in: subjects }, order: { $gte: since.toISOString() }, action: { $in: actions } })
      .sort({ order: 1 })
      .toArray();
    return (await texts.reveal(COLLECTION, found)).map(actOf);
  }

  /** Every record of these actions, the earliest first. */
  async function* all(actions: string[]): AsyncIterable<RecordedAct> {
    const found = records.find({ action: { $in: actions } }).sort({ order: 1 });
    for await (const batch of inBatches(found, BATCH)) {
      yield* (await texts.reveal(COLLECTION, batch)).map(actOf);
    }
  }

  /** When the trail begins; null while it is empty. */
  async function beginsAt(): Promise<Date | null> {
    return (await records.find({}).sort({ order: 1 }).limit(1).next())?.at ?? null;
  }

  return { record, recordAll, list, sealed: sealedAudit(records), trail: { byKey, ofSubjects, all, beginsAt } };
}

/** Reads the trail again, to compare what people did with what is stored of it. */
export type AuditTrail = Audit['trail'];

/**
 * The service's clock may stand still, so real time and a count give the order within one instant; the end, random for each
 * process, makes two of them distinct.
 */
function orderOf(at: Date, count: number, processToken: string): string {
  const real = String(realMilliseconds()).padStart(14, '0');
  return `${at.toISOString()}-${real}-${String(count % 1_000_000).padStart(6, '0')}-${processToken}`;
}

function subjectsMeant(subject: string): string[] {
  return [subject, ...SUBJECT_KINDS.map((kind) => `${kind}:${subject}`)];
}

const COLLECTION = 'audit_records';
const BATCH = 500;

/** Reasons are what people wrote, and what changed of an account or a chat is about a person. */
function ownersOf(field: Field, { action, subject, about = accountOf(subject) }: AuditRecord): readonly string[] {
  if (field.path === 'reason') return about;
  if (!/^(before|after)\./.test(field.path) || !/^(account|chat|payee)\./.test(action)) return [];
  return [...about, ...otherAccount(field)];
}

/** Which account a chat moved from, or to, tells of that account, too. */
function otherAccount({ key, parent }: Field): string[] {
  const other = key === 'movedFrom' || key === 'movedTo' ? parent[key] : undefined;
  return typeof other === 'string' ? [other] : [];
}

/** Whom a subject is about: `account:m1`, `invoice:2026-W47:m1`, `payout:2026-04-01:m1`. */
function accountOf(subject: string): string[] {
  const accountId = /^(?:account|(?:invoice|payout):[^:]+):(.+)$/.exec(subject)?.[1];
  return accountId === undefined ? [] : [accountId];
}

function documentOf({ key, reason, before, after, about: _, ...rest }: AuditRecord, order: string): AuditDocument {
  return {
    _id: key ?? order,
    order,
    ...rest,
    insertedAt: new Date(realMilliseconds()),
    ...(reason === undefined ? {} : { reason }),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function actOf({ _id: key, ...act }: AuditDocument): RecordedAct {
  return { key, ...act };
}

function viewOf({ _id, at, actor, action, subject, reason, before, after }: AuditDocument): AuditView {
  return {
    auditId: _id,
    at,
    actor,
    action,
    subject,
    reason: reason ?? null,
    before: before ?? null,
    after: after ?? null,
  };
}
