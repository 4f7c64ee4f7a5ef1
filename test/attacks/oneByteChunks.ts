import type { Attack } from './attack.ts';
import { EVENTS, headOf, unsignedHeaders } from './requests.ts';
import { closed, destroyAll, openMany, writeAll } from './sockets.ts';

const CONNECTIONS = 256;
const BODY_BYTES = 250_000;
/** So many chunks go into one write. */
const PIECE = 10_000;
const WITHIN_MS = 8_000;

export const oneByteChunks: Attack = {
  name: 'one-byte-chunks',
  about: `${CONNECTIONS} unsigned bodies of ${BODY_BYTES} bytes, in chunks of one byte`,
  run: async (target) => {
    const sockets = await openMany(target, CONNECTIONS);
    const until = performance.now() + WITHIN_MS;
    const piece = '1\r\nx\r\n'.repeat(PIECE);
    let sent = 0;
    function* body(head: string) {
      yield head;
      for (let bytes = 0; bytes < BODY_BYTES && performance.now() < until; bytes += PIECE) {
        sent += PIECE;
        yield piece;
      }
    }
    await Promise.all(
      sockets.map((socket) => {
        socket.resume();
        return writeAll(socket, body(headOf('POST', EVENTS, { ...unsignedHeaders(), 'transfer-encoding': 'chunked' })));
      }),
    );
    const cutOff = closed(sockets);
    destroyAll(sockets);
    return `${(sent / 1e6).toFixed(1)} MB of bodies sent, ${cutOff} connections cut off`;
  },
};
