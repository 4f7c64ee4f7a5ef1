import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

import { runProgram } from '../../src/cli/program.ts';
import { flawOfReceipt, type Receipt, receiptSchema } from '../../src/receipts/receipt.ts';
import { createSealedWorld } from '../seals/world.ts';
import { tell } from '../support/events.ts';
import { bearer, type TestService, testService } from '../webhooks/service.ts';

const world = await createSealedWorld();
afterAll(world.close);

const KINDS = ['invoice', 'order', 'commission', 'payout'] as const;
let ids: Record<(typeof KINDS)[number], string>;

beforeAll(async () => {
  await world.begin('2026-03-02T00:00:00Z');
  await world.play();
  const commission = await world.collection('commissions').findOne({ subscriptionId: 's' } as object);
  ids = { invoice: '2026-W10:M', order: 'o', commission: String(commission?._id), payout: '2026-04-01:A' };
  await world.seal();
  // A fan of another day.
  world.pin('2026-04-02T00:00:00Z');
  await world.core.seals.sealDue(world.now());
  await world.send(tell.fan('f5', 'o', '2026-03-02T00:00:00Z'));
  await world.seal();
  world.pin('2026-04-03T00:00:00Z');
  await world.core.seals.sealDue(world.now());
});

async function issue(id: string) {
  const subject = await world.core.receipts.find(id, world.now());
  if (subject === null) throw new Error(`there is no ${id}`);
  return world.core.receipts.issue(subject);
}

/** A receipt as a person has it: written to a file and read again. */
async function receiptOf(id: string): Promise<Receipt> {
  const issued = await issue(id);
  if (issued.kind !== 'issued') throw new Error(`the receipt of ${id} is ${issued.kind}`);
  return receiptSchema.parse(JSON.parse(JSON.stringify(issued.receipt)));
}

/** The anchor of a day, as managers and the log were told it. */
async function told(day: string) {
  const anchor = (await world.collection('seal_anchors').findOne({ _id: day })) as unknown as {
    number: number;
    hash: string;
  };
  return { number: anchor.number, hash: anchor.hash };
}

test.each(KINDS)('the receipt of one %s leads to the anchor of the last day that is over', async (kind) => {
  const receipt = await receiptOf(ids[kind]);
  expect(receipt.subject).toEqual({ kind, id: ids[kind] });
  expect(receipt.proof.anchor).toEqual({ day: '2026-04-02', ...(await told('2026-04-02')) });
  expect(flawOfReceipt(receipt, await told('2026-04-02'))).toBe(null);
  expect(flawOfReceipt(receipt, { hash: (await told('2026-04-02')).hash })).toBe(null);
});

test('a receipt says what was decided', async () => {
  const invoice = await receiptOf(ids.invoice);
  const [{ facts } = { facts: {} }] = invoice.proof.documents;
  expect(facts).toMatchObject({ modelId: 'M', week: '2026-W10', total: 3_956, members: { count: 2 } });
  expect(invoice.members).toEqual(expect.arrayContaining(['payment:p', 'refund:r']));
  const commission = await receiptOf(ids.commission);
  expect(commission.proof.documents.map(({ source }) => source)).toEqual(['commissions', 'ledger_entries']);
  const payout = await receiptOf(ids.payout);
  expect(payout.members).toEqual([[ids.commission, 1_500]]);
});

test('the receipt of an order has all verdicts, of all days, and says how many were judged', async () => {
  const { proof } = await receiptOf('o');
  const fans = proof.groups.flatMap(({ documents }) => documents);
  expect(fans.map(({ id }) => id).sort()).toEqual(['f1', 'f2', 'f3', 'f4', 'f5']);
  expect(fans.map(({ facts }) => facts.verdict).sort()).toEqual([
    'counted',
    'counted',
    'not_real',
    'surplus',
    'surplus',
  ]);
  expect(proof.groups.map(({ before, count }) => [before, count])).toEqual([
    [0, 4],
    [4, 1],
  ]);
  expect((await world.core.receipts.find('f3', world.now()))?.id).toBe('o');
});

