import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { readConfig } from '../../../src/config.ts';
import { differencesOf } from '../../affiliates/world.ts';
import { workplace } from '../../cli/command.ts';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { createWorld, type World } from '../../support/world.ts';
import { receiveBody } from '../stripe/world.ts';

/** docs/sources.md shows a file, examples and what comes of them: it is what happens. */
const page = readFileSync(new URL('../../../docs/sources.md', import.meta.url), 'utf8');
const [json = '', ndjson = '', shown = ''] = ['json', 'ndjson', 'text'].map(
  (language) => new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '',
);
const folder = scratchFolder();
const [SOURCES_FILE, examples] = [join(folder, 'sources.json'), join(folder, 'examples.ndjson')];
const ENVIRONMENT = { SOURCES_FILE, SHOP_WEBHOOK_SECRETS: 'a-secret-of-the-shop' };

beforeAll(() => {
  writeFileSync(SOURCES_FILE, json);
  writeFileSync(examples, ndjson);
});

function errorsOf(file: unknown, environment: Record<string, string> = ENVIRONMENT): string[] {
  writeFileSync(SOURCES_FILE, typeof file === 'string' ? file : JSON.stringify(file));
  const result = readConfig(environment);
  writeFileSync(SOURCES_FILE, json);
  return 'errors' in result ? result.errors : [];
}

describe('settlebot map', () => {
  it('says of the examples what the page says', async () => {
    const place = workplace();
    expect(await place.settlebot(['map', examples, '--source', 'shop'], ENVIRONMENT)).toEqual({
      code: 1,
      out: shown,
      err: '',
    });
    expect(await place.settlebot(['map', examples, '--source', 'shoe'], ENVIRONMENT)).toMatchObject({
      code: 1,
      err: expect.stringContaining('there is no source shoe: SOURCES_FILE and the service itself have stripe, shop'),
    });
    place.close();
  });
});

describe('a declared source', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld({ startsAt: '2026-03-05T00:00:00Z', environment: ENVIRONMENT });
  });
  beforeEach(() => world.reset('2026-03-05T00:00:00Z'));
  afterAll(async () => {
    await world.core.sources.close();
    await world.close();
  });

  const lines = ndjson.trim().split('\n');

  deepTest('has its events applied, whatever comes twice, and quarantines what its map cannot make', async () => {
    await world.send(tell.account('aff7', 'affiliate'));
    const receipts = await Promise.all([...lines, ...lines].map((line) => receiveBody(world, 'shop', line)));
    expect(receipts.slice(lines.length)).toEqual(lines.map(() => 'duplicate'));
    await world.drain();
    expect(await world.collection('payments').distinct('_id')).toEqual(['S1']);
    expect(await world.collection('refunds').distinct('_id')).toEqual(['R1', 'R2']);
    expect(await world.core.inbox.get('shop:e3')).toMatchObject({ status: 'ignored' });
    expect(await world.core.inbox.get('shop:e4')).toMatchObject({
      status: 'quarantined',
      error: expect.stringContaining('map[1].data.amount `$round(sale.total * 100)`'),
    });
    expect(await world.core.inbox.get('shop:e5')).toMatchObject({
      status: 'quarantined',
      error: expect.stringMatching(/currency must be USD.*`\$uppercase\(sale\.currency\)` gives "EUR"/),
    });
    expect(await differencesOf(world)).toEqual([]);
  });

  it('that another content comes under the same name is a conflict', async () => {
    const [first = ''] = lines;
    expect(await receiveBody(world, 'shop', first)).toBe('accepted');
    expect(await receiveBody(world, 'shop', first.replace('"e1"', ' "e1" '))).toBe('duplicate');
    expect(await receiveBody(world, 'shop', first.replace('19.99', '29.99'))).toBe('conflict');
  });

  deepTest('has what was quarantined mapped again when it is replayed with a mended map', async () => {
    await world.send(tell.account('aff7', 'affiliate'));
    writeFileSync(SOURCES_FILE, json.replaceAll('sale.total * 100', 'sale.totals * 100'));
    await world.restart();
    await receiveBody(world, 'shop', lines[0] ?? '');
    await world.drain();
    expect(await world.core.inbox.get('shop:e1')).toMatchObject({
      status: 'quarantined',
      error: expect.stringContaining(
        'data.amount must be an integer number of minor units (`$round(sale.totals * 100)` gives nothing)',
      ),
    });
    await world.core.sources.close();
    writeFileSync(SOURCES_FILE, json);
    await world.restart();
    await world.core.audit.record({
      actor: 'ops',
      action: 'event.replay',
      subject: 'event:shop:e1',
      at: world.clock.now(),
    });
    await world.core.inbox.replay('shop:e1');
    await world.drain();
    expect(await world.collection('payments').distinct('_id')).toEqual(['S1']);
    expect(await differencesOf(world)).toEqual([]);
  });

  deepTest('of which part of what was made is gone is found', async () => {
    await world.send(tell.account('aff7', 'affiliate'));
    await receiveBody(world, 'shop', lines[0] ?? '');
    await world.drain();
    await world.collection('events').deleteOne({ _id: 'shop:e1:2:2' });
    expect(await differencesOf(world)).toContain(
      'events/shop:e1: it was mapped, and not all that was made of it is there',
    );
  });
});

describe('a file of sources', () => {
  const [signature, map] = [
    { scheme: 'bearer', secretsFrom: 'SHOP_WEBHOOK_SECRETS' },
    [{ type: 'program.updated', data: 'p' }],
  ];

  it.each([
    ['that is no JSON', '{', /cannot be read as JSON/],
    ['with a name that is taken', { platform: { signature, map } }, /must not be called platform or stripe/],
    ['with a name that is none', { 'The shop': { signature, map } }, /must be called by/],
    [
      'with a scheme that is none',
      { shop: { signature: { ...signature, scheme: 'md5' }, map } },
      /scheme: must be one of standard-webhooks/,
    ],
    [
      'with a type that is none',
      { shop: { signature, map: [{ type: 'sale', data: 'p' }] } },
      /map\.0\.type: must be a type/,
    ],
    ['with a key too many', { shop: { signature, map, secret: 'x' } }, /has secret, which is not known/],
    [
      'with an expression that is none',
      { shop: { signature, map: [{ ...map[0], when: 'a = ' }] } },
      /source shop: map\[0\]\.when `a = ` is no JSONata: .* at \d/,
    ],
  ])('%s is refused, and says why', (_, file, words) => {
    expect(errorsOf(file)).toEqual([expect.stringMatching(words)]);
  });

  it('whose secret is missing, weak or none is refused without repeating it', () => {
    const file = { shop: { signature, map } };
    expect(errorsOf(file, { SOURCES_FILE })).toEqual([
      'SOURCES_FILE: source shop: SHOP_WEBHOOK_SECRETS is not set in the environment',
    ]);
    expect(errorsOf(file, { SOURCES_FILE, SHOP_WEBHOOK_SECRETS: 'short' })).toEqual([
      expect.stringMatching(/16-256 visible/),
    ]);
    const standard = { shop: { signature: { ...signature, scheme: 'standard-webhooks' }, map } };
    expect(errorsOf(standard)).toEqual([expect.stringMatching(/must be whsec_/)]);
    expect(readConfig({ STRIPE_WEBHOOK_SECRET: 'sk_live_0123456789abcdef' })).toEqual({
      errors: [expect.stringMatching(/^STRIPE_WEBHOOK_SECRET: must be signing secrets/)],
    });
  });
});
