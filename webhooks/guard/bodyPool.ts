import type { Peer } from './peers.ts';

/** What bodies that are on their way may take at a time: of everybody, and of one lane. */
export type PoolLimits = { bytes: number; laneBytes: number; laneBodies: number };

/** A body that is being read. */
export type HeldBody = {
  peer: Peer;
  /** Those of one address, large and small apart. */
  lane: string;
  /** Of memory, not of content. */
  bytes: number;
  /** Whole bodies stay: all that is left to do with them is short. */
  isWhole: boolean;
  startedAt: number;
};

type Lane<B> = { bodies: Set<B>; bytes: number };

/** A stranger's body stays so long at least: else strangers that push each other out keep the service busy. */
const STAY_MS = 1_000;

/**
 * The memory for bodies that are on their way. When it is full a new body is not refused as long as an old one can go:
 * the oldest of the lane that takes most, those first whose connection never carried anything verified. So whoever holds
 * bodies back makes room for those that send theirs. `now` gives milliseconds; `evict`
 * ends a body that has left.
 */
export function createBodyPool<B extends HeldBody>(limits: PoolLimits, now: () => number, evict: (body: B) => void) {
  const lanes = new Map<string, Lane<B>>();
  let bytes = 0;

  /** There is room for each; `trim` ends what has become too many. */
  function enter(body: B): void {
    const lane = lanes.get(body.lane) ?? { bodies: new Set(), bytes: 0 };
    lanes.set(body.lane, lane);
    lane.bodies.add(body);
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
      if (!body.peer.isVerified && now() - victim.startedAt < STAY_MS) return false;
      end(victim);
    }
    return true;
  }

  function end(body: B): void {
    leave(body);
    evict(body);
  }

  /** Ends the oldest where there are too many, however small. */
  function trim(): void {
    for (const lane of lanes.values()) {
      for (let one = oldestOf(lane); one !== undefined && lane.bodies.size > limits.laneBodies; one = oldestOf(lane))
        end(one);
    }
  }

  /** The lane that has to give something up, if there is one. */
  function overfull(own: Lane<B>): Lane<B> | undefined {
    if (own.bytes > limits.laneBytes) return own;
    if (bytes <= limits.bytes) return undefined;
    let most: Lane<B> | undefined;
    for (const lane of lanes.values()) if (most === undefined || lane.bytes > most.bytes) most = lane;
    return most;
  }

  function leave(body: B): void {
    const lane = lanes.get(body.lane);
    if (lane?.bodies.delete(body) !== true) return;
    lane.bytes -= body.bytes;
    bytes -= body.bytes;
    if (lane.bodies.size === 0) lanes.delete(body.lane);
  }

  return { enter, grow, leave, trim };
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
