import { Agent, request } from 'node:http';

import { listen } from '../../../webhooks/server.ts';
import { appOver } from '../receiver.ts';
import type { World } from '../world.ts';
import type { Call, Visit } from './calls.ts';

const KEY = 'bench-key-of-some-length';
/** As a browser has connections to one host. */
const CONNECTIONS = 6;
/** A page whose object has no such thing is whole as well: most people have said nothing of where they are paid. */
const FINE = [200, 404];

export type Browser = Awaited<ReturnType<typeof openBrowser>>;

/** The whole application over a world, and what a browser does with it. */
export async function openBrowser(world: World) {
  const { core, config } = world;
  const app = appOver(world, {
    policy: config.policy,
    apiKeys: [{ name: 'bench', key: KEY }],
    consoleUrl: 'https://console.example.com',
  });
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const tokens = new Map<string, string>();

  async function headersOf(user: string | undefined): Promise<Record<string, string>> {
    if (user === undefined) return { authorization: `Bearer ${KEY}` };
    const token = tokens.get(user) ?? (await signIn(user));
    return { 'settlebot-session': token, 'settlebot-console': '1' };
  }

  async function signIn(user: string): Promise<string> {
    const from = { network: '127.0.0.1', userAgent: 'bench' };
    const opened = await core.console.sessions.openFor({ channel: 'telegram', userId: user }, from);
    if (opened.kind !== 'opened') throw new Error(`no session of ${user}: ${opened.kind}`);
    tokens.set(user, opened.token);
    return opened.token;
  }

  /** Loads a page; answers the texts of its answers. */
  async function load({ user, waves }: Visit): Promise<string[]> {
    const headers = await headersOf(user);
    const texts: string[] = [];
    for (const wave of waves) texts.push(...(await Promise.all(wave.map((call) => ask(call, headers)))));
    return texts;
  }

  let asked = 0;
  function ask(call: Call, headers: Record<string, string>): Promise<string> {
    const isCommand = typeof call !== 'string';
    const path = isCommand ? '/v1/me/commands' : call;
    asked += 1;
    const written = { 'content-type': 'application/json', 'idempotency-key': `bench-${asked}` };
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: server.port, path, agent, method: isCommand ? 'POST' : 'GET' };
      const sent = request({ ...options, headers: { ...headers, ...(isCommand ? written : {}) } }, (response) => {
        const parts: Buffer[] = [];
        response.on('data', (part: Buffer) => parts.push(part));
        response.on('end', () => {
          const text = Buffer.concat(parts).toString();
          if (FINE.includes(response.statusCode ?? 0)) resolve(text);
          else reject(new Error(`${path}: ${response.statusCode} ${text}`));
        });
      });
      sent.on('error', reject);
      sent.end(isCommand ? JSON.stringify({ ...call, isPress: true }) : undefined);
    });
  }

  async function close(): Promise<void> {
    agent.destroy();
    core.live.stop();
    await server.close();
  }

  return { load, signIn, close };
}
