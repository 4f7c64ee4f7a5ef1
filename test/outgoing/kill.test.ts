import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect } from 'vitest';
import { connectDatabase } from '../../src/database/connect.ts';
import { createPost } from '../../webhooks/outgoing/post.ts';
import { createOutgoingWorker } from '../../webhooks/outgoing/worker.ts';
import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { type Behaviour, type PlatformReceiver, startPlatformReceiver } from '../support/platformReceiver.ts';
import { outgoingOn, SECRET, START } from './world.ts';

const COUNT = 200;

let dataDir: string;
let receiver: PlatformReceiver;
let child: ChildProcess | undefined;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'settlebot-kill-'));
  receiver = await startPlatformReceiver(SECRET, { anyData: true });
});
afterEach(async () => {
  child?.kill('SIGKILL');
  await receiver.close();
  await rm(dataDir, { recursive: true, force: true });
});

const KILLS: [string, Behaviour, number][] = [
  ['while the platform answers nothing', 'hang', 100],
  ['in the midst of sending', 204, 150],
];

deepTest.each(KILLS)(
  'kill -9 %s: the next start sends what was emitted, each once by its id',
  async (_when, behaviour, killAfter) => {
    receiver.behave(behaviour);
    const emitted = await emitUntilKilled(killAfter);
    receiver.behave(204);

    const database = await connectDatabase({ dataDir });
    const { connection } = database;
    const clock = { now: () => START };
    const outgoing = outgoingOn(connection);
    const post = createPost({ url: receiver.url, secret: SECRET });
    const worker = createOutgoingWorker({ outgoing, post, random: Math.random, clock, onError: () => {} });
    await worker.drain();
    await worker.stop();
    await database.close();

    const got = receiver.distinct();
    const numbers = new Set(got.map(({ data }) => Number(data.invoiceId.slice('i.'.length))));
    for (let number = 0; number <= emitted; number += 1) expect(numbers).toContain(number);
    for (let model = 0; model < 20; model += 1) {
      const order = got.filter(({ data }) => data.subject === `model:m${model}`).map(({ data }) => data.invoiceId);
      expect(order).toEqual([...order].sort((one, other) => Number(one.slice(2)) - Number(other.slice(2))));
    }
  },
);

/** Answers the last number whose emission was acknowledged before the process was killed. */
async function emitUntilKilled(killAfter: number): Promise<number> {
  const loader = new URL('../support/typescript.mjs', import.meta.url).href;
  const program = fileURLToPath(new URL('program.ts', import.meta.url));
  const started = spawn(process.execPath, ['--import', loader, program, dataDir, receiver.url, SECRET, String(COUNT)], {
    env: { ...process.env, MONGODB_URI: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = started;
  const ended = new Promise((resolve) => started.once('exit', resolve));
  let last = -1;
  createInterface({ input: started.stdout }).on('line', (line) => {
    last = Number(line);
  });
  await eventually(() => last >= killAfter && receiver.requests.length >= 8, { withinMs: 25_000 });
  started.kill('SIGKILL');
  await ended;
  return last;
}
