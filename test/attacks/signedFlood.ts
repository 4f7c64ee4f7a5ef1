import type { Socket } from 'node:net';

import type { Attack, Target } from './attack.ts';
import { EVENTS, eventOf, headOf, signedHeaders } from './requests.ts';
import { delay, destroyAll, open, openMany } from './sockets.ts';

const CONNECTIONS = 64;
const BYTES = 250 * 1_024;
const FLOOD_MS = 6_000;
const MOST = 4_000;

export const signedFlood: Attack = {
  name: 'signed-flood',
  about: `${CONNECTIONS} connections that send signed events of 250 KiB, one behind the other`,
  run: async (target) => {
    const until = performance.now() + FLOOD_MS;
    const answers = new Map<string, number>();
    const sockets = await openMany(target, CONNECTIONS);
    let sent = 0;
    const flood = async (first: Socket): Promise<void> => {
      let socket = first;
      while (performance.now() < until && sent < MOST) {
        sent += 1;
        const status = await sendOne(socket, target, `flood-${sent}`);
        answers.set(status, (answers.get(status) ?? 0) + 1);
        if (!socket.writable) socket = await open(target);
        if (status !== '202') await delay(50);
      }
      socket.destroy();
    };
    await Promise.all(sockets.map(flood));
    destroyAll(sockets);
    return [...answers].map(([status, count]) => `${count} × ${status}`).join(', ');
  },
};

/** The status of the answer, or how the connection ended. */
function sendOne(socket: Socket, { secret }: Target, id: string): Promise<string> {
  const body = eventOf(id, BYTES);
  const headers = { ...signedHeaders(secret, id, body), 'content-length': String(body.length) };
  return new Promise((resolve) => {
    let answer = '';
    const finish = (status: string): void => {
      socket.off('data', read).off('close', cutOff);
      resolve(status);
    };
    const read = (bytes: Buffer): void => {
      answer += bytes.toString('latin1');
      const [, status, length] = /^HTTP\/1\.1 (\d+)[\s\S]*?content-length: (\d+)\r\n/i.exec(answer) ?? [];
      const head = answer.indexOf('\r\n\r\n');
      if (status !== undefined && head >= 0 && answer.length >= head + 4 + Number(length)) finish(status);
    };
    const cutOff = (): void => finish('cut off');
    if (socket.destroyed) return finish('cut off');
    socket.on('data', read).once('close', cutOff);
    socket.write(headOf('POST', EVENTS, headers));
    socket.write(body);
  });
}
