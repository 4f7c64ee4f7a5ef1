import type { Attack } from './attack.ts';
import { headOf } from './requests.ts';
import { delay, destroyAll, openMany } from './sockets.ts';

const ROUNDS = 6;
const CONNECTIONS = 40;
const REQUESTS = 2_000;
const PATHS = ['/metrics', '/readyz', '/docs/scalar.js', '/openapi.json', '/nowhere', '/webhooks/platform'];

export const pipelining: Attack = {
  name: 'pipelining',
  about: `${CONNECTIONS} connections × ${REQUESTS} pipelined requests, closed after 0.3 s, ${ROUNDS} times`,
  run: async (target) => {
    let statuses = 0;
    for (const path of PATHS.slice(0, ROUNDS)) {
      const sockets = await openMany(target, CONNECTIONS);
      const requests = headOf('GET', path).repeat(REQUESTS);
      for (const socket of sockets) {
        socket.on('data', (bytes) => {
          statuses += bytes.toString('latin1').split('HTTP/1.1 ').length - 1;
        });
        socket.write(requests);
      }
      await delay(300);
      destroyAll(sockets);
      await delay(500);
    }
    return `${ROUNDS * CONNECTIONS * REQUESTS} requests, ${statuses} answers`;
  },
};
