import type { Socket } from 'node:net';

import type { Peer } from './peers.ts';

/** How long an address is taken for one that floods, after it did. */
const FLOOD_MS = 3_000;
const TURN_MS = 100;
/** What a turn delayed everything by is what it cost; so many times as long is for others. */
const REST = 4;
/** A connection that has been answered before waits less. */
const SHORT_TURN_MS = 5;
/** Where so many connections of an address wait for their turn, no more are taken. */
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
    for (const member of connectionsOf(address)) pause(member);
    waitFor(address, TURN_MS);
  }

  /** Lets a new connection wait when its address floods; answers whether it may stay. */
  function rest(member: M): boolean {
    if ((resting.get(member.peer.address)?.members.size ?? 0) >= RESTING) return false;
    pause(member);
    return true;
  }

  function pause(member: M): void {
    const flood = resting.get(member.peer.address);
    if (flood === undefined || member.peer.isVerified) return;
    flood.members.add(member);
    // A socket that was just accepted begins to read at the end of this tick.
    process.nextTick(() => {
      if (flood.members.has(member)) member.socket.pause();
    });
    member.socket.once('close', () => flood.members.delete(member));
  }

  function goOn(address: string): void {
    const flood = resting.get(address);
    if (flood === undefined) return;
    if (performance.now() >= flood.until) {
      resting.delete(address);
      for (const { socket } of flood.members) socket.resume();
      return;
    }
    // The newest first: a flood has filled the queue before anybody else came.
    const newest = [...flood.members].reverse();
    const next = newest.find(({ answered }) => answered > 0) ?? newest[0];
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
