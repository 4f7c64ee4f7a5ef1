import type { Attack } from './attack.ts';
import { headOf } from './requests.ts';
import { closed, delay, destroyAll, openMany } from './sockets.ts';

const CONNECTIONS = 3_000;
const HOLD_MS = 6_000;

export const manyConnections: Attack = {
  name: 'many-connections',
  about: `${CONNECTIONS} connections: silent, with half of their headers, or idle after a request`,
  run: async (target) => {
    const sockets = await openMany(target, CONNECTIONS);
    for (const [index, socket] of sockets.entries()) {
      socket.resume();
      if (index % 3 === 1) socket.write(`GET /healthz HTTP/1.1\r\nhost: a\r\nx: ${'x'.repeat(12_000)}`);
      if (index % 3 === 2) socket.write(headOf('GET', '/healthz'));
    }
    await delay(HOLD_MS);
    const cutOff = closed(sockets);
    destroyAll(sockets);
    return `${cutOff} of them cut off`;
  },
};
