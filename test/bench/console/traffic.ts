import type { Incoming } from '../../../src/inbox/inbox.ts';
import { inBatches } from '../measure.ts';
import type { World } from '../world.ts';
import { DAY_MS, daysAgo, drawn, fill, modelOf, NOW, type Size } from './fill.ts';
import { LATEST_WEEK } from './invoices.ts';

export const waitingEvent = (index: number): string => `bench-waits-${index}`;
export const webhookOf = (index: number): string => `bench-webhook-${index}`;
/** Events that wait are a twentieth of the models, and those in quarantine a tenth of these. */
export const waitingCount = ({ models }: Size): number => Math.max(200, models / 20);
const LACKING = 1_000;
const AT_ONCE = 100;

/** What went out to the platform: delivered, parked, and still on its way. */
export async function fillWebhooks(world: World, size: Size): Promise<void> {
  await fill(world, 'outgoing_webhooks', size.models * 2, (index) => {
    const at = new Date(NOW.getTime() - (index % 90) * DAY_MS - (index % 86_399) * 1_000 - 60_000);
    const luck = drawn(1_000, index, 3);
    const subject = `bench-subject-${index}`;
    const body = JSON.stringify({ type: 'invoice.issued', timestamp: at, data: { invoiceId: subject } });
    const message = { _id: webhookOf(index), type: 'invoice.issued', subject, at, body, emittedAt: at, sequence: 1 };
    const sent = { ...message, order: at.getTime() * 1_000 + (index % 1_000), nextAt: at, attempts: 1, replays: 0 };
    if (luck < 5) return { ...sent, failures: 8, state: 'parked', parkedAt: at, error: 'answered 500' };
    if (luck < 7) return { ...sent, failures: 1, state: 'due', error: 'answered 503' };
    return { ...sent, failures: 0, state: 'delivered', deliveredAt: new Date(at.getTime() + 50 + (luck % 400)) };
  });
}

/** Events come in as they do, and most are applied; then some wait, for a thousand campaigns that nobody has told of. */
export async function fillEvents(world: World, size: Size): Promise<void> {
  const { core, raw } = world;
  const count = waitingCount(size);
  await fill(world, 'events', size.models, (index) => {
    const at = daysAgo(index % 90);
    const times = { timestamp: at, receivedAt: at, insertedAt: at, nextAt: at };
    const came = { hash: `hash-${index}`, keys: [], bucket: index % 8, attempts: 1, subject: modelOf(index) };
    return { _id: `bench-applied-${index}`, type: 'payment.succeeded', status: 'applied', ...times, ...came };
  });
  const indexes = Array.from({ length: count }, (_, index) => index);
  for (const batch of inBatches(indexes, AT_ONCE))
    await Promise.all(batch.map((index) => core.inbox.receive(eventAt(index))));
  const events = raw('events');
  for (let key = 0; key < LACKING && key < count; key += 1) {
    const mine = { _id: { $in: indexes.filter((index) => index % LACKING === key).map(waitingEvent) } };
    const wait = { status: 'waiting', waitsFor: [`campaign:lacking-${key}`], waitingSince: daysAgo(key % 5) };
    await events.updateMany(mine, { $set: wait });
  }
  const tenth = indexes.filter((index) => index % 10 === 0).map(waitingEvent);
  const told = { status: 'quarantined', errorCode: 'waited_too_long', error: `nothing came of ${LATEST_WEEK}` };
  await events.updateMany({ _id: { $in: tenth } }, { $set: told });
}

function eventAt(index: number): Incoming {
  const type = 'payment.succeeded';
  const timestamp = daysAgo(index % 5);
  const sale = { paymentId: `bench-${index}`, campaignId: `lacking-${index % LACKING}`, type: 'tip', amount: 500 };
  const body = JSON.stringify({ type, timestamp, data: { ...sale, paidAt: timestamp, modelId: modelOf(index) } });
  return { id: waitingEvent(index), type, timestamp, body, known: true };
}