describe('what is forged does not lead to the anchor', () => {
  type Forgery = [what: string, of: (typeof KINDS)[number], forge: (receipt: Receipt) => unknown, flaw: RegExp];
  const main = ({ proof }: Receipt) => proof.documents[0] ?? expect.fail('it has no document');
  const group = ({ proof }: Receipt) => proof.groups[0] ?? expect.fail('it has no group');
  const forgeries: Forgery[] = [
    ['a fact', 'invoice', (receipt) => Object.assign(main(receipt).facts, { total: 1 }), /its facts are not those/],
    [
      'a fact and its leaf',
      'invoice',
      (receipt) => {
        const document = main(receipt);
        document.facts.total = 1;
        document.leaf = document.leaf.replace('"total":3956', '"total":1');
      },
      /its leaf is not in seal/,
    ],
    ['a path', 'payout', (receipt) => main(receipt).path.reverse().pop(), /its leaf is not in seal/],
    [
      'the root of a seal',
      'payout',
      ({ proof }) => Object.assign(proof.seals[0] ?? {}, { root: 'A'.repeat(43) }),
      /not in/,
    ],
    [
      'the way of a seal',
      'order',
      ({ proof }) => proof.seals.map((seal) => seal.path.push(['left', 'A'.repeat(43)])),
      /is not in the day/,
    ],
    [
      'the way of a day',
      'order',
      ({ proof }) => proof.days.map((day) => day.path.push(['left', 'A'.repeat(43)])),
      /is not in the anchor/,
    ],
    [
      'a header',
      'payout',
      ({ proof }) => Object.assign(proof.days.at(-1)?.seal ?? {}, { dayRoot: 'A'.repeat(43) }),
      /./,
    ],
    [
      'a verdict',
      'order',
      (receipt) => Object.assign(group(receipt).documents[2]?.facts ?? {}, { verdict: 'forged' }),
      /not those that were counted/,
    ],
    ['a fan left out', 'order', (receipt) => group(receipt).documents.pop(), /there are 3, and 4 were counted/],
    [
      'a fan left out and the count lowered',
      'order',
      (receipt) => {
        group(receipt).documents.pop();
        group(receipt).count = 3;
      },
      /not those that were counted/,
    ],
    ['the first fans left out', 'order', ({ proof }) => proof.groups.shift(), /4 were counted before, and it has 0/],
    [
      'another subject',
      'payout',
      (receipt) => Object.assign(receipt.subject, { id: '2026-04-01:B' }),
      /no leaf of payout/,
    ],
    ['the members', 'payout', (receipt) => receipt.members?.push(['x', 1]), /not made of these members/],
    ['nothing at all', 'payout', ({ proof }) => proof.days.splice(0), /does not have seal/],
  ];

  test.each(forgeries)('%s (%s)', async (_what, kind, forge, flaw) => {
    const receipt = await receiptOf(ids[kind]);
    forge(receipt);
    expect(flawOfReceipt(receipt, await told('2026-04-02'))).toMatch(flaw);
  });

  test('another anchor, or the right one under another number', async () => {
    const receipt = await receiptOf(ids.payout);
    const { number, hash } = await told('2026-04-02');
    expect(flawOfReceipt(receipt, await told('2026-04-01'))).toBe(`it leads to another anchor, ${number}:${hash}`);
    expect(flawOfReceipt(receipt, { number: number + 1, hash })).toMatch(/another anchor/);
  });
});

test('what was written just now has no receipt yet, and what was changed has none', async () => {
  await world.send(tell.order('new', { placedAt: world.now().toISOString(), marketerId: 'K' }));
  expect(await issue('new')).toEqual({ kind: 'unsealed' });
  await world.seal();
  expect(await issue('new')).toMatchObject({ kind: 'issued', isDayOver: false });
  await world.collection('orders').updateOne({ _id: 'new' }, { $set: { pricePerFan: 1 } });
  expect(await issue('new')).toEqual({ kind: 'altered' });
});

