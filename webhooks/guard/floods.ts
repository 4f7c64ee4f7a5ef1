import type { Socket } from 'node:net';

import type { Peer } from './peers.ts';

/** How long an address is taken for one that floods, after it did. */
const FLOOD_MS = 3_000;
const TURN_MS = 100;
/** What a turn delayed everything by is what it cost; so many times as long is for others. */
const REST = 4;
/** A connection that has been answered before waits less. */
const SHORT_TURN_MS = 5;
/** More connections of one address do not wait for their turn. */
const RESTING = 256;

type Member = { socket: Socket; peer: Peer; answered: number };

export type Floods = ReturnType<typeof createFloods>;

/**
 * What one read of a socket brings is parsed whole: two thousand requests, or ten thousand pieces of a body. So after
 * such a read nothing more is read of the connections of that address at once: they take turns, those that were answered
 * before first. What has carried something verified is not touched.
 */
export function createFloods<M extends Member>(connectionsOf: (address: string) => Iterable<M>) {
  const resting = new Map<string, { members: Set<M>; until: number }>();

  /** This address has flooded just now. */
  function begin(address: string): void {
    const flood = resting.get(address);
    if (flood !== undefined) {
      flood.until = performance.now() + FLOOD_MS;
      return;
    }
    resting.set(address, { members: new Set(), until: performance.now() + FLOOD_MS });
    for (const member of connectionsOf(address)) rest(member);
    waitFor(address, TURN_MS);
  }

  /** Lets a connection wait when its address floods; answers whether it may stay. */
  function rest(member: M): boolean {
    const flood = resting.get(member.peer.address);
    if (flood === undefined || member.peer.isVerified) return true;
    if (flood.members.size >= RESTING) return false;
    flood.members.add(member);
    // A socket that was just accepted begins to read at the end of this tick.
    process.nextTick(() => {
      if (flood.members.has(member)) member.socket.pause();
    });
    member.socket.once('close', () => flood.members.delete(member));
    return true;
  }

  function goOn(address: string): void {
    const flood = resting.get(address);
    if (flood === undefined) return;
    if (performance.now() >= flood.until) {
      resting.delete(address);
      for (const { socket } of flood.members) socket.resume();
      return;
    }
    const [first] = flood.members;
    const next = [...flood.members].find(({ answered }) => answered > 0) ?? first;
    if (next !== undefined) {
      flood.members.delete(next);
      next.socket.resume();
    }
    waitFor(address, next !== undefined && next.answered > 0 ? SHORT_TURN_MS : TURN_MS);
  }

  function waitFor(address: string, ms: number): void {
    const dueAt = performance.now() + ms;
    setTimeout(() => {
      const late = performance.now() - dueAt;
      setTimeout(() => goOn(address), late * REST).unref();
    }, ms).unref();
  }

  return { begin, rest };
}
