import { chmod, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { type Config, readConfig } from '../src/config.ts';
import { loadSecrets } from '../src/secrets.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settlebot-secrets-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function configOf(environment: Record<string, string>): Config {
  const result = readConfig({ DATA_DIR: join(folder, 'data'), ...environment });
  if ('errors' in result) throw new Error(result.errors.join('\n'));
  return result.config;
}

const KEY = 'long-enough-to-be-a-key';
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

describe('secrets', () => {
  it('are made at the first start, told once, and stay the same', () => {
    const first = loadSecrets(configOf({}));
    expect(first.generated).toEqual([
      `WEBHOOK_SECRETS=${first.webhookSecrets[0]}`,
      `API_KEYS=admin:${first.apiKeys[0]?.key}`,
    ]);
    expect(configOf({ WEBHOOK_SECRETS: first.webhookSecrets[0] ?? '' }).WEBHOOK_SECRETS).toEqual(first.webhookSecrets);
    expect(loadSecrets(configOf({}))).toEqual({ ...first, generated: [] });
    expect(first.warnings).toEqual([]);
  });

  it('can be read by their owner alone, as can the folder that the database comes to', async () => {
    const { file } = loadSecrets(configOf({}));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
  });

  it('are kept from others, also where somebody has opened them since', async () => {
    const { file } = loadSecrets(configOf({}));
    await chmod(file, 0o644);
    await chmod(join(folder, 'data'), 0o755);
    const { warnings } = loadSecrets(configOf({}));
    expect(warnings).toEqual([
      expect.stringMatching(/data could be read by other users \(0755\).*\(0700\)$/),
      expect.stringMatching(/secrets.json could be read by other users \(0644\).*\(0600\)$/),
    ]);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(join(folder, 'data'))).mode & 0o777).toBe(0o700);
  });

  it('are the configured ones where they are configured', () => {
    const both = loadSecrets(configOf({ WEBHOOK_SECRETS: SECRET, API_KEYS: `shop:${KEY}1,office:${KEY}2` }));
    expect(both.webhookSecrets).toEqual([SECRET]);
    expect(both.apiKeys.map(({ name }) => name)).toEqual(['shop', 'office']);
    expect(both.generated).toEqual([]);
    const one = loadSecrets(configOf({ WEBHOOK_SECRETS: SECRET }));
    expect(one.webhookSecrets).toEqual([SECRET]);
    expect(one.apiKeys).toHaveLength(1);
  });

  it("are the owner's where they are named so; of configured keys none is by itself, the generated one is", () => {
    const keys = { API_KEYS: `shop:${KEY}1,office:${KEY}2` };
    expect(loadSecrets(configOf({})).ownerKeys).toEqual(['admin']);
    expect(loadSecrets(configOf(keys)).ownerKeys).toEqual([]);
    expect(loadSecrets(configOf({ ...keys, OWNER_API_KEYS: 'office' })).ownerKeys).toEqual(['office']);
    expect(loadSecrets(configOf({ OWNER_API_KEYS: 'admin' })).ownerKeys).toEqual(['admin']);
  });

  it('are not made anew over a file that is not understood', async () => {
    const { file } = loadSecrets(configOf({}));
    await writeFile(file, '{"webhookSecret":');
    expect(() => loadSecrets(configOf({}))).toThrow(/is not what the service wrote/);
  });
});
