import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import { BODY_LIMIT } from '../../src/events/envelope.ts';
import { createGrowingBuffer, type GrowingBuffer } from '../../src/kernel/growingBuffer.ts';
import { createBodyPool, type HeldBody, type PoolLimits } from './bodyPool.ts';
import type { Guard } from './guard.ts';
import { LARGE } from './largeTurns.ts';
import type { Peer } from './peers.ts';
import type { RefusalReason } from './refusals.ts';

const MIB = 1024 * 1024;
/** Of a body that is larger than events are. */
const PIECE = 1_024;

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

const SWEEP_MS = 250;

export type BodyRefusal = 'too-large' | 'too-many' | 'in-pieces' | 'too-slow' | 'aborted';

export type BodyReader = ReturnType<typeof createBodyReader>;

type Reading = HeldBody & {
  source: Readable;
  isSmall: boolean;
  received: number;
  pieces: number;
  mostPieces: number;
  content: GrowingBuffer;
  /** Where it is counted; not at all when it comes whole at once, as nearly all do. */
  pool: BodyPool | undefined;
  finish(result: Buffer | BodyRefusal): void;
};

type BodyPool = ReturnType<typeof createBodyPool<Reading>>;

/**
 * Reads request bodies up to a limit; the rest is discarded. What all that are on their way take together is bounded,
 * and shared fairly among those who send them: see `createBodyPool`.
 */
export function createBodyReader({ peers, refusals, turns }: Guard, limits: BodyLimits = BODY_LIMITS) {
  const evict = (body: Reading): void => refuse(body, 'too-many', 'body-evicted');
  const known = createBodyPool(limits.known, milliseconds, evict);
  const strangers = createBodyPool(limits.strangers, milliseconds, evict);
  const readings = new Set<Reading>();
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
    return collect(source, peer, declared === null ? undefined : Number(declared), limit);
  };

  function collect(
    source: Readable,
    peer: Peer,
    declared: number | undefined,
    limit: number,
  ): Promise<Buffer | BodyRefusal> {
    return new Promise((resolve) => {
      const reading: Reading = {
        ...{ peer, source, lane: '', bytes: 0, isWhole: false, startedAt: milliseconds(), pool: undefined },
        ...{ isSmall: declared !== undefined && declared <= LARGE, received: 0, pieces: 0 },
        // A larger body comes in more of them.
        mostPieces: Math.max(limits.pieces, Math.ceil(limit / PIECE)),
        content: createGrowingBuffer(limit),
        finish(result) {
          source.off('data', take).off('end', end).off('error', abort).off('close', abort);
          readings.delete(reading);
          reading.pool?.leave(reading);
          resolve(result);
        },
      };
      const take = (piece: Buffer): void => {
        reading.pieces += 1;
        reading.received += piece.length;
        if (!reading.content.append(piece)) reading.finish('too-large');
        else if (reading.pieces > reading.mostPieces) refuse(reading, 'in-pieces', 'body-in-pieces');
        else if (reading.received === declared && reading.isSmall && reading.pool === undefined) return;
        else if (!hold(reading)) refuse(reading, 'too-many', 'bodies');
      };
      const end = (): void => whole(reading);
      const abort = (): void => {
        if (!reading.isWhole) reading.finish('aborted');
      };
      readings.add(reading);
      source.on('data', take).on('end', end).on('error', abort).on('close', abort);
      // Aborted before anybody listened: no event will come any more.
      if (source.destroyed) abort();
      if (!isWatching) watch();
    });
  }

  /** Counts what a body takes; false when there is no room for it. */
  function hold(reading: Reading): boolean {
    if (reading.pool === undefined) {
      reading.lane = `${reading.peer.address} ${reading.isSmall ? 'small' : 'large'}`;
      reading.pool = peers.isKnown(reading.peer) ? known : strangers;
      reading.pool.enter(reading);
    }
    return reading.pool.grow(reading, reading.content.capacity() - reading.bytes);
  }

  function whole(reading: Reading): void {
    if (reading.received <= LARGE) {
      turns.noteSmall();
      reading.finish(reading.content.bytes());
      return;
    }
    reading.isWhole = true;
    turns.turnOf(reading.lane, reading.received).then(() => {
      reading.finish(reading.source.errored === null ? reading.content.bytes() : 'aborted');
    });
  }

  function refuse(reading: Reading, refusal: BodyRefusal, reason: RefusalReason): void {
    refusals.note(reason, reading.peer.address);
    reading.finish(refusal);
    // What has come already is not kept until the connection ends, which it does with the answer.
    reading.source.resume();
  }

  function watch(): void {
    isWatching = true;
    setTimeout(cutOffSlow, SWEEP_MS).unref();
  }

  function cutOffSlow(): void {
    const now = milliseconds();
    // What is cut off leaves the set meanwhile.
    for (const reading of [...readings]) {
      const lateMs = now - reading.startedAt - limits.graceMs;
      if (reading.isWhole) continue;
      if (lateMs > 0 && reading.received < lateMs * limits.bytesPerMs) refuse(reading, 'too-slow', 'body-too-slow');
      else if (!hold(reading)) refuse(reading, 'too-many', 'bodies');
    }
    known.trim();
    strangers.trim();
    isWatching = false;
    if (readings.size > 0) watch();
  }
}

function readableOf(request: Request): Readable | null {
  // Both are the stream of the web standard; only the DOM's and Node's declarations of it differ.
  return request.body === null ? null : Readable.fromWeb(request.body as ReadableStream<Uint8Array>);
}

function milliseconds(): number {
  return performance.now();
}
