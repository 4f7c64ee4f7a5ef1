import { fileURLToPath } from 'node:url';

import { type PlatformReceiver, startPlatformReceiver } from '../support/platformReceiver.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { TEST_SECRET } from '../support/service.ts';
import { account, market, payment, topUp } from './traffic.ts';

/** The write of a process's life at which it dies, and whether the database has seen it. */
export type Kill = { in: string; at: number; when: 'before' | 'after' };

/** What is left in the end, and what the platform and the people were told. */
export type Completion = Awaited<ReturnType<typeof play>>;

type Ask = (service: ServiceProcess) => Promise<{ status: number; body: unknown }>;

const MODELS = 8;
const PRELOAD = fileURLToPath(new URL('../support/killAtWrite.mjs', import.meta.url));

/**
 * Eight late payers: reminded, paused, blocked; some pay, one is given grace, one is kept and one is not. The service
 * dies as `kills` says, one life after the other, and is started again; whoever asked it for something asks again.
 */
export async function play(kills: readonly Kill[]) {
  const house = await createHouse();
  const receiver = await startPlatformReceiver(TEST_SECRET);
  try {
    const died = await live(house, receiver, kills);
    return { died, ...(await endingOf(house, receiver)) };
  } finally {
    await house.remove();
    await receiver.close();
  }
}

/** Answers how often the service died. */
async function live(house: House, receiver: PlatformReceiver, kills: readonly Kill[]): Promise<number> {
  const platform = { PLATFORM_WEBHOOK_URL: receiver.url, PLATFORM_WEBHOOK_SECRET: TEST_SECRET };
  const left = [...kills];
  let died = 0;
  // Nobody is late yet.
  let service = house.begin(platform);

  function begin(): ServiceProcess {
    const kill = left.shift();
    return house.begin(kill === undefined ? platform : { ...platform, ...dying(kill) });
  }

  /** Asks until it is done, whoever dies over it. What is decided or there already is done. */
  async function act(ask: Ask): Promise<void> {
    for (;;) {
      const answer = await attempt(ask);
      if (answer === null) {
        died += 1;
        service = begin();
      } else if (answer.status < 300 || answer.status === 409) return;
      else throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`);
    }
  }

  /** Null when the process died over it. */
  async function attempt(ask: Ask) {
    try {
      await service.ready();
      return await ask(service);
    } catch (error) {
      const { signal } = await service.endedWithin(5_000);
      if (signal !== 'SIGKILL') throw error;
      return null;
    }
  }

  const moveTo = (day: string) => act((one) => one.moveTo(`2026-${day}:00:00Z`));
  const decide = (modelId: string, what: string, body: Record<string, string>) =>
    act((one) => one.api('POST', `/v1/models/${modelId}/${what}`, body));
  const settle = () => act((one) => one.api('POST', '/test/settle'));
  const pay = async (index: number, day: string) => {
    await act((one) => one.platform().send(topUp(`late-${index}`, `m${index}`, 70_000, `2026-${day}:00:00Z`)));
    await settle();
  };

  for (const event of beginnings()) await act((one) => one.platform().send(event));
  await settle();
  await act((one) => linkEverybody(house, one));
  await moveTo('03-09T06');
  await service.kill();
  service = begin();
  for (const day of ['03-12T06', '03-15T06']) await moveTo(day);
  await pay(0, '03-15T06');
  await decide('m1', 'grace', { until: '2026-03-18T12:00:00Z', reason: 'she is away' });
  await decide('m2', 'terminate', { reason: 'no answer' });
  for (const day of ['03-16T08', '03-19T08', '04-02T08']) await moveTo(day);
  await decide('m3', 'keep', { reason: 'she has called' });
  for (const index of [3, 4]) await pay(index, '04-02T08');
  await moveTo('04-03T08');
  return died;
}

function dying({ in: collection, at, when }: Kill): Record<string, string> {
  return { NODE_OPTIONS: `--import=${PRELOAD}`, KILL_IN: collection, KILL_AT: String(at), KILL_WHEN: when };
}

/** Everybody owes something on Monday 9 March, every other one more than may be overdue without a block. */
function beginnings() {
  const payments = Array.from({ length: MODELS }, (_, model) => [
    payment(`p${model}`, `c${model}`, model % 2 === 0 ? 40_000 : 240_000, '2026-03-03T12:00:00Z'),
    payment(`q${model}`, `c${model}`, 4_000, '2026-03-10T12:00:00Z'),
  ]);
  return [...market(MODELS), account('g', 'manager'), ...payments.flat()];
}

async function linkEverybody(house: House, service: ServiceProcess) {
  await house.inside(async ({ accounts }) => {
    for (const [index, accountId] of ['g', 'k0', 'm0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7'].entries()) {
      const code = await accounts.createLinkCode(accountId, new Date());
      await accounts.link(
        code?.code ?? '',
        { channel: 'telegram', userId: `${9_000 + index}`, chatId: `${9_000 + index}` },
        new Date(),
      );
    }
  });
  return service.api('GET', '/v1/accounts/g');
}

async function endingOf(house: House, receiver: PlatformReceiver) {
  const stored = await house.inside(async ({ connection, audit }) => {
    const all = (name: string) => connection.collection(name).find().sort({ _id: 1 }).toArray();
    return {
      standings: await all('standings'),
      decisions: await all('standing_decisions'),
      // No channel is configured, so what people were told is all here.
      notices: [...(await all('notice_deliveries')), ...(await all('waiting_notices'))],
      invoices: await all('invoices'),
      entries: await all('ledger_entries'),
      audit: (await audit.list({ limit: 100 })).items,
    };
  });
  return {
    // How often somebody looked is no matter; what was told is.
    standings: stored.standings.map(({ version, assessedAt, ...standing }) => standing),
    decisions: stored.decisions,
    audit: stored.audit.map(({ auditId, ...record }) => record),
    webhooks: webhooksOf(receiver),
    notices: stored.notices.map(({ order, storedAt, ...notice }) => notice),
    invoices: stored.invoices.map(({ membersKey, ...invoice }) => invoice),
    entries: stored.entries.map(({ recordedAt, insertedAt, ...entry }) => entry),
    refusedSignatures: receiver.refusedSignatures,
    differences: await house.verify(),
  };
}

/** Each model's webhooks, in the order in which they first came; whatever came again was the same to the byte. */
function webhooksOf({ taken }: PlatformReceiver): Record<string, string[]> {
  const bodies = new Map<string, string>();
  const lines: Record<string, string[]> = {};
  for (const { id, body, data } of taken) {
    const before = bodies.get(id);
    if (before !== undefined && before !== body) throw new Error(`${id} came with other content: ${before} ${body}`);
    if (before !== undefined) continue;
    bodies.set(id, body);
    lines[data.modelId] = [...(lines[data.modelId] ?? []), `${id} ${body}`];
  }
  return lines;
}
