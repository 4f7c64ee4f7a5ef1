import type { Socket } from 'node:net';
import { createRemembered } from '../../src/kernel/remembered.ts';
import { networkOf } from './networks.ts';

/** Who is at the other end of a connection. */
export type Peer = {
  address: string;
  /** Whether this connection has carried something that was signed, or had a key. */
  isVerified: boolean;
};

/** An address counts as known for so long after it sent something that was signed. */
const KNOWN_MS = 15 * 60_000;
const VOUCHED_AGAIN_MS = 1_000;
/** Addresses remembered at most, the latest. */
const REMEMBERED = 10_000;

export type Peers = ReturnType<typeof createPeers>;

/** Tells senders that were verified lately from strangers. `now` gives real milliseconds. */
export function createPeers(now: () => number) {
  const peers = new WeakMap<Socket, Peer>();
  const vouchedAt = createRemembered<string, number>(REMEMBERED);

  /** A request that came over no socket, in tests, is of a peer of its own. */
  function of(socket: Socket | undefined): Peer {
    const known = socket === undefined ? undefined : peers.get(socket);
    if (known !== undefined) return known;
    const peer = { address: networkOf(socket?.remoteAddress ?? 'unknown'), isVerified: false };
    if (socket !== undefined) peers.set(socket, peer);
    return peer;
  }

  /** Something of this peer was verified. */
  function vouch(peer: Peer): void {
    peer.isVerified = true;
    const at = now();
    if (at - (vouchedAt.peek(peer.address) ?? 0) < VOUCHED_AGAIN_MS) return;
    vouchedAt.set(peer.address, at);
  }

  function isKnown({ address }: Peer): boolean {
    return now() - (vouchedAt.peek(address) ?? Number.NEGATIVE_INFINITY) < KNOWN_MS;
  }

  return { of, vouch, isKnown };
}
