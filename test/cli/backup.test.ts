import { type ChildProcess, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createArchive, FORMAT } from '../../src/database/backup/archive.ts';
import { connectDatabase } from '../../src/database/connect.ts';
import { DataDirectoryUnusable } from '../../src/database/errors.ts';
import { market, payment, startSending, topUp } from '../faults/traffic.ts';
import { deepTest } from '../support/depth.ts';
import { eventually } from '../support/eventually.ts';
import { createHouse, type House, type ServiceProcess } from '../support/process.ts';
import { CLI, ended, workplace } from './command.ts';

/** One service under load, and the backup of it that all tests here look at. */
let house: House;
let place: ReturnType<typeof workplace>;
let service: ServiceProcess;
let sending: ReturnType<typeof startSending>;
let acknowledgedBefore: string[];
let killedBackup: { file: string; acknowledgedAfter: number };

const PAYMENTS = 20_000;
const MODELS = 10;

beforeAll(async () => {
  house = await createHouse();
  place = workplace();
  service = await house.start();
  const events = [
    ...market(MODELS),
    ...Array.from({ length: PAYMENTS }, (_, index) =>
      payment(`p${index}`, `c${index % MODELS}`, 1 + (index % 997), '2026-03-03T12:00:00Z'),
    ),
    ...Array.from({ length: 200 }, (_, index) => topUp(`t${index}`, `m${index % MODELS}`, 1_000 + index)),
  ];
  sending = startSending(events, () => service, 8);
  await eventually(() => sending.acknowledged.size > 100, { what: 'traffic' });

  const killed = await killWhen(start(['backup', 'killed.settlebot']), () =>
    readdirSync(place.folder).some((name) => /^killed\.settlebot\.\d+\.partial$/.test(name)),
  );
  expect(killed).toBe('SIGKILL');
  const soFar = sending.acknowledged.size;
  await eventually(() => sending.acknowledged.size > soFar, { what: 'events after the backup was killed' });
  killedBackup = { file: join(place.folder, 'killed.settlebot'), acknowledgedAfter: sending.acknowledged.size - soFar };

  acknowledgedBefore = [...sending.acknowledged];
  expect(acknowledgedBefore.length).toBeLessThan(events.length);
  const { code, out, err } = await ended(start(['backup', 'b.settlebot']));
  expect(sending.acknowledged.size).toBeLessThan(events.length);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(/^b\.settlebot: [\d.]+ MB, as of 2\d{3}-.*Z\n$/);
  sending.stop();
  await sending.done;
});
afterAll(async () => {
  place.close();
  await house.remove();
});

function start(words: string[], dataDir = house.dataDir): ChildProcess {
  return place.start(words, { DATA_DIR: dataDir });
}

function inFolder(name: string): string {
  return join(place.folder, name);
}

/** Kills a process as soon as something holds; answers how it ended. */
async function killWhen(child: ChildProcess, holds: () => boolean): Promise<string | null> {
  const end = new Promise<string | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
  const timer = setInterval(() => {
    if (holds()) child.kill('SIGKILL');
  }, 1);
  return end.finally(() => clearInterval(timer));
}

async function restore(file: string, dataDir: string) {
  return place.settlebot(['restore', file], { DATA_DIR: dataDir });
}

