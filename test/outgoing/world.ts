import type { Connection } from 'mongoose';

import { createOutgoing, type OutgoingMessage, type ParkedWebhook } from '../../src/outgoing/outgoing.ts';
import { createPost } from '../../webhooks/outgoing/post.ts';
import { createOutgoingWorker } from '../../webhooks/outgoing/worker.ts';
import { testDatabase } from '../support/database.ts';
import { startPlatformReceiver } from '../support/platformReceiver.ts';
import { textsOver } from '../support/privacy.ts';
import { saying } from '../support/webhookData.ts';

export const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const START = new Date('2026-11-23T06:00:00Z');
const HOUR_MS = 3_600_000;

/** Outgoing webhooks on a connection, where a URL is configured unless told otherwise; the clock stands. */
export function outgoingOn(connection: Connection, more: Partial<Parameters<typeof createOutgoing>[0]> = {}) {
  const standing = { now: () => START };
  const texts = textsOver(connection);
  return createOutgoing({ connection, texts, clock: standing, enabled: true, onParked: async () => {}, ...more });
}

export type World = Awaited<ReturnType<typeof createWorld>>;

/** Outgoing webhooks on a database of their own, a platform that takes them, and a clock that a test moves. */
export async function createWorld() {
  const database = await testDatabase();
  const receiver = await startPlatformReceiver(SECRET, { anyData: true });
  const parked: ParkedWebhook[] = [];
  const errors: unknown[] = [];
  let now = START;
  const clock = { now: () => now };
  const outgoing = outgoingOn(database.connection, {
    clock,
    onParked: async (webhook) => {
      parked.push(webhook);
    },
  });
  await database.buildIndexes();
  const workers: { stop(): Promise<void> }[] = [];

  /** One more process's worth of sending; not started, so that it sends when a test drains it. */
  function worker(more: { timeoutMs?: number; random?: () => number; url?: string } = {}) {
    const { random = () => 0.5, url = receiver.url, ...rest } = more;
    const post = createPost({ url, secret: SECRET, ...rest });
    const created = createOutgoingWorker({ outgoing, post, random, clock, onError: (error) => errors.push(error) });
    workers.push(created);
    return created;
  }

  return {
    database,
    receiver,
    outgoing,
    parked,
    errors,
    worker,
    get now(): Date {
      return now;
    },
    /** Time passes: the sender is called at each instant at which something is due, as the test clock does. */
    pass: async (hours: number, sender: ReturnType<typeof worker>): Promise<void> => {
      const until = new Date(now.getTime() + hours * HOUR_MS);
      for (let next = await sender.nextDue(); next !== null && next <= until; next = await sender.nextDue()) {
        if (next > now) now = next;
        await sender.drain();
      }
      now = until;
    },
    close: async (): Promise<void> => {
      await Promise.all(workers.map((one) => one.stop()));
      await receiver.close();
      await database.close();
    },
  };
}

/** A message of a model; numbers make it one of many. */
export function message(number: number, subject = 'model:m1', more: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const data = saying({ invoiceId: `i.${number}`, subject });
  // What changes it keeps its type and data together.
  return {
    key: `invoice:${subject}:${number}:issued`,
    subject,
    type: 'invoice.issued',
    at: START,
    data,
    ...more,
  } as OutgoingMessage;
}
