import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import { BODY_LIMIT } from '../../src/events/envelope.ts';
import { createGrowingBuffer } from '../../src/kernel/growingBuffer.ts';
import type { Guard } from '../guard/guard.ts';
import type { Peer } from '../guard/peers.ts';
import { createBodyPool, type HeldBody, type PoolLimits } from './bodyPool.ts';
import { createLargeTurns } from './largeTurns.ts';

const MIB = 1024 * 1024;

export type BodyLimits = {
  /** Of one body, in bytes. */
  body: number;
  /** More pieces than that are made to keep the service busy: a network delivers 256 KiB in 180. */
  pieces: number;
  /** For addresses that sent something verified lately, and for all others. */
  known: PoolLimits;
  strangers: PoolLimits;
  /** After `graceMs` a body has to have come at `bytesPerMs` or more. */
  graceMs: number;
  bytesPerMs: number;
};

export const BODY_LIMITS: BodyLimits = {
  body: BODY_LIMIT,
  pieces: 4_096,
  known: { bytes: 24 * MIB, laneBytes: 24 * MIB, laneBodies: 512 },
  strangers: { bytes: 8 * MIB, laneBytes: 4 * MIB, laneBodies: 128 },
  graceMs: 2_000,
  bytesPerMs: 32,
};

/** What is longer takes long enough to check that it waits for its turn. */
const LARGE = 16 * 1024;
const SWEEP_MS = 250;

export type BodyRefusal = 'too-large' | 'too-many' | 'in-pieces' | 'too-slow' | 'aborted';

export type BodyReader = ReturnType<typeof createBodyReader>;

type Reading = HeldBody & { received(): number; finish(result: Buffer | BodyRefusal): void };

/**
 * Reads request bodies up to a limit; the rest is discarded. What all that are on their way take together is bounded,
 * and shared fairly among those who send them: see `createBodyPool`.
 */
export function createBodyReader({ peers, refusals }: Guard, limits: BodyLimits = BODY_LIMITS) {
  const pools = {
    known: createBodyPool<Reading>(limits.known, milliseconds),
    strangers: createBodyPool<Reading>(limits.strangers, milliseconds),
  };
  const turns = createLargeTurns();
  let isWatching = false;

  /** `incoming` is Node's request where there is one: reading it directly spares a web stream for each request. */
  return async function read(
    request: Request,
    peer: Peer,
    incoming?: Readable,
    limit = limits.body,
  ): Promise<Buffer | BodyRefusal> {
    const declared = request.headers.get('content-length');
    if (declared !== null && !(Number(declared) <= limit)) return 'too-large';
    const source = incoming ?? readableOf(request);
    if (source === null) return Buffer.alloc(0);
    const isSmall = declared !== null && Number(declared) <= LARGE;
    return collect(source, peer, `${peer.address} ${isSmall ? 'small' : 'large'}`, limit);
  };

  function collect(source: Readable, peer: Peer, lane: string, limit: number): Promise<Buffer | BodyRefusal> {
    const pool = peers.isKnown(peer) ? pools.known : pools.strangers;
    return new Promise((resolve) => {
      const body = createGrowingBuffer(limit);
      let pieces = 0;
      let received = 0;
      const reading: Reading = {
        ...{ peer, lane, bytes: 0, isWhole: false, startedAt: milliseconds() },
        received: () => received,
        evict: () => refuse('too-many', 'body-evicted'),
        finish(result) {
          source.off('data', take).off('end', end).off('error', abort).off('close', abort);
          pool.leave(reading);
          resolve(result);
        },
      };
      const refuse = (refusal: BodyRefusal, reason: Parameters<typeof refusals.note>[0]): void => {
        refusals.note(reason, peer.address);
        reading.finish(refusal);
        source.pause();
      };
      const take = (piece: Buffer): void => {
        pieces += 1;
        received += piece.length;
        if (!body.append(piece)) reading.finish('too-large');
        else if (pieces > limits.pieces) refuse('in-pieces', 'body-in-pieces');
        else if (!pool.grow(reading, body.capacity() - reading.bytes)) refuse('too-many', 'bodies');
      };
      const end = (): void => {
        if (received <= LARGE) {
          turns.noteSmall();
          reading.finish(body.bytes());
          return;
        }
        reading.isWhole = true;
        turns.turnOf(lane, received).then(() => reading.finish(source.errored === null ? body.bytes() : 'aborted'));
      };
      const abort = (): void => {
        if (!reading.isWhole) reading.finish('aborted');
      };
      source.on('data', take).on('end', end).on('error', abort).on('close', abort);
      pool.enter(reading);
      // Aborted before anybody listened: no event will come any more.
      if (source.destroyed) abort();
      if (!isWatching) watch();
    });
  }

  function watch(): void {
    isWatching = true;
    setTimeout(cutOffSlow, SWEEP_MS).unref();
  }

  function cutOffSlow(): void {
    const now = milliseconds();
    for (const pool of [pools.known, pools.strangers]) {
      pool.trim();
      // What is cut off leaves the pool meanwhile.
      for (const body of [...pool.all()]) {
        const lateMs = now - body.startedAt - limits.graceMs;
        if (body.isWhole || lateMs <= 0 || body.received() >= lateMs * limits.bytesPerMs) continue;
        refusals.note('body-too-slow', body.peer.address);
        body.finish('too-slow');
      }
    }
    isWatching = false;
    if (pools.known.held().bodies + pools.strangers.held().bodies > 0) watch();
  }
}

function readableOf(request: Request): Readable | null {
  // Both are the stream of the web standard; only the DOM's and Node's declarations of it differ.
  return request.body === null ? null : Readable.fromWeb(request.body as ReadableStream<Uint8Array>);
}

function milliseconds(): number {
  return performance.now();
}