describe('a backup of a service that works', () => {
  test('is one file for its owner alone, and nothing else is left', () => {
    expect(statSync(inFolder('b.settlebot')).mode & 0o777).toBe(0o600);
    expect(readdirSync(place.folder).filter((name) => name.startsWith('b.'))).toEqual(['b.settlebot']);
    expect(readFileSync(inFolder('b.settlebot'), 'latin1').split('\n', 1)[0]).toContain('"migrations":["0001-');
  });

  test('that is killed has no file of its name, and the service goes on', () => {
    expect(existsSync(killedBackup.file)).toBe(false);
    expect(killedBackup.acknowledgedAfter).toBeGreaterThan(0);
  });

  deepTest(
    'is restored elsewhere: a service on it has all that was acknowledged before, applies the rest, and verifies',
    async () => {
      const dataDir = inFolder('restored');
      const { code, out, err } = await restore('b.settlebot', dataDir);
      expect({ code, err }).toEqual({ code: 0, err: '' });
      expect(out).toMatch(/is as of 2\d{3}-.*: \d+ events, \d+ ledger entries/);
      for (const name of ['secrets.json', 'seal.key'].filter((one) => existsSync(join(house.dataDir, one))))
        expect(readFileSync(join(dataDir, name))).toEqual(readFileSync(join(house.dataDir, name)));

      const other = await house.start({ DATA_DIR: dataDir });
      const stored = new Set((await other.list('/v1/events')).map(({ eventId }) => eventId));
      expect(acknowledgedBefore.filter((id) => !stored.has(id))).toEqual([]);
      const again = market(MODELS)[0];
      if (again !== undefined) expect(await other.platform().send(again)).toMatchObject({ status: 200 });
      await other.settle();
      expect(await other.list('/v1/events?status=received')).toEqual([]);
      expect(await other.list('/v1/events?status=quarantined')).toEqual([]);
      await other.kill();
      const verified = await place.settlebot(['verify'], { DATA_DIR: dataDir });
      expect(verified).toMatchObject({ code: 0 });
      expect(verified.out).toMatch(/^ok: /m);
    },
  );

  deepTest('does not replace a file unless it is told to, and leaves out secrets when it is told to', async () => {
    const refused = await place.settlebot(['backup', 'b.settlebot'], { DATA_DIR: house.dataDir });
    expect(refused).toMatchObject({ code: 1, err: expect.stringMatching(/is there already; --force replaces it/) });
    writeFileSync(inFolder('old'), 'x');
    const words = ['backup', 'old', '--force', '--without-secrets'];
    expect(await place.settlebot(words, { DATA_DIR: house.dataDir })).toMatchObject({ code: 0 });
    const dataDir = inFolder('without');
    expect(await restore('old', dataDir)).toMatchObject({ code: 0 });
    expect(readdirSync(dataDir)).not.toEqual(expect.arrayContaining(['seal.key']));
  });

  test.each([
    ['a folder that is not there', 'no/b', {}, /there is no such folder/],
    ['a MongoDB server', 'c', { MONGODB_URI: 'mongodb://127.0.0.1:1/x' }, /mongodump/],
    ['no database', 'c', { DATA_DIR: 'nothing' }, /there is no database/],
  ])('is refused in one line for %s', async (_what, file, environment, message) => {
    const { code, err } = await place.settlebot(['backup', file], { DATA_DIR: house.dataDir, ...environment });
    expect(code).not.toBe(0);
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  deepTest('leaves nothing when the file cannot grow, as on a full disk, and says so', async () => {
    // The limit of the process stands for the disk's; the engine is the service's, which has none.
    const limited = `trap '' XFSZ; ulimit -f 200; exec "$0" "$@"`;
    const { code, err } = await ended(
      spawn('bash', ['-c', limited, process.execPath, CLI, 'backup', 'large'], {
        cwd: place.folder,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, DATA_DIR: house.dataDir },
      }),
    );
    expect(code).toBe(1);
    expect(err).toMatch(/large cannot be written: the disk is full/);
    expect(readdirSync(place.folder).filter((name) => name.startsWith('large'))).toEqual([]);
  });

  deepTest('removes what a killed one to the same name left', async () => {
    const isPartial = (name: string) => name.startsWith('killed.settlebot.');
    expect(readdirSync(place.folder).filter(isPartial)).toHaveLength(1);
    expect(await place.settlebot(['backup', 'killed.settlebot'], { DATA_DIR: house.dataDir })).toMatchObject({
      code: 0,
    });
    expect(readdirSync(place.folder).filter(isPartial)).toEqual([]);
  });
});

describe('a restore', () => {
  test('refuses a directory that has a database, also one that a service has open', async () => {
    const { code, err } = await restore('b.settlebot', house.dataDir);
    expect(code).toBe(1);
    expect(err).toMatch(/has a database, which is never written over/);
  });

  deepTest('refuses to replace a key that is there', async () => {
    const dataDir = inFolder('keyed');
    mkdirSync(dataDir, { mode: 0o700 });
    writeFileSync(join(dataDir, 'seal.key'), 'mine');
    expect(await restore('b.settlebot', dataDir)).toMatchObject({ code: 1, err: expect.stringMatching(/seal\.key/) });
    expect(readdirSync(dataDir)).toEqual(['seal.key']);
    expect(readFileSync(join(dataDir, 'seal.key'), 'utf8')).toBe('mine');
  });

  test.each<[string, (file: string) => void, RegExp]>([
    ['cut off', (file) => truncateSync(file, statSync(file).size - 1), /cut off or changed/],
    ['cut off within its header', (file) => truncateSync(file, 20), /no backup/],
    ['empty', (file) => truncateSync(file, 0), /no backup/],
    ['changed in one byte', (file) => changeByte(file, 0.5), /cut off or changed/],
    ['changed in its header', (file) => changeHeader(file, '0001-', '0002-'), /cut off or changed/],
    ['of a later format', (file) => changeHeader(file, 'Backup":1', 'Backup":2'), /newer version/],
    ['something else', (file) => writeFileSync(file, 'a,b\n1,2\n'), /no backup/],
    ['not there', (file) => rmSync(file), /there is no file/],
  ])('refuses a file that is %s, before anything is made', async (what, spoil, message) => {
    const file = inFolder(what);
    cpSync(inFolder('b.settlebot'), file);
    spoil(file);
    const dataDir = inFolder(`of ${what}`);
    const { code, out, err } = await restore(file, dataDir);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(existsSync(dataDir)).toBe(false);
  });

  test('refuses the backup of a newer version, with exit code 2', async () => {
    const header = {
      settlebotBackup: FORMAT,
      version: '99.0.0',
      begunAt: new Date(0).toISOString(),
      migrations: ['9999-x'],
    };
    const archive = await createArchive(inFolder('newer'), header);
    await archive.end({ takenAt: header.begunAt, files: {}, documents: {} });
    const { code, err } = await restore('newer', inFolder('of newer'));
    expect(code).toBe(2);
    expect(err).toContain('9999-x');
  });

  test('writes nowhere but into the data directory, whatever a file asks for', async () => {
    const header = { settlebotBackup: FORMAT, version: '0.1.0', begunAt: new Date(0).toISOString(), migrations: [] };
    const archive = await createArchive(inFolder('forged'), header);
    await archive.piece({ file: '../escaped', at: 0, bytes: Buffer.from('x') });
    await archive.end({ takenAt: header.begunAt, files: { '../escaped': 1 }, documents: {} });
    expect(await restore('forged', inFolder('of forged'))).toMatchObject({ code: 1 });
    expect(existsSync(inFolder('escaped'))).toBe(false);
  });

  deepTest(
    'that is killed leaves no database; the service refuses to start beside, and the same command again is enough',
    async () => {
      const dataDir = inFolder('killed');
      await killWhen(start(['restore', 'b.settlebot'], dataDir), () => existsSync(join(dataDir, 'restoring')));
      expect(readdirSync(dataDir)).toEqual(['restoring']);
      await expect(connectDatabase({ dataDir })).rejects.toThrow(DataDirectoryUnusable);
      const { code, err } = await restore('b.settlebot', dataDir);
      expect({ code, err }).toEqual({ code: 0, err: expect.stringMatching(/half done was removed/) });
      expect(existsSync(join(dataDir, 'restoring'))).toBe(false);
    },
  );

  deepTest('that is killed while it moves what is whole goes on with that', async () => {
    const dataDir = inFolder('moving');
    expect(await restore('b.settlebot', dataDir)).toMatchObject({ code: 0 });
    const names = readdirSync(dataDir);
    mkdirSync(join(dataDir, 'restored'));
    for (const name of names.filter((_, index) => index % 2 === 0))
      renameSync(join(dataDir, name), join(dataDir, 'restored', name));
    await expect(connectDatabase({ dataDir })).rejects.toThrow(DataDirectoryUnusable);
    const { code, err } = await restore('b.settlebot', dataDir);
    expect(code).toBe(1);
    expect(err).toMatch(/it is complete now/);
    expect(readdirSync(dataDir).filter((name) => name !== '_tmp')).toEqual(names.filter((name) => name !== '_tmp'));
    const database = await connectDatabase({ dataDir });
    expect(await database.connection.collection('events').countDocuments()).toBeGreaterThan(0);
    await database.close();
  });
});

function changeByte(file: string, share: number): void {
  const bytes = readFileSync(file);
  const at = Math.floor(bytes.length * share);
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
  writeFileSync(file, bytes);
}

function changeHeader(file: string, from: string, to: string): void {
  writeFileSync(file, Buffer.from(readFileSync(file, 'latin1').replace(from, to), 'latin1'));
}
