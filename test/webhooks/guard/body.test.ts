import { PassThrough } from 'node:stream';
import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { BODY_LIMITS, type BodyLimits, createBodyReader } from '../../../webhooks/guard/body.ts';
import { createGuard } from '../../../webhooks/guard/guard.ts';
import type { Peer } from '../../../webhooks/guard/peers.ts';

const request = new Request('http://settlebot/', { method: 'POST' });

describe('a body', () => {
  it('is read whole up to the limit, and not beyond', async () => {
    const { read } = reader({ body: 10 });
    expect(await read(request, peer(), stream('x'.repeat(10)))).toEqual(Buffer.from('x'.repeat(10)));
    expect(await read(request, peer(), stream('x'.repeat(11)))).toBe('too-large');
  });

  it('is not read at all when its declared length is over the limit or no number', async () => {
    const { read } = reader({ body: 10 });
    for (const length of ['11', '1e9', 'many']) {
      const body = new PassThrough();
      expect(await read(declared(length), peer(), body)).toBe('too-large');
      expect(body.listenerCount('data')).toBe(0);
    }
  });

  it('in pieces of one byte is one buffer, and too many pieces are refused', async () => {
    const { read, refused } = reader({ pieces: 5_000 });
    const patient = new PassThrough();
    const reading = read(request, peer(), patient);
    await inPieces(patient, 4_000);
    patient.end();
    expect(await reading).toEqual(Buffer.from('x'.repeat(4_000)));
    const endless = new PassThrough();
    const refusing = read(request, peer(), endless);
    await inPieces(endless, 5_001);
    expect(await refusing).toBe('in-pieces');
    expect(await refused()).toEqual({ 'body-in-pieces': 1 });
  });

  it('larger than others waits for its turn, and comes whole', async () => {
    const { read } = reader();
    const text = 'x'.repeat(100_000);
    const results = await Promise.all(Array.from({ length: 5 }, () => read(request, peer(), stream(text))));
    expect(results.map(String)).toEqual(Array(5).fill(text));
  });

  it('that breaks off is aborted, also before anybody reads it', async () => {
    const { read } = reader();
    const body = new PassThrough();
    const reading = read(request, peer(), body);
    body.destroy();
    expect(await reading).toBe('aborted');
    expect(await read(request, peer(), body)).toBe('aborted');
  });

  it('that is not there is empty', async () => {
    expect(await reader().read(request, peer())).toEqual(Buffer.alloc(0));
  });

  it('that comes too slowly is ended', async () => {
    const { read, refused } = reader({ graceMs: 0, bytesPerMs: 1_000_000 });
    const slow = new PassThrough();
    const reading = read(declared('100'), peer(), slow);
    slow.write('x');
    expect(await reading).toBe('too-slow');
    expect(await refused()).toEqual({ 'body-too-slow': 1 });
  });
});

describe('bodies that are held back', () => {
  const held = { bytes: 25, laneBytes: 25, laneBodies: 10 };

  it('make room for those of a connection that was verified, the oldest first', async () => {
    const { read } = reader({ body: 10, strangers: held });
    const holding = [hold(read), hold(read)];
    const verified = { ...peer(), isVerified: true };
    expect(await read(request, verified, stream('x'.repeat(10)))).toEqual(Buffer.from('x'.repeat(10)));
    expect(await holding[0]?.reading).toBe('too-many');
    holding[1]?.body.end();
    expect(await holding[1]?.reading).toEqual(Buffer.from('x'.repeat(10)));
  });

  it('do not push each other out: the newest is refused until the oldest have had their time', async () => {
    const { read, refused } = reader({ body: 10, strangers: held });
    const holding = [hold(read), hold(read)];
    expect(await read(request, peer(), stream('x'.repeat(10)))).toBe('too-many');
    for (const { body } of holding) body.end();
    await Promise.all(holding.map(({ reading }) => reading));
    expect(await read(request, peer(), stream('x'.repeat(10)))).toEqual(Buffer.from('x'.repeat(10)));
    expect(await refused()).toEqual({ bodies: 1 });
  });

  it('of strangers take nothing of what is for known senders', async () => {
    const { read, guard } = reader({ body: 10, strangers: held, known: held });
    const sender = peer('192.0.2.9');
    guard.peers.vouch(sender);
    const holding = [hold(read), hold(read)];
    expect(await read(request, peer('192.0.2.9'), stream('x'.repeat(10)))).toEqual(Buffer.from('x'.repeat(10)));
    for (const { body } of holding) body.end();
    expect(String(await holding[0]?.reading)).toBe('x'.repeat(10));
  });

  it('of one address leave others their share', async () => {
    const { read } = reader({ body: 10, strangers: { bytes: 100, laneBytes: 20, laneBodies: 10 } });
    const holding = [hold(read), hold(read)];
    expect(await read(request, peer(), stream('x'.repeat(10)))).toBe('too-many');
    expect(await read(request, peer('192.0.2.2'), stream('x'.repeat(10)))).toEqual(Buffer.from('x'.repeat(10)));
    for (const { body } of holding) body.destroy();
  });

  it('are ended when they are too many, however small', async () => {
    const { read } = reader({ strangers: { bytes: 1_000, laneBytes: 1_000, laneBodies: 2 } });
    const holding = Array.from({ length: 3 }, () => hold(read));
    expect(await holding[0]?.reading).toBe('too-many');
    for (const { body } of holding) body.destroy();
  });
});

function reader(limits: Partial<BodyLimits> = {}) {
  const registry = new Registry();
  const guard = createGuard({ registry });
  return {
    guard,
    read: createBodyReader(guard, { ...BODY_LIMITS, ...limits }),
    /** How many were refused, by reason. */
    refused: async (): Promise<Record<string, number>> => {
      const metric = await registry.getSingleMetric('settlebot_http_refused_total')?.get();
      return Object.fromEntries((metric?.values ?? []).map(({ labels, value }) => [labels.reason, value]));
    },
  };
}

/** A body of ten bytes that is here, and does not end. */
function hold(read: ReturnType<typeof reader>['read']) {
  const body = new PassThrough();
  body.write('x'.repeat(10));
  return { body, reading: read(request, peer(), body) };
}

function peer(address = '192.0.2.1'): Peer {
  return { address, isVerified: false };
}

function declared(length: string): Request {
  return new Request('http://settlebot/', { headers: { 'content-length': length } });
}

/** Each write is a piece of its own, as chunks are. */
async function inPieces(body: PassThrough, count: number): Promise<void> {
  for (let piece = 0; piece < count; piece += 1) {
    body.write('x');
    if (piece % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

function stream(text: string): PassThrough {
  const body = new PassThrough();
  body.end(text);
  return body;
}
