import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { payoutReference } from '../../src/affiliates/payouts/payoutReference.ts';
import { chunksOf } from '../../src/kernel/group.ts';
import { type Benchmark, costOf, type Figure, seconds } from './measure.ts';
import { createWorld, insertCopies, SECRET, type World } from './world.ts';

const PAYOUTS = 20_000;
const CYCLE = '2026-12-01';
const AT_ONCE = 50;

/**
 * A payday of twenty thousand payouts by SEPA: approved, written as a file, and settled by a pain.002 that names each. The limit is
 * plain inserts of the same documents: each payout twice, as being paid and as paid, and everything that is written beside them.
 */
export const paydayBatch: Benchmark = { name: 'payday-batch', run: () => settle(PAYOUTS) };

async function settle(payouts: number): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'settlebot-bench-issuer-'));
  const issuer = join(directory, 'issuer.json');
  const bank = { name: 'Bank', iban: 'DE89370400440532013000' };
  writeFileSync(issuer, JSON.stringify({ name: 'Bench', address: ['Street 1'], country: 'DE', taxId: 'DE1', bank }));
  const platform = { PLATFORM_WEBHOOK_URL: 'http://127.0.0.1:9', PLATFORM_WEBHOOK_SECRET: SECRET };
  const world = await createWorld(new Date('2026-11-20T00:00:00Z'), [], {
    ...{ PLATFORM_CURRENCY: 'EUR', ISSUER_FILE: issuer, ...platform },
  });
  try {
    await drawUp(world, payouts);
    const before = new Date();
    const { check, approve } = world.core.paydays.batchActs;
    const now = () => world.clock.now();
    await check(CYCLE, { actor: 'bench' }, now());
    const approved = await costOf(async () => {
      await expected('done', approve(CYCLE, { actor: 'bench' }, now()));
    });
    const exported = await costOf(async () => {
      await expected('made', world.core.paymentFiles.make({ cycle: CYCLE, format: 'sepa', actor: 'bench' }, now()));
    });
    const report = await pain002(world);
    const settled = await costOf(async () => {
      const taken = await world.core.bankResults.take({ cycle: CYCLE, bytes: report }, 'bench', now());
      if (taken.kind !== 'taken' || taken.result.settle.count !== payouts) throw new Error(`it is ${taken.kind}`);
    });
    const raw = await rawWrites(world, before);
    const product = approved.elapsed + exported.elapsed + settled.elapsed;
    const parts = { approve: approved, export: exported, settle: settled };
    return [
      {
        name: `${payouts} payouts approved, exported and settled / raw writes of the same documents`,
        figure: seconds(product),
        limit: seconds(raw),
        ratio: product / raw,
        goal: { atMost: 3 },
      },
      ...Object.entries(parts).map(([name, { elapsed, processor }]) => ({
        name: `of it ${name} (processor: ${seconds(processor)})`,
        figure: seconds(elapsed),
        limit: seconds(raw),
        ratio: elapsed / raw,
        goal: { atMost: 3 },
      })),
    ];
  } finally {
    await world.core.paymentFiles.close();
    await world.close();
    rmSync(directory, { recursive: true });
  }
}

async function expected(kind: string, outcome: Promise<{ kind: string }>): Promise<void> {
  const is = await outcome;
  if (is.kind !== kind) throw new Error(`the outcome is ${JSON.stringify(is).slice(0, 500)}`);
}

/** Accounts with a payee and earnings, and the payday that pays them. */
async function drawUp({ core, clock }: World, payouts: number): Promise<void> {
  const ids = Array.from({ length: payouts }, (_, index) => `m-${String(index).padStart(6, '0')}`);
  const at = clock.now();
  for (const some of chunksOf(ids, 500)) {
    await Promise.all(
      some.map((accountId) =>
        core.inbox.receive({
          ...{ id: `account-${accountId}`, type: 'account.updated', timestamp: at, known: true },
          body: JSON.stringify({
            ...{ type: 'account.updated', timestamp: at.toISOString() },
            data: { accountId, role: 'marketer', name: accountId },
          }),
        }),
      ),
    );
    await core.inboxWorker.drain();
    await core.ledger.append(
      some.map((accountId) => ({
        ...{ entryId: `earned:${accountId}`, book: `marketer:${accountId}`, effectiveAt: at },
        postings: [
          { account: `marketer:${accountId}`, amount: 10_000 },
          { account: 'platform:revenue', amount: -10_000 },
        ],
      })),
    );
  }
  for (const some of chunksOf(ids, AT_ONCE)) {
    await Promise.all(some.map((accountId) => core.payees.set({ accountId, payee: PAYEE, actor: 'bench' }, at)));
  }
  clock.pin(new Date(`${CYCLE}T09:00:00Z`));
  for (let due = await core.affiliates.cycles.nextDue(); due !== null; due = await core.affiliates.cycles.nextDue()) {
    await core.affiliates.cycles.run(due);
  }
}

const PAYEE = { method: 'sepa', name: 'Marta Marketer', iban: 'DE89370400440532013000' } as const;

/** What a bank says of each payment. */
async function pain002({ core }: World): Promise<Buffer> {
  const lines: string[] = [];
  for await (const piece of core.paydays.batches.lines(CYCLE)) {
    for (const { payoutId, amount } of piece) {
      lines.push(
        `<TxInfAndSts><OrgnlEndToEndId>${payoutReference(payoutId)}</OrgnlEndToEndId><TxSts>ACSC</TxSts><OrgnlTxRef><Amt>` +
          `<InstdAmt Ccy="EUR">${(amount / 100).toFixed(2)}</InstdAmt></Amt></OrgnlTxRef></TxInfAndSts>`,
      );
    }
  }
  return Buffer.from(
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlPmtInfAndSts>' +
      `${lines.join('')}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`,
  );
}

async function rawWrites(world: World, since: Date): Promise<number> {
  const payoutsOnce = { cycle: CYCLE };
  let elapsed = await insertCopies(world, 'payouts', payoutsOnce, '_processing');
  elapsed += await insertCopies(world, 'payouts', payoutsOnce, '_paid');
  elapsed += await insertCopies(world, 'audit_records', { insertedAt: { $gte: since } });
  elapsed += await insertCopies(world, 'outgoing_webhooks', { type: 'payout.settled' });
  for (const name of [
    'payout_batches',
    'payout_batch_lines',
    'payment_files',
    'payout_results',
    'payout_result_pages',
  ]) {
    elapsed += await insertCopies(world, name, {});
  }
  return elapsed;
}
