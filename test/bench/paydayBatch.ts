import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { payoutReference } from '../../src/affiliates/payouts/payoutReference.ts';
import type { StoredPayout } from '../../src/affiliates/store.ts';
import { secretOf } from '../../src/kernel/cipher.ts';
import { chunksOf } from '../../src/kernel/group.ts';
import { masked } from '../../src/payees/payee.ts';
import { createSealedPayees, type SealedPayees } from '../../src/payees/sealedPayee.ts';
import type { PayeeDocument } from '../../src/payees/store.ts';
import { createKeyring, type Owner } from '../../src/privacy/keyring.ts';
import { PAYEES } from '../../src/privacy/lockedSecrets.ts';
import { type Benchmark, costOf, type Figure, median, seconds } from './measure.ts';
import { type Cost, createRawWrites, sumOfCosts } from './rawWrites.ts';
import { createWorld, SECRET, type World } from './world.ts';

const CYCLES = ['2026-12-01', '2026-12-16', '2027-01-01'];
const IBAN = 'DE89370400440532013000';
const AT_ONCE = 50;
const PAYEE_KEYS = [secretOf(randomBytes(32))];
const BY = { actor: 'bench' };

/**
 * A payday by SEPA of people with a chat each: approved, written as a file, and settled by a pain.002 that names each payment. The
 * limit is plain writes of the same documents: each payout updated twice, as being paid and as paid, and everything that is
 * written beside them. By the processor's time, which says the same whatever else the machine does; and by the clock.
 */
export const paydayBatch: Benchmark = { run: () => settle(2_000, CYCLES) };

/** The same with twenty thousand payouts, once; it runs only when it is named. */
export const paydayBatchWhole: Benchmark = { run: () => settle(20_000, CYCLES.slice(0, 1)) };

type Round = { steps: Record<Step, Cost>; raw: Cost };
type Step = 'check' | 'approve' | 'export' | 'settle';

async function settle(payouts: number, cycles: string[]): Promise<Figure[]> {
  const directory = mkdtempSync(join(tmpdir(), 'settlebot-bench-issuer-'));
  const issuer = join(directory, 'issuer.json');
  const bank = { name: 'Bank', iban: IBAN };
  writeFileSync(issuer, JSON.stringify({ name: 'Bench', address: ['Street 1'], country: 'DE', taxId: 'DE1', bank }));
  const environment = {
    ...{ PLATFORM_CURRENCY: 'EUR', ISSUER_FILE: issuer },
    ...{ PLATFORM_WEBHOOK_URL: 'http://127.0.0.1:9', PLATFORM_WEBHOOK_SECRET: SECRET },
  };
  const world = await createWorld(new Date('2026-11-20T00:00:00Z'), [], { environment, payeeKeys: PAYEE_KEYS });
  try {
    const accountIds = Array.from({ length: payouts }, (_, index) => `m-${String(index).padStart(6, '0')}`);
    // Before the first of the cycles the service looks, so that they are all still to come.
    await world.core.affiliates.cycles.nextDue();
    await told('accounts, not counted', () => fillAccounts(world, accountIds));
    const rounds: Round[] = [];
    for (const cycle of cycles) {
      await told('drawing up, not counted', () => drawUp(world, accountIds, cycle));
      const steps = await pay(world, cycle, payouts);
      rounds.push({ steps, raw: await writeAgain(world, cycle) });
    }
    return figuresOf(payouts, rounds);
  } finally {
    await world.core.thread.close();
    await world.close();
    rmSync(directory, { recursive: true });
  }
}

/** Everything that people do with a payday, step by step. */
async function pay({ core, clock }: World, cycle: string, payouts: number): Promise<Round['steps']> {
  const { check, approve } = core.paydays.batchActs;
  const now = clock.now();
  const checked = await told('check', () => expected('done', check(cycle, BY, now)));
  const approved = await told('approve', () => expected('done', approve(cycle, BY, now)));
  const exported = await told('export', () =>
    expected('made', core.paymentFiles.make({ cycle, format: 'sepa', ...BY }, now)),
  );
  const bytes = await pain002(core, cycle);
  const settled = await told('settle', async () => {
    const outcome = await core.bankResults.take({ cycle, bytes }, BY.actor, now);
    if (outcome.kind !== 'taken' || outcome.result.settle.count !== payouts) throw new Error(`it is ${outcome.kind}`);
  });
  return { check: checked, approve: approved, export: exported, settle: settled };
}

/** Says what a step took as soon as it has ended: so many payouts take minutes. */
async function told(step: string, work: () => Promise<unknown>): Promise<Cost> {
  const cost = await costOf(work);
  tell(step, cost);
  return cost;
}

function tell(step: string, { processor, elapsed }: Cost): void {
  process.stderr.write(`${step}: ${seconds(processor)} of the processor, ${seconds(elapsed)} in all\n`);
}

async function expected(kind: string, outcome: Promise<{ kind: string }>): Promise<void> {
  const is = await outcome;
  if (is.kind !== kind) throw new Error(`the outcome is ${JSON.stringify(is).slice(0, 500)}`);
}

