import type { StoredInvoice } from '../../src/invoicing/store.ts';
import { listen } from '../../webhooks/server.ts';
import { type Benchmark, seconds } from './measure.ts';
import { appOver } from './receiver.ts';
import { createWorld } from './world.ts';

const NOW = new Date('2026-11-23T07:00:00Z');
const KEY = 'bench-key-of-some-length';
const AT_ONCE = 10;
const LINES = 10_000;
const GOAL_MS = 100;
/** So often somebody asks whether the service is alive. */
const ASK_EVERY_MS = 10;

/** Ten of the largest invoices as PDFs at once, while somebody asks again and again whether the service is alive. */
export const documents: Benchmark = {
  run: async () => {
    const world = await createWorld(NOW);
    const server = await listen(appOver(world, { apiKeys: [{ name: 'bench', key: KEY }], log }), {
      host: '127.0.0.1',
      port: 0,
    });
    const url = `http://127.0.0.1:${server.port}`;
    try {
      for (let index = 0; index < AT_ONCE; index += 1) await world.raw('invoices').insertOne(largeInvoice(index));
      // The connection and the code are warm before anything counts; the drawing is not.
      for (let index = 0; index < 20; index += 1) await answerMs(`${url}/healthz`);
      const started = performance.now();
      let isDrawn = false;
      const drawn = Promise.all(
        Array.from({ length: AT_ONCE }, (_, index) => pdfOf(`${url}/v1/invoices/${idOf(index)}/pdf`)),
      ).finally(() => {
        isDrawn = true;
      });
      let slowest = 0;
      while (!isDrawn) {
        slowest = Math.max(slowest, await answerMs(`${url}/healthz`));
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
      }
      await drawn;
      const took = (performance.now() - started) / 1_000;
      return [
        {
          name: `slowest /healthz while ${AT_ONCE} PDFs of ${LINES} lines are drawn (${seconds(took)})`,
          figure: `${Math.round(slowest)} ms`,
          limit: `${GOAL_MS} ms`,
          ratio: slowest / GOAL_MS,
          goal: { atMost: 1 },
        },
      ];
    } finally {
      await server.close();
      await world.core.documents.close();
      await world.close();
    }
  },
};

async function answerMs(url: string): Promise<number> {
  const started = performance.now();
  const response = await fetch(url);
  await response.text();
  return performance.now() - started;
}

async function pdfOf(url: string): Promise<void> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${KEY}` } });
  const bytes = await response.arrayBuffer();
  if (response.status !== 200 || bytes.byteLength < LINES) throw new Error(`${url} answered ${response.status}`);
}

/** What goes wrong while a document is drawn ends the benchmark. */
const log = {
  error: (...parts: unknown[]) => {
    throw new Error(parts.map(String).join(' '));
  },
  warn: () => {},
};

function idOf(index: number): string {
  return `2026-W47:model-${index}`;
}

function largeInvoice(index: number): StoredInvoice {
  const lines = Array.from({ length: LINES }, (_, line) => ({
    campaignId: `campaign-of-${index}-${line}`,
    contractorId: `marketer-${line % 500}`,
    type: 'subscription' as const,
    ...{ count: 10, gross: 9_990, rateBps: 4_000, cost: 3_996, late: 0 },
  }));
  const subtotal = 3_996 * LINES;
  return {
    _id: idOf(index),
    modelId: `model-${index}`,
    week: '2026-W47',
    status: 'open',
    issuedAt: new Date('2026-11-23T06:00:00Z'),
    dueAt: new Date('2026-11-26T06:00:00Z'),
    lines,
    ...{ subtotal, discountBps: 0, discount: 0, credit: 0, total: subtotal },
    membersKey: `${idOf(index)}#bench`,
  };
}
