import type { Socket } from 'node:net';

import type { Attack, Target } from './attack.ts';
import { BATCHES, EVENTS, eventOf, headOf, signedHeaders } from './requests.ts';
import { delay, destroyAll, open, openMany } from './sockets.ts';

const FLOOD_MS = 6_000;
const MOST = 4_000;

/** What is sent, and where, each time anew. */
type Signed = { path: string; type: string; body: string };

export const signedFlood: Attack = {
  name: 'signed-flood',
  about: '64 connections that send signed events of 250 KiB, one behind the other',
  run: (target) =>
    flood(target, 64, (id) => ({ path: EVENTS, type: 'application/json', body: eventOf(id, 250 * 1_024) })),
};

export const signedBatches: Attack = {
  name: 'signed-batches',
  about: '16 connections that send signed batches of 500 events, 2 MiB each, one behind the other',
  run: (target) =>
    flood(target, 16, (id) => {
      const lines = Array.from({ length: 500 }, (_, index) =>
        eventOf(`${id}-${index}`, 4_150).replace('{', `{"id":"${id}-${index}",`),
      );
      return { path: BATCHES, type: 'application/x-ndjson', body: lines.join('\n') };
    }),
};

/** Senders that wait for their answers, and after one that is none of the good a moment more. */
async function flood(target: Target, connections: number, make: (id: string) => Signed): Promise<string> {
  const until = performance.now() + FLOOD_MS;
  const answers = new Map<string, number>();
  const sockets = await openMany(target, connections);
  let sent = 0;
  const sender = async (first: Socket): Promise<void> => {
    let socket = first;
    while (performance.now() < until && sent < MOST) {
      sent += 1;
      const id = `flood-${sent}`;
      const status = await sendOne(socket, target, id, make(id));
      answers.set(status, (answers.get(status) ?? 0) + 1);
      if (!socket.writable) socket = await open(target);
      if (status !== '202' && status !== '200') await delay(50);
    }
    socket.destroy();
  };
  await Promise.all(sockets.map(sender));
  destroyAll(sockets);
  return [...answers].map(([status, count]) => `${count} × ${status}`).join(', ');
}

/** The status of the answer, or how the connection ended. */
function sendOne(socket: Socket, { secret }: Target, id: string, { path, type, body }: Signed): Promise<string> {
  const headers = { ...signedHeaders(secret, id, body), 'content-type': type, 'content-length': String(body.length) };
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
    socket.write(headOf('POST', path, headers));
    socket.write(body);
  });
}
