import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import type { Target } from './attack.ts';
import { EVENTS, eventOf, signedHeaders } from './requests.ts';

const SENDERS = 4;
const EVERY_MS = 10;
const LOOK_EVERY_MS = 50;
const GIVE_UP_MS = 5_000;

export type Bystander = ReturnType<typeof startBystander>;

/**
 * Whom an attack must not touch: four senders with an event every 10 ms each, which send it again when it is not
 * acknowledged, and somebody who asks for `/healthz`. They come from the address of the attack, as all do behind a proxy.
 */
export function startBystander(target: Target) {
  const agent = new Agent({ keepAlive: true, maxSockets: SENDERS + 1 });
  const acknowledged: number[] = [];
  const looks: { at: number; ms: number }[] = [];
  let isStopped = false;
  let next = 0;

  async function send(): Promise<void> {
    while (!isStopped) {
      const startedAt = performance.now();
      const id = `steady-${next++}`;
      const body = eventOf(id);
      while (!isStopped && !(await isTaken('POST', EVENTS, signedHeaders(target.secret, id, body), body))) {
        await delay(EVERY_MS);
      }
      if (!isStopped) acknowledged.push(performance.now());
      await delay(Math.max(0, EVERY_MS - (performance.now() - startedAt)));
    }
  }

  async function look(): Promise<void> {
    while (!isStopped) {
      const at = performance.now();
      await isTaken('GET', '/healthz', {});
      looks.push({ at, ms: performance.now() - at });
      await delay(LOOK_EVERY_MS);
    }
  }

  function isTaken(method: string, path: string, headers: Record<string, string>, body = ''): Promise<boolean> {
    return new Promise((resolve) => {
      const { host, port } = target;
      const sent = request({ agent, host, port, method, path, headers }, (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode === 200 || response.statusCode === 202));
        response.once('error', () => resolve(false));
      });
      sent.setTimeout(GIVE_UP_MS, () => sent.destroy());
      sent.once('error', () => resolve(false));
      sent.once('close', () => resolve(false));
      sent.end(body);
    });
  }

  const done = Promise.all([look(), ...Array.from({ length: SENDERS }, send)]);

  return {
    /** How many events a second were acknowledged between two instants. */
    perSecond: (from: number, to: number) =>
      acknowledged.filter((at) => at >= from && at < to).length / ((to - from) / 1_000),
    /** The answers that 95 of 100 looks took no longer than, in milliseconds, of those begun between two instants. */
    p95: (from: number, to: number): number => {
      const times = looks.filter(({ at }) => at >= from && at < to).map(({ ms }) => ms);
      times.sort((a, b) => a - b);
      return times[Math.floor(times.length * 0.95)] ?? Number.POSITIVE_INFINITY;
    },
    /** The first acknowledgement after an instant. */
    firstAfter: (from: number): number => acknowledged.find((at) => at >= from) ?? Number.POSITIVE_INFINITY,
    stop: async (): Promise<void> => {
      isStopped = true;
      agent.destroy();
      await done;
    },
  };
}
