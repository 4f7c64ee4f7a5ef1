import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';

import { describeConfig, pagesOf, readConfig } from '../src/config.ts';
import { isForButtons, linkAddress, miniAppAddress } from '../src/console/addresses.ts';

const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

function errorsOf(environment: Record<string, string>): string[] {
  const result = readConfig(environment);
  return 'errors' in result ? result.errors : [];
}

function policyFile(content: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'settlebot-policy-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, 'policy.json');
  writeFileSync(file, content);
  return file;
}

describe('configuration', () => {
  it('needs nothing', () => {
    const result = readConfig({});
    expect(result).toMatchObject({ config: { HOST: '127.0.0.1', PORT: 3000, DATA_DIR: './data', TEST_CLOCK: false } });
  });

  it('takes an empty value for one that is not set', () => {
    expect(errorsOf({ PORT: '', MONGODB_URI: '', WEBHOOK_SECRETS: '', TEST_CLOCK: '' })).toEqual([]);
  });

  it('serves health and metrics elsewhere only when a port is given', () => {
    expect(errorsOf({ OPS_HOST: '0.0.0.0' })).toEqual(['OPS_PORT: must be set when OPS_HOST is']);
    expect(errorsOf({ OPS_PORT: '9090' })).toEqual([]);
  });

  it('bounds the number of connections', () => {
    for (const value of ['0', '15', '100001', '1e3', '-1']) {
      expect(errorsOf({ MAX_CONNECTIONS: value })).toEqual(['MAX_CONNECTIONS: must be a number, 16-100000']);
    }
  });

  it('names every bad key at once and repeats no value', () => {
    const bad = {
      PORT: '99999',
      MONGODB_URI: 'postgres://someone:hunter2@db',
      RUN: 'webhooks,hunter2',
      WEBHOOK_SECRETS: `${SECRET},whsec_hunter2`,
      API_KEYS: 'hunter2',
      PLATFORM_WEBHOOK_URL: 'hunter2',
      PLATFORM_TIME_ZONE: 'Mars/hunter2',
      PLATFORM_CURRENCY: 'XXY',
      TELEGRAM_BOT_TOKEN: 'hunter 2',
      TEST_CLOCK: 'hunter2',
      TEST_CLOCK_START: 'hunter2',
      LOG_LEVEL: 'hunter2',
    };
    const errors = errorsOf(bad);
    for (const key of Object.keys(bad)) expect(errors.filter((line) => line.startsWith(`${key}: `))).toHaveLength(1);
    expect(errors.join('\n')).not.toContain('hunter2');
  });

  it.each([
    ['PLATFORM_WEBHOOK_URL', 'https://example.com', 'PLATFORM_WEBHOOK_SECRET'],
    ['TELEGRAM_WEBHOOK_SECRET', 'abc', 'TELEGRAM_WEBHOOK_URL'],
    ['DISCORD_BOT_TOKEN', 'abc', 'DISCORD_APPLICATION_ID'],
  ])('wants the other half of a pair: %s', (key, value, other) => {
    expect(errorsOf({ [key]: value })).toEqual([`${other}: must be set when ${key} is`]);
  });

  it('wants a channel for threads', () => {
    const missing = ['DISCORD_CHANNEL_ID: must be set when DISCORD_NOTICES is thread'];
    expect(errorsOf({ DISCORD_NOTICES: 'thread' })).toEqual(missing);
    expect(errorsOf({ DISCORD_NOTICES: 'thread', DISCORD_CHANNEL_ID: '1' })).toEqual([]);
  });

  it('refuses the test clock in production', () => {
    expect(errorsOf({ TEST_CLOCK: '1', NODE_ENV: 'production' })).toEqual(['TEST_CLOCK: must not be 1 in production']);
  });

  it('overrides any part of the policy by a file', () => {
    const result = readConfig({ POLICY_FILE: policyFile('{"invoicing":{"dueDays":5}}') });
    expect(result).toMatchObject({ config: { policy: { invoicing: { dueDays: 5, issueAt: '06:00' } } } });
  });

  it('refuses a policy with unknown keys, bad values or no JSON', () => {
    expect(errorsOf({ POLICY_FILE: policyFile('{"invoicing":{"dueDay":5}}') })).toHaveLength(1);
    expect(errorsOf({ POLICY_FILE: policyFile('{"invoicing":{"issueAt":"6 am"}}') })[0]).toContain('invoicing.issueAt');
    const unknownScope = policyFile('{"roles":{"manager":["read","payout.approve"]}}');
    expect(errorsOf({ POLICY_FILE: unknownScope })).toEqual([expect.stringContaining('roles.manager.1')]);
    expect(errorsOf({ POLICY_FILE: policyFile('{') })[0]).toMatch(/^POLICY_FILE: cannot be read as JSON/);
    expect(errorsOf({ POLICY_FILE: '/nowhere/policy.json', PORT: 'x' })).toHaveLength(2);
    expect(errorsOf({ POLICY_FILE: '/nowhere/policy.json' })).toEqual(['POLICY_FILE: cannot be read as JSON (ENOENT)']);
    expect(errorsOf({ POLICY_FILE: policyFile('hunter2') }).join()).not.toContain('hunter2');
  });

  it('names the key of a secret that is not whole base64', () => {
    expect(errorsOf({ WEBHOOK_SECRETS: `whsec_${'A'.repeat(43)}` })).toHaveLength(1);
    expect(errorsOf({ WEBHOOK_SECRETS: `whsec_${'A'.repeat(43)}=` })).toEqual([]);
  });

  it.each([
    ['MONGODB_URI', 'mongodb://someone:100%secret@db/x'],
    ['MONGODB_URI', 'mongodb://someone:secret@db/100%x'],
    ['MONGODB_URI', 'mongodb://someone:sec@ret@db/x'],
    ['MONGODB_URI', 'mongodb://db/x?tls=secret'],
    ['PLATFORM_WEBHOOK_URL', 'https://someone:100%secret@platform.example/in'],
    ['TELEGRAM_WEBHOOK_URL', 'https://100%secret@bots.example/in'],
    ['TELEGRAM_API_ROOT', 'https://someone:secret@api.example'],
    ['DISCORD_API_ROOT', 'https://discord.example/api?secret'],
    ['TELEGRAM_BOT_TOKEN', '1:100%secret'],
    ['TELEGRAM_BOT_TOKEN', '1:secret?x'],
    ['DISCORD_BOT_TOKEN', 'sec\u2013ret'],
    ['DISCORD_NOTICES', 'secret'],
    ['DISCORD_CHANNEL_ID', '#secret'],
    ['DISCORD_MANAGERS_CHANNEL_ID', '12secret'],
    ['DISCORD_MANAGERS_LANGUAGE', 'secret'],
    ['API_KEYS', 'shop:sécret'],
    ['API_KEYS', 'shop:1'],
    ['API_KEYS', 'shop:0123456789abcdef0123456789'],
    ['API_KEYS', 'shop:1234567890123456789012345'],
    ['API_KEYS', 'shop:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'],
    ['API_KEYS', 'shop:one-key-that-is-long-enough,shop:another-that-is-long-enough'],
    ['OWNER_API_KEYS', 'shop'],
    ['OWNER_API_KEYS', 'admin,secret'],
    ['OWNER_API_KEYS', 'shop:the-key-itself-by-mistake'],
    ['TRACKING_LINK', 'secret/{campaignId}'],
    ['TOP_UP_URL', 'secret/{accountId}'],
    ['TOP_UP_URL', 'https://secret.example/{account}'],
    ['TOP_UP_URL', 'javascript:secret({amount})'],
    ['TOP_UP_URL', `https://secret.example/${'a'.repeat(300)}`],
    ['PUBLIC_URL', 'https://secret.example/?a=b'],
    ['TRACKING_LINK', 'https://secret.example/c'],
    ['HOST', 'http://secret'],
    ['PLATFORM_TIME_ZONE', '+05:30'],
    ['PLATFORM_TIME_ZONE', 'UTC+3'],
  ])('what is refused later is refused at the start: %s=%s', (key, value) => {
    const pair = {
      PLATFORM_WEBHOOK_URL: { PLATFORM_WEBHOOK_SECRET: SECRET },
      TELEGRAM_WEBHOOK_URL: { TELEGRAM_WEBHOOK_SECRET: 'abc' },
      DISCORD_BOT_TOKEN: { DISCORD_APPLICATION_ID: '1' },
    }[key];
    const errors = errorsOf({ ...pair, [key]: value });
    expect(errors).toEqual([expect.stringMatching(new RegExp(`^${key}: must `))]);
    expect(errors.join()).not.toContain('secret@');
    expect(errors.join()).not.toContain('100%');
  });

  it('takes a secret whose % is written as URLs have it', () => {
    expect(
      errorsOf({ MONGODB_URI: 'mongodb://someone:100%25secret@db/x', API_KEYS: 'shop:100%secret-and-long-enough' }),
    ).toEqual([]);
  });

  it('shows what holds, without a secret', () => {
    const result = readConfig({
      MONGODB_URI: 'mongodb://someone:hunter2@db/x',
      API_KEYS: 'shop:hunter2-and-long-enough',
      OWNER_API_KEYS: 'shop',
      WEBHOOK_SECRETS: SECRET,
      TELEGRAM_BOT_TOKEN: '1:hunter2',
      PLATFORM_WEBHOOK_URL: 'https://settlebot:hunter2@hunter2@platform.example/in?token=hunter2#hunter2',
      PLATFORM_WEBHOOK_SECRET: SECRET,
    });
    const shown = 'config' in result ? describeConfig(result.config).join('\n') : '';
    expect(shown).toContain('MONGODB_URI=mongodb://(masked)@db/x');
    expect(shown).toContain('PLATFORM_WEBHOOK_URL=https://(masked)@platform.example/in?(masked)');
    expect(shown).toContain('\nAPI_KEYS=(set)\nOWNER_API_KEYS=shop\n');
    expect(shown).not.toMatch(/hunter2|whsec_/);
  });
});

