import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

import type { Target } from './attack.ts';

/** Connections of an attack: whatever happens to them is meant, so no error of theirs ends it. */
export function open({ host, port }: Target): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, noDelay: true });
    socket.on('error', () => {});
    socket.once('connect', () => resolve(socket));
    socket.once('close', () => resolve(socket));
  });
}

export async function openMany(target: Target, count: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  // As many at a time as the system lets wait to be accepted.
  while (sockets.length < count) {
    const some = Math.min(256, count - sockets.length);
    sockets.push(...(await Promise.all(Array.from({ length: some }, () => open(target)))));
  }
  return sockets;
}

/** Writes as fast as the other side takes it; ends early when the connection does. */
export async function writeAll(socket: Socket, pieces: Iterable<string | Buffer>): Promise<void> {
  for (const piece of pieces) {
    if (socket.destroyed || !socket.writable) return;
    if (socket.write(piece)) continue;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        socket.off('drain', go).off('close', go);
        resolve();
      };
      socket.once('drain', go).once('close', go);
    });
  }
}

export function closed(sockets: Socket[]): number {
  return sockets.filter((socket) => socket.destroyed || socket.readyState !== 'open').length;
}

export function destroyAll(sockets: Socket[]): void {
  for (const socket of sockets) socket.destroy();
}

export { delay };
