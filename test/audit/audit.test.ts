import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { type Audit, type AuditRecord, createAudit } from '../../src/audit/audit.ts';
import { testDatabase } from '../support/database.ts';
import { textsOver } from '../support/privacy.ts';

const AT = new Date('2026-11-23T06:00:00Z');
/** Here an act may be called anything: the trail takes it as it is. */
type AnyAct = Omit<AuditRecord, 'action'> & { action: string };
const ACT = { actor: 'ops', action: 'invoice.void', subject: 'invoice:2026-W47:m1', at: AT };

let database: Awaited<ReturnType<typeof testDatabase>>;
let audit: Audit;
beforeAll(async () => {
  database = await testDatabase();
  audit = createAudit(database.connection, textsOver(database.connection));
  await database.buildIndexes();
});
beforeEach(async () => {
  await database.connection.collection('audit_records').deleteMany({});
});
afterAll(() => database.close());

describe('the audit trail', () => {
  it('keeps who did what, when, why, and what changed', async () => {
    await record({ ...ACT, reason: 'billed twice', before: { status: 'open' }, after: { status: 'void' } });
    expect((await audit.list({ limit: 10 })).items).toEqual([
      {
        auditId: expect.any(String),
        ...ACT,
        reason: 'billed twice',
        before: { status: 'open' },
        after: { status: 'void' },
      },
    ]);
  });

  it('is heard of once for each act, however many record it at once', async () => {
    const heard: string[] = [];
    const told = createAudit(database.connection, textsOver(database.connection), (activity) => {
      if (activity.kind === 'decision') heard.push(activity.subject);
    });
    const acts = ['m1', 'm2', 'm3'].map((id) => ({
      ...ACT,
      action: 'invoice.void' as const,
      key: id,
      subject: `invoice:${id}`,
    }));
    const [first] = acts;
    if (first === undefined) throw new Error('no act');
    await Promise.all([told.record(first), told.record(first), told.recordAll(acts)]);
    await told.recordAll(acts);
    expect(heard.sort()).toEqual(acts.map(({ subject }) => subject));
  });

  it('lists the newest first, also of one instant', async () => {
    for (const action of ['first', 'second', 'third']) await record({ ...ACT, action });
    await record({ ...ACT, action: 'earlier', at: new Date(AT.getTime() - 1) });
    expect(actions(await audit.list({ limit: 10 }))).toEqual(['third', 'second', 'first', 'earlier']);
  });

  it('lists page by page without a gap', async () => {
    for (const action of ['a', 'b', 'c', 'd', 'e']) await record({ ...ACT, action });
    const seen: string[] = [];
    for (let after: string | null | undefined; after !== null; ) {
      const page = await audit.list({ limit: 2, ...(after === undefined ? {} : { after }) });
      seen.push(...actions(page));
      after = page.next;
    }
    expect(seen).toEqual(['e', 'd', 'c', 'b', 'a']);
  });

  it('lists one subject, by kind and id or by the id alone', async () => {
    await record(ACT);
    await record({ ...ACT, subject: 'invoice:2026-W47:m2' });
    for (const subject of ['invoice:2026-W47:m1', '2026-W47:m1']) {
      expect((await audit.list({ subject, limit: 10 })).items).toMatchObject([{ subject: ACT.subject }]);
    }
  });

  it('lists what one person did, in whichever of their chats, and nobody whose id begins alike', async () => {
    const actors = [
      'boss',
      'boss via telegram:k3Jx9_aQ',
      'boss via discord:aQ',
      'boss-2',
      'boss-2 via telegram:x',
      'ops',
    ];
    for (const actor of actors) await record({ ...ACT, actor });
    const { items } = await audit.list({ actor: 'boss', limit: 10 });
    expect(items.map(({ actor }) => actor)).toEqual(actors.slice(0, 3).reverse());
    expect((await audit.list({ actor: 'boss via discord:aQ', limit: 10 })).items).toHaveLength(1);
  });

  it('lists one act, or all of its kind', async () => {
    for (const action of ['payout.held', 'payout_batch.checked', 'payout.settle']) await record({ ...ACT, action });
    expect(actions(await audit.list({ action: 'payout', limit: 10 }))).toEqual(['payout.settle', 'payout.held']);
    expect(actions(await audit.list({ action: 'payout.held', limit: 10 }))).toEqual(['payout.held']);
  });

  it('lists a period, from its first instant to before its last, page by page', async () => {
    const at = (ms: number) => new Date(AT.getTime() + ms);
    for (const ms of [-1, 0, 1, 2]) await record({ ...ACT, action: `at${ms}`, at: at(ms) });
    const first = await audit.list({ from: at(0), to: at(2), limit: 1 });
    expect(actions(first)).toEqual(['at1']);
    const second = await audit.list({ from: at(0), to: at(2), limit: 1, after: first.next ?? '' });
    expect([actions(second), second.next]).toEqual([['at0'], null]);
  });

  it('records an act with a key once', async () => {
    for (let time = 0; time < 2; time += 1) await record({ ...ACT, key: 'invoice:2026-W47:m1:void' });
    await record(ACT);
    expect((await audit.list({ limit: 10 })).items).toHaveLength(2);
  });

  it.each([
    {},
    { order: { $gte: '2026-11-23', $lt: '2026-11-24' } },
    ...['subject', 'actor', 'action'].map((field) => ({ [field]: { $in: ['one', 'another'] } })),
  ])('finds %j by an index, in order', async (query) => {
    const collection = database.connection.collection('audit_records');
    const plan = JSON.stringify(await collection.find(query).sort({ order: -1 }).limit(10).explain());
    expect(plan).toContain('IXSCAN');
    expect(plan).not.toContain('COLLSCAN');
    expect(plan).not.toContain('"stage":"SORT"');
  });
});

function record(act: AnyAct): Promise<void> {
  return audit.record(act as AuditRecord);
}

function actions({ items }: Awaited<ReturnType<Audit['list']>>): string[] {
  return items.map(({ action }) => action);
}
