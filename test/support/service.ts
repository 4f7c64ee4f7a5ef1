import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, pino } from 'pino';

import { readConfig } from '../../src/config.ts';
import { type Service, startService } from '../../src/main.ts';
import type { ChannelLimits } from '../../src/notices/delivery/limiter.ts';
import { loadPayeeKeys } from '../../src/payeeKeys.ts';
import { loadSealKeys } from '../../src/sealKeys.ts';
import { ownersOf } from '../../src/secrets.ts';
import { createPlatform, type PlatformEvent } from './platform.ts';

export const TEST_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
export const TEST_KEY = 'ops-key-for-tests-of-128-bits';

/** `body` is whatever JSON came: tests say what they expect of it. */
// biome-ignore lint/suspicious/noExplicitAny: the shape is what the tests check
export type ApiAnswer = { status: number; body: any };

type TestServiceOptions = { log?: Logger; chatLimits?: ChannelLimits | undefined };

export type TestService = Awaited<ReturnType<typeof startTestService>>;

/**
 * The whole service in this process, on a free port, under the test clock, over a database of its own. `environment`
 * adds to its configuration; `restart` stops it and starts it again on the same data. Nothing is logged unless to `log`,
 * and `chatLimits` are for stand-ins that allow more than the channels do.
 */
export async function startTestService(environment: Record<string, string> = {}, options: TestServiceOptions = {}) {
  const dataDir = await mkdtemp(join(tmpdir(), 'settlebot-service-'));
  let service = await start({ DATA_DIR: dataDir, ...environment }, options);

  function platform() {
    return createPlatform({ url: service.url ?? '', secret: TEST_SECRET });
  }

  /** A call of the API with the test's key; answers status and parsed body. */
  async function api(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<ApiAnswer> {
    const response = await fetch(new URL(path, service.url ?? ''), {
      method,
      headers: {
        authorization: `Bearer ${TEST_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('content-type')?.includes('json') === true;
    return { status: response.status, body: json ? JSON.parse(text) : text };
  }

  return {
    api,
    get url(): string {
      return service.url ?? '';
    },
    /** Sends events and waits until what they set off is done. */
    send: async (...events: PlatformEvent[]): Promise<void> => {
      await platform().sendAll(events);
      await api('POST', '/test/settle');
    },
    platform,
    moveTo: async (at: string) => (await api('POST', '/test/clock', { now: at })).body,
    restart: async (more: Record<string, string> = {}): Promise<void> => {
      await service.stop();
      service = await start({ DATA_DIR: dataDir, ...environment, ...more }, options);
    },
    stop: async (): Promise<void> => {
      await service.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function start(
  environment: Record<string, string>,
  { log = pino({ level: 'silent' }), chatLimits }: TestServiceOptions,
): Promise<Service> {
  const result = readConfig({
    PORT: '0',
    TEST_CLOCK: '1',
    WEBHOOK_SECRETS: TEST_SECRET,
    API_KEYS: `ops:${TEST_KEY}`,
    OWNER_API_KEYS: 'ops',
    ...environment,
  });
  if ('errors' in result) throw new Error(result.errors.join('\n'));
  const { WEBHOOK_SECRETS: webhookSecrets = [], API_KEYS: apiKeys = [] } = result.config;
  const { keys: sealKeys } = loadSealKeys(result.config, { make: true });
  const { keys: payeeKeys } = loadPayeeKeys(result.config, { make: true });
  const secrets = { webhookSecrets, apiKeys, ownerKeys: ownersOf(result.config), sealKeys, payeeKeys };
  return startService(result.config, secrets, log, chatLimits);
}