describe('/receipt', () => {
  const ask = async (accountId: string, id: string) => {
    const userId = `user-${accountId}`;
    await world
      .collection('chat_links')
      .updateOne(
        { _id: `telegram:${userId}` },
        { $set: { accountId, channel: 'telegram', userId, chatId: userId, linkedAt: world.now() } },
        { upsert: true },
      );
    const person = { channel: 'telegram' as const, userId, chatId: userId };
    return world.core.runCommand(person, `/receipt ${id}`);
  };

  test.each([
    ['M', '2026-W10:M', 'receipt-2026-W10-M.json'],
    ['K', 'o', 'receipt-o.json'],
    ['A', '2026-04-01:A', 'receipt-2026-04-01-A.json'],
    ['G', 'o', 'receipt-o.json'],
  ])('gives %s the file of %s', async (accountId, id, name) => {
    const answer = await ask(accountId, id);
    expect(answer.attachment).toMatchObject({ name, contentType: 'application/json' });
    const receipt = receiptSchema.parse(JSON.parse(Buffer.from(answer.attachment?.content ?? []).toString()));
    expect(flawOfReceipt(receipt, receipt.proof.anchor)).toBe(null);
  });

  test('says how many fans were judged', async () => {
    expect((await ask('K', 'o')).paragraphs[0]).toBe(
      '5 fans were judged until then, of which 2 count. All of them are in the file.',
    );
  });

  test.each([
    ['K', '2026-W10:M'],
    ['M', 'o'],
    ['B', '2026-04-01:A'],
    ['N', '2026-W10:M'],
  ])("answers %s about somebody else's %s as about nothing", async (accountId, id) => {
    const answer = await ask(accountId, id);
    const nothing = await ask(accountId, 'nothing');
    const words = (of: string) => [`There is nothing called ${of}. Check the id and try again.`];
    expect(answer).toEqual({ ...nothing, paragraphs: words(id) });
    expect(nothing.paragraphs).toEqual(words('nothing'));
  });
});

describe('GET /v1/receipts/{id}', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await testService();
  });
  afterAll(() => service.database.close());

  const get = async (id: string) => {
    const app = service.app({ receipts: world.core.receipts, clock: world.clock });
    const response = await app.request(`/v1/receipts/${encodeURIComponent(id)}`, { headers: bearer() });
    return { status: response.status, body: await response.json() };
  };

  test('answers the receipt, which leads to its anchor', async () => {
    const { status, body } = await get('2026-W10:M');
    const receipt = receiptSchema.parse(body);
    expect([status, flawOfReceipt(receipt, receipt.proof.anchor)]).toEqual([200, null]);
  });

  test('says why there is none', async () => {
    await world.send(tell.order('fresh', { placedAt: world.now().toISOString(), marketerId: 'K' }));
    expect(await get('fresh')).toMatchObject({ status: 409, body: { state: 'unsealed', reason: 'not_sealed_yet' } });
    expect(await get('new')).toMatchObject({ status: 409, body: { state: 'altered', reason: 'not_as_sealed' } });
    expect(await get('nothing')).toMatchObject({ status: 404 });
  });
});

describe('settlebot verify-receipt', () => {
  const folder = mkdtempSync(join(tmpdir(), 'settlebot-receipts-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs the command where there is no environment; answers its exit code and all that it says. */
  async function check(content: string, anchor: string): Promise<{ code: number | undefined; said: string }> {
    const file = join(folder, 'receipt.json');
    writeFileSync(file, content);
    const said: string[] = [];
    const note = (text: unknown) => said.push(String(text)) > 0;
    const outputs = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
    for (const output of outputs) output.mockImplementation(note);
    const code = await runProgram(['verify-receipt', file, '--anchor', anchor], () =>
      expect.fail('it reads the environment'),
    );
    for (const output of outputs) output.mockRestore();
    return { code, said: said.join('') };
  }

  test('0 when it proves what it says, which is printed', async () => {
    const { number, hash } = await told('2026-04-02');
    const { code, said } = await check(JSON.stringify(await receiptOf('o')), `${number}:${hash}`);
    expect(code).toBe(0);
    expect(said).toContain(`proven: order o is in seal ${number}:${hash} of 2026-04-02`);
    expect(said).toContain('5 fans judged');
    expect(await check(JSON.stringify(await receiptOf(ids.invoice)), hash)).toMatchObject({ code: 0 });
  });

  test('1 when it does not, with the step that fails', async () => {
    const { hash } = await told('2026-04-02');
    const receipt = await receiptOf(ids.payout);
    receipt.members?.pop();
    const { code, said } = await check(JSON.stringify(receipt), hash);
    expect(code).toBe(1);
    expect(said).toBe('does not prove payout 2026-04-01:A: payout 2026-04-01:A is not made of these members\n');
    expect(await check(JSON.stringify(receipt), 'A'.repeat(43))).toMatchObject({ code: 1 });
  });

  test.each(['', '{', '[]', '{"format":"settlebot/receipt/2"}', 'null'])(
    '2 for %j, which is no receipt',
    async (text) => {
      expect(await check(text, 'A'.repeat(43))).toMatchObject({ code: 2 });
    },
  );

  test('2 for what is no anchor', async () => {
    expect(await check(JSON.stringify(await receiptOf('o')), 'yesterday')).toMatchObject({ code: 2 });
  });
});