/** Accounts with a payee and a chat: accounts as events bring them, payees and links as they are stored. */
async function fillAccounts({ core, clock, raw }: World, accountIds: string[]): Promise<void> {
  const at = clock.now();
  const keyring = createKeyring(core.connection, PAYEE_KEYS);
  const sealed = createSealedPayees(keyring);
  for (const some of chunksOf(accountIds, 500)) {
    for (const few of chunksOf(some, AT_ONCE)) {
      await Promise.all(few.map((accountId) => core.inbox.receive(eventOf(accountId, at))));
    }
    await core.inboxWorker.drain();
    // All of their keys by one read, so that sealing waits for none.
    await keyring.hold([PAYEES, ...some.map((accountId): Owner => `account:${accountId}`)]);
    await raw('payees').insertMany(await Promise.all(some.map((accountId) => payeeOf(accountId, at, sealed))));
    await raw('chat_links').insertMany(some.map((accountId) => linkOf(accountId, at)));
  }
}

function eventOf(accountId: string, at: Date) {
  const type = 'account.updated' as const;
  const data = { accountId, role: 'marketer', name: accountId };
  const body = JSON.stringify({ type, timestamp: at.toISOString(), data });
  return { id: `${type}:${accountId}`, type, timestamp: at, known: true, body };
}

async function payeeOf(accountId: string, at: Date, sealed: SealedPayees): Promise<PayeeDocument> {
  const payee = { method: 'sepa', name: 'Marta Marketer', iban: IBAN } as const;
  const version = { number: 1, at, versionId: `payee:${accountId}`, changedAt: at, actor: 'platform' };
  return { _id: accountId, ...version, shown: masked(payee), ...(await sealed.seal(accountId, payee)) };
}

function linkOf(accountId: string, at: Date) {
  const chat = `1${accountId.slice(2)}`;
  return { ...{ _id: `telegram:${chat}`, accountId, channel: 'telegram', userId: chat, chatId: chat }, linkedAt: at };
}

/** Everybody has earned something, and the payday pays it. */
async function drawUp({ core, clock }: World, accountIds: string[], cycle: string): Promise<void> {
  for (const some of chunksOf(accountIds, 500)) {
    await core.ledger.append(
      some.map((accountId) => ({
        ...{ entryId: `earned:${cycle}:${accountId}`, book: `marketer:${accountId}`, effectiveAt: clock.now() },
        postings: [
          { account: `marketer:${accountId}`, amount: 10_000 },
          { account: 'platform:revenue', amount: -10_000 },
        ],
      })),
    );
  }
  clock.pin(new Date(`${cycle}T12:00:00Z`));
  for (let due = await core.affiliates.cycles.nextDue(); due !== null; due = await core.affiliates.cycles.nextDue()) {
    if (due > clock.now()) break;
    await core.affiliates.cycles.run(due);
  }
}

/** What a bank says of each payment. */
async function pain002(core: World['core'], cycle: string): Promise<Buffer> {
  const lines: string[] = [];
  for await (const piece of core.paydays.batches.lines(cycle)) {
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

/** The same documents, plainly. */
async function writeAgain(world: World, cycle: string): Promise<Cost> {
  const { inserts, updates } = createRawWrites(world, cycle);
  const costs = [
    await updates<StoredPayout>('payouts', { cycle }, asDue, [asProcessing, asPaid]),
    await inserts('audit_records', { subject: { $regex: `^(payout:${cycle}:|cycle:${cycle}$)` } }),
    await inserts('outgoing_webhooks', { _id: { $regex: `^payout_settled:${cycle}:` } }),
    await inserts('notice_deliveries', { _id: { $regex: `^payout:${cycle}:.*:paid>` } }),
    await inserts('document_numbers', { _id: { $regex: `^statement:${cycle}:` } }),
    await inserts('payout_batches', { _id: cycle }),
    await inserts('payout_batch_lines', { cycle }),
    await inserts('payment_files', { cycle }),
    await inserts('payout_results', { cycle }),
    await inserts('payout_result_pages', { 'acts.payoutId': { $regex: `^${cycle}:` } }),
  ];
  const raw = sumOfCosts(costs);
  tell('plain writes', raw);
  return raw;
}

function asDue({
  processingAt: _,
  paymentFile: __,
  endedAt: ___,
  isNumbered: ____,
  actor: _____,
  ...rest
}: StoredPayout) {
  return { ...rest, status: 'due' };
}

function asProcessing({ processingAt, paymentFile, actor }: StoredPayout) {
  return { status: 'processing', processingAt, paymentFile, actor };
}

function asPaid({ endedAt, isNumbered, actor }: StoredPayout) {
  return { status: 'paid', endedAt, isNumbered, actor };
}

function figuresOf(payouts: number, rounds: Round[]): Figure[] {
  const whole = rounds.map(({ steps, raw }) => ({ product: sumOfCosts(Object.values(steps)), raw }));
  const name = `${payouts} payouts approved, exported and settled / plain writes of the same documents`;
  const steps = ['check', 'approve', 'export', 'settle'] as const;
  return [
    compared(`${name}, of the processor`, whole, ({ processor }) => processor),
    compared(name, whole, ({ elapsed }) => elapsed),
    ...steps.map((step) => {
      const parts = rounds.map((round) => ({ product: round.steps[step], raw: round.raw }));
      return compared(`of it ${step}, of the processor`, parts, ({ processor }) => processor);
    }),
  ];
}

function compared(name: string, rounds: { product: Cost; raw: Cost }[], by: (cost: Cost) => number): Figure {
  const product = median(rounds.map((one) => by(one.product)));
  const raw = median(rounds.map((one) => by(one.raw)));
  return { name, figure: seconds(product), limit: seconds(raw), ratio: product / raw, goal: { atMost: 3 } };
}