describe('CONSOLE_URL', () => {
  it.each([
    ['https://console.example.com', 'https://console.example.com'],
    ['https://console.example.com/', 'https://console.example.com'],
    ['https://console.example.com?', 'https://console.example.com'],
    ['https://console.example.com#', 'https://console.example.com'],
    ['HTTPS://Console.Example.COM:443/', 'https://console.example.com'],
    ['https://console.example.com:8443', 'https://console.example.com:8443'],
    ['https://konsole-für.example', 'https://xn--konsole-fr-ieb.example'],
    ['https://[2001:db8::1]:8443/', 'https://[2001:db8::1]:8443'],
    ['http://localhost:3000', 'http://localhost:3000'],
    ['http://127.0.0.1:3000/', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('%s is the origin %s, and its links lead below it', (given, origin) => {
    const result = readConfig({ CONSOLE_URL: given });
    if ('errors' in result) throw new Error(result.errors.join());
    expect(result.config.CONSOLE_URL).toBe(origin);
    expect(pagesOf(result.config).console).toBe(origin);
    expect(linkAddress(origin, 'T')).toBe(`${origin}/console/#link=T`);
    expect(miniAppAddress(origin)).toBe(`${origin}/console/telegram`);
    expect(describeConfig(result.config)).toContain(`CONSOLE_URL=${origin}`);
  });

  it.each([
    'https://console.example.com/settlebot',
    'https://console.example.com/settlebot/',
    'https://console.example.com/?a=b',
    'https://console.example.com/#a',
    'https://boss:hunter2@console.example.com',
    'http://console.example.com',
    'http://192.168.0.7:3000',
    'http://localhost.example.com',
    'ftp://console.example.com',
    'console.example.com',
    'https://',
  ])('%s is refused, and not said again', (given) => {
    const errors = errorsOf({ CONSOLE_URL: given });
    expect(errors.length).toBeGreaterThan(0);
    for (const error of errors) expect(error).toMatch(/^CONSOLE_URL: must be (?!.*hunter2)/);
  });

  it('that is empty is none: there is no console', () => {
    const result = readConfig({ CONSOLE_URL: '' });
    if ('errors' in result) throw new Error(result.errors.join());
    expect(result.config.CONSOLE_URL).toBeUndefined();
    expect(pagesOf(result.config).console).toBeUndefined();
  });

  it.each([
    ['https://console.example.com', true],
    ['https://console.example.com:8443', true],
    ['http://localhost:3000', false],
    ['https://localhost:3000', false],
    ['https://[2001:db8::1]', false],
  ])('%s is for buttons of messengers: %s', (origin, isSo) => {
    expect(isForButtons(origin)).toBe(isSo);
  });
});
