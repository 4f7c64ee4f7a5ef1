import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection, mongo } from 'mongoose';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { connectDatabase } from '../../src/database/connect.ts';
import { MIGRATIONS } from '../../src/database/migrations/migrations.ts';
import { workplace } from '../cli/command.ts';
import { deepTest } from '../support/depth.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { readOutcome, readStoredData, writeStoredData } from '../support/storedData.ts';

const NAME = '0001-rename-stored-fields';
const ALL = MIGRATIONS.map(({ name }) => name).join(', ');
const CLOCK = { TEST_CLOCK: '1' };
const PRELOAD = fileURLToPath(new URL('../support/killAtWrite.mjs', import.meta.url));

/** A data directory as the version before migrations left it, to be copied. */
const before = workplace();
const DATA = join(before.folder, 'data');

let house: House;
let place: ReturnType<typeof workplace>;
beforeAll(async () => {
  const data = await readStoredData('before-0001.ndjson.gz');
  await opened(DATA, (database) => writeStoredData(database, data));
}, 300_000);
afterAll(before.close);
beforeEach(async () => {
  house = await createHouse();
  place = workplace();
  await cp(DATA, house.dataDir, { recursive: true });
});
afterEach(async () => {
  place.close();
  await house.remove();
});

type Driver = mongo.Db;

async function opened<T>(dataDir: string, work: (database: Driver, uri: string) => Promise<T>): Promise<T> {
  const { connection, uri, close } = await connectDatabase({ dataDir });
  try {
    return await work(connection.getClient().db(connection.name), uri);
  } finally {
    await close();
  }
}

const command = (...words: string[]) => place.settlebot(words, { DATA_DIR: house.dataDir, ...CLOCK });

const migrated = (service: ServiceProcess) => service.lines().filter((line) => line.includes('migrating the database'));

/** What the version before came to, under today's names. */
const OUTCOME: Record<string, string[]> = {
  ledger_entries: ['hash'],
  invoices: ['status', 'total'],
  payouts: ['status', 'amount'],
  orders: ['status', 'delivered', 'settled'],
  commissions: ['state', 'amount', 'cycle', 'posted'],
  standings: ['announced'],
};

async function outcomeIn(connection: Connection): Promise<unknown> {
  const collections = Object.entries(OUTCOME).map(async ([name, fields]) => {
    const documents = await connection.collection(name).find().toArray();
    return [name, Object.fromEntries(documents.map((one) => [one._id, fields.map((field) => one[field])]))] as const;
  });
  return Object.fromEntries(await Promise.all(collections));
}

/**
 * What the version before came to, but for what the rules say otherwise since: it paid on 1 August what was earned after
 * that payday had begun (rules 6.6), and a renewed order's id could be one of the platform's.
 */
function byTodaysRules(outcome: Record<string, Record<string, unknown>>): typeof outcome {
  const isBackdated = (id: string) => /^(payout:)?2026-08-01:(c|marco|nina)(:due)?$/.test(id);
  return Object.fromEntries(
    Object.entries(outcome).map(([collection, documents]) => {
      const kept = Object.entries(documents).filter(([id]) => !isBackdated(id));
      return [
        collection,
        Object.fromEntries(kept.map(([id, fields]) => [id.replace(/^(zf-\d+):r2$/, '$1~r2'), fields])),
      ];
    }),
  );
}

/** All that a refused command must leave as it is. */
async function stored(database: Driver): Promise<unknown> {
  const collections = await database.listCollections({}, { nameOnly: true }).toArray();
  const counts = collections.map(async ({ name }) => [name, await database.collection(name).countDocuments()] as const);
  return {
    counts: Object.fromEntries(await Promise.all(counts)),
    records: await database.collection('migrations').find().toArray(),
    leases: await database.collection('leases').find().toArray(),
    orders: await database.collection('orders').find().toArray(),
  };
}

