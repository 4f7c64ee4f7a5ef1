import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { connectDatabase } from '../../../src/database/connect.ts';
import { deepTest } from '../../support/depth.ts';
import { tell } from '../../support/events.ts';
import { eventually } from '../../support/eventually.ts';
import { ended, workplace } from '../command.ts';

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));
const DOCUMENT = readFileSync(new URL('../../../docs/shadow.md', import.meta.url), 'utf8');

/** The command of the document, and what it prints there. */
const [, COMMAND = '', TRANSCRIPT = ''] = /^\$ npx settlebot (shadow .*)\n([\s\S]*?)^```/m.exec(DOCUMENT) ?? [];

/** One folder: what the play of the sample leaves is what the later tests compare with, and are refused for. */
describe('settlebot shadow', () => {
  let place: ReturnType<typeof workplace>;

  beforeAll(() => {
    place = workplace();
    cpSync(EXAMPLES, join(place.folder, 'examples'), { recursive: true });
  });
  afterAll(() => place.close());

  const shadow = (...words: string[]) => place.settlebot(['shadow', ...words]);
  const write = (name: string, content: string): string => {
    const file = join(place.folder, name);
    writeFileSync(file, content);
    return file;
  };
  const state = () => JSON.parse(readFileSync(join(place.folder, 'shadow/shadow.json'), 'utf8'));
  const PAID = 'examples/shadow/paid.csv';
  const PURCHASES = ['--purchases', 'examples/shadow/purchases.csv', '--paid'];

  deepTest('killed in the middle goes on, and prints what the document says', { timeout: 120_000 }, async () => {
    const words = COMMAND.split(' ');
    for (const share of [15, 70]) {
      const child = place.start(words);
      const over = ended(child);
      await eventually(() => existsSync(join(place.folder, 'shadow/shadow.json')) && state().done >= share, {
        ...{ what: `${share} events`, withinMs: 60_000 },
      });
      child.kill('SIGKILL');
      await over;
    }
    const { code, out, err } = await place.settlebot(words);
    expect({ code, err }).toEqual({ code: 1, err: '' });
    expect(out).toBe(TRANSCRIPT);
    const table = readFileSync(join(place.folder, 'shadow/differences.csv'), 'utf8').trim().split('\r\n');
    expect(table).toHaveLength(6);
    expect(table[1]).toMatch(
      /^invoice,bea,1997-W03,amount,45\.77,35\.93,45\.77,35\.93,9\.84,USD,8,1997-W03:bea,"Mon 13 Jan/,
    );
  });

  deepTest('compares anew with a table that was put right, and is content', async () => {
    const paid = readFileSync(join(place.folder, PAID), 'utf8')
      .replace('35.93', '45.77')
      .replace('1997-01-29', '1997-01-27')
      .replace('63.72', '69.51')
      .replace('1997-01-10,,,paused', '1997-01-09,,,paused')
      .concat('invoice,ava,1997-W05,26.08,1997-02-03,\n');
    const { code, out } = await shadow(...PURCHASES, write('right.csv', paid));
    expect(code).toBe(0);
    expect(out).toMatch(/^invoices {2}14 of 14 [\s\S]*^standing {2}7 of 7\n\nNo difference\.$/m);
  });

  deepTest('refuses its folder to another past, policy or zone, and touches nothing', async () => {
    const before = state();
    const event = tell.account('ava', 'model', { at: '1997-01-01T00:00:00Z' });
    const others: [string[], Record<string, string>, RegExp][] = [
      [
        ['--events', write('other.ndjson', JSON.stringify(event)), '--paid', PAID],
        {},
        /another file of events, by its SHA/,
      ],
      [[...PURCHASES, PAID, '--policy', write('policy.json', '{"invoicing":{"dueDays":5}}')], {}, /another policy/],
      [[...PURCHASES, PAID], { PLATFORM_TIME_ZONE: 'Europe/Berlin' }, /another PLATFORM_TIME_ZONE/],
      [
        [...PURCHASES, PAID, '--until', '1997-02-16T00:00:00Z'],
        {},
        /was played until 1997-02-18T00:00:00\.000Z, which is later than --until/,
      ],
    ];
    for (const [words, environment, why] of others) {
      const { code, err } = await place.settlebot(['shadow', ...words], environment);
      expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(why) });
    }
    expect(state()).toEqual(before);
  });

  deepTest('refuses a database that is in use, and a folder that is anything else', { timeout: 60_000 }, async () => {
    const own = await connectDatabase({ mongodbUri: undefined, dataDir: join(place.folder, 'shadow/database') });
    const { code, err } = await place.settlebotProcess(['shadow', ...PURCHASES, PAID]).finally(own.close);
    expect({ code, err }).toEqual({ code: 2, err: expect.stringMatching(/in use|another process/i) });
    const data = join(place.folder, 'data');
    mkdirSync(data);
    write('data/WiredTiger', '');
    const foreign = await shadow(...PURCHASES, PAID, '--work', data);
    expect(foreign).toMatchObject({
      code: 2,
      err: expect.stringMatching(/is not empty, and no shadow was played there/),
    });
    expect(readdirSync(data)).toEqual(['WiredTiger']);
  });

  test('refuses bad input before anything is played', async () => {
    const bad: [string[], RegExp][] = [
      [['--paid', PAID], /give the past by --events or by --purchases, one of the two/],
      [[...PURCHASES, write('p.csv', 'kind,account\n')], /p\.csv lacks the columns period, amount/],
      [[...PURCHASES, PAID, '--policy', write('bad.json', '{"fines":1}')], /bad\.json: Unrecognized key: "fines"/],
      [['--events', write('cut.ndjson', '{"id":"e1"'), '--paid', PAID], /line 1: not JSON .* cut off/],
    ];
    for (const [words, why] of bad) {
      const { code, out, err } = await shadow(...words, '--work', 'fresh');
      expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringMatching(why) });
      expect(existsSync(join(place.folder, 'fresh/shadow.json'))).toBe(false);
    }
  });
});
