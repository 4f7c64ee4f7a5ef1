import type { Peer } from '../guard/peers.ts';

/** What bodies that are on their way may take at a time: of everybody, and of one lane. */
export type PoolLimits = { bytes: number; bodies: number; laneBytes: number; laneBodies: number };

/** A body that is being read. */
export type HeldBody = {
  peer: Peer;
  /** Those of one address, large and small apart. */
  lane: string;
  /** Of memory, not of content. */
  bytes: number;
  /** Whole bodies stay: all that is left to do with them is short. */
  isWhole: boolean;
  evict(): void;
};

type Lane<B> = { bodies: Set<B>; bytes: number };

/**
 * The memory for bodies that are on their way. When it is full a new body is not refused as long as an old one can go:
 * the oldest of the lane that takes most, those first whose connection never carried anything verified. So whoever holds
 * bodies back makes room for those that send theirs.
 */
export function createBodyPool<B extends HeldBody>(limits: PoolLimits) {
  const lanes = new Map<string, Lane<B>>();
  let bytes = 0;
  let bodies = 0;

  /** False when there is no room. */
  function enter(body: B): boolean {
    const lane = lanes.get(body.lane) ?? { bodies: new Set(), bytes: 0 };
    lanes.set(body.lane, lane);
    lane.bodies.add(body);
    bodies += 1;
    return grow(body, 0);
  }

  /** False when there is no room: then the body has to leave. */
  function grow(body: B, by: number): boolean {
    const lane = lanes.get(body.lane);
    if (lane === undefined) return false;
    body.bytes += by;
    lane.bytes += by;
    bytes += by;
    for (let over = overfull(lane); over !== undefined; over = overfull(lane)) {
      const victim = oldestOf(over);
      if (victim === undefined || victim === body) return false;
      leave(victim);
      victim.evict();
    }
    return true;
  }

  /** The lane that has to give something up, if there is one. */
  function overfull(own: Lane<B>): Lane<B> | undefined {
    if (own.bytes > limits.laneBytes || own.bodies.size > limits.laneBodies) return own;
    if (bytes > limits.bytes) return largest(({ bytes }) => bytes);
    return bodies > limits.bodies ? largest(({ bodies }) => bodies.size) : undefined;
  }

  function largest(sizeOf: (lane: Lane<B>) => number): Lane<B> | undefined {
    let found: Lane<B> | undefined;
    for (const lane of lanes.values()) if (found === undefined || sizeOf(lane) > sizeOf(found)) found = lane;
    return found;
  }

  function leave(body: B): void {
    const lane = lanes.get(body.lane);
    if (lane?.bodies.delete(body) !== true) return;
    lane.bytes -= body.bytes;
    bytes -= body.bytes;
    bodies -= 1;
    if (lane.bodies.size === 0) lanes.delete(body.lane);
  }

  function* all(): Generator<B> {
    for (const lane of lanes.values()) yield* lane.bodies;
  }

  return { enter, grow, leave, all, held: () => ({ bytes, bodies }) };
}

function oldestOf<B extends HeldBody>({ bodies }: Lane<B>): B | undefined {
  let verified: B | undefined;
  for (const body of bodies) {
    if (body.isWhole) continue;
    if (!body.peer.isVerified) return body;
    verified ??= body;
  }
  return verified;
}