describe('a service of this version, on a database of before', () => {
  deepTest(
    'migrates it, also when it is killed over that, finishes what was cut off, and does so once',
    async () => {
      const killed = house.begin({
        NODE_OPTIONS: `--import=${PRELOAD}`,
        ...{ KILL_IN: 'commissions', KILL_AT: '1', KILL_WHEN: 'after' },
      });
      expect((await killed.ended).signal).toBe('SIGKILL');
      expect((await command('config')).out).toMatch(
        new RegExp(`migration ${NAME}: pending, begun .+ and not finished\n`),
      );

      const service = await house.start();
      expect(migrated(service)).not.toEqual([]);
      await service.settle();
      expect(await command('verify')).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^ok: \d+ ledger entries, 35 invoices\n$/),
      });
      await house.inside(async ({ connection }) => {
        expect(await outcomeIn(connection)).toEqual(byTodaysRules(await readOutcome('before-0001.outcome.json.gz')));
        for (const { collection, schema } of Object.values(connection.models)) {
          const documents = await connection.collection(collection.collectionName).find().toArray();
          const known = new Set(Object.keys(schema.paths).map((path) => path.split('.', 1)[0] ?? path));
          // Facts of earlier versions keep a hash that nobody reads.
          const unknown = documents.flatMap((document) =>
            Object.keys(document).filter((field) => field !== 'hash' && !known.has(field)),
          );
          expect([...new Set(unknown)], collection.collectionName).toEqual([]);
        }
      });
      const applied = (await command('config')).out;
      expect(applied).toMatch(new RegExp(`migration ${NAME}: applied 20\\d\\d-.+Z\n`));

      await service.kill();
      const again = await house.start();
      expect(migrated(again)).toEqual([]);
      expect((await command('config')).out).toBe(applied);
    },
    300_000,
  );

  deepTest(
    'migrates it when two start together',
    async () => {
      await opened(house.dataDir, async (_, uri) => {
        const services = [house.begin({ MONGODB_URI: uri }), house.begin({ MONGODB_URI: uri })];
        await Promise.all(services.map((service) => service.ready()));
        expect(services.flatMap(migrated)).not.toEqual([]);
        for (const service of services) expect((await service.api('GET', '/v1/payouts')).status).toBe(200);
        for (const service of services) await service.kill();
      });
    },
    300_000,
  );

  deepTest(
    'refuses one that a newer version has migrated: exit code 2, the names, and nothing is written',
    async () => {
      const startedAt = new Date('2030-01-01T00:00:00Z');
      const left = await opened(house.dataDir, async (database) => {
        await database
          .collection<{ _id: string }>('migrations')
          .insertOne({ _id: '0999-of-tomorrow', ...{ startedAt } });
        return stored(database);
      });
      const service = house.begin();
      expect((await service.ended).code).toBe(2);
      expect(service.errors().at(-1)).toContain('newer version of settlebot, which has migrated it: 0999-of-tomorrow.');
      for (const words of [
        ['verify'],
        ['simulate', 'monday'],
        ['tick', '--at', '2026-08-02T00:00:00Z'],
        ['replay', 'x'],
      ]) {
        expect(await command(...words)).toMatchObject({
          code: 2,
          out: '',
          err: expect.stringContaining('0999-of-tomorrow'),
        });
      }
      const { code, out } = await command('config');
      expect({ code, out }).toEqual({
        code: 0,
        out: expect.stringContaining('0999-of-tomorrow: pending, begun 2030-'),
      });
      expect(await opened(house.dataDir, stored)).toEqual(left);
    },
    300_000,
  );
});

describe('a command of this version, on a database of before', () => {
  deepTest(
    'that only reads says what is pending; one that writes migrates first',
    async () => {
      const left = await opened(house.dataDir, stored);
      for (const words of [['verify'], ['simulate', 'payday']]) {
        const { code, out, err } = await command(...words);
        expect({ code, out, err }).toEqual({ code: 2, out: '', err: expect.stringContaining(`migrated: ${ALL}.`) });
      }
      expect((await command('config')).out).toContain(`migration ${NAME}: pending\n`);
      expect(await opened(house.dataDir, stored)).toEqual(left);

      const ticked = await command('tick', '--at', '2026-08-01T09:00:00Z');
      expect(ticked).toMatchObject({
        code: 0,
        err: MIGRATIONS.map(({ name }) => `migrating the database: ${name}\n`).join(''),
      });
      expect((await command('config')).out).toContain(`migration ${NAME}: applied`);
      expect((await command('simulate', 'payday')).code).toBe(0);
    },
    300_000,
  );

  deepTest(
    'does not migrate below the feet of an older service that is running',
    async () => {
      await opened(house.dataDir, async (database) => {
        const left = await stored(database);
        const { code, err } = await command('tick', '--at', '2026-08-01T09:00:00Z');
        expect({ code, err }).toEqual({ code: 2, err: expect.stringContaining(`migrated: ${ALL}.`) });
        expect(await stored(database)).toEqual(left);
      });
    },
    300_000,
  );
});

deepTest(
  'where there is no database yet, `config` says so and makes none',
  async () => {
    const { code, out } = await place.settlebot(['config']);
    expect({ code, out }).toEqual({
      code: 0,
      out: expect.stringMatching(/\nmigrations: none needed, DATA_DIR holds no database yet\n$/),
    });
    const unreachable = await place.settlebot(['config'], { MONGODB_URI: 'mongodb://user:swordfish@127.0.0.1:1/x' });
    expect(unreachable.code).toBe(0);
    expect(unreachable.out).toContain('migrations: not known, the MongoDB of MONGODB_URI (127.0.0.1:1) cannot be used');
    expect(unreachable.out).not.toContain('swordfish');
  },
  300_000,
);
