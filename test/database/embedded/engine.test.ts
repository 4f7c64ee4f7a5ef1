import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { mongo } from 'mongoose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Embedded, findRunningEngine, openEmbedded } from '../../../src/database/embedded/engine.ts';
import { DataDirectoryInUse, DataDirectoryUnusable } from '../../../src/database/errors.ts';
import { deepTest } from '../../support/depth.ts';
import { startProgram } from './process.ts';

let folder: string;
let dataDir: string;
let opened: Embedded | undefined;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'settlebot-embedded-'));
  dataDir = join(folder, 'made', 'as needed');
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  await rm(folder, { recursive: true, force: true });
});

async function open(): Promise<Embedded> {
  opened = await openEmbedded(dataDir);
  return opened;
}

async function close(): Promise<void> {
  await opened?.close();
  opened = undefined;
}

async function withThings<T>(uri: string, use: (things: mongo.Collection) => Promise<T>): Promise<T> {
  const client = new mongo.MongoClient(uri);
  try {
    return await use(client.db('settlebot').collection('things'));
  } finally {
    await client.close();
  }
}

describe('the embedded engine', () => {
  deepTest('keeps what was written when it is closed and opened again', async () => {
    await withThings((await open()).uri, (things) => things.insertOne({ a: 1 }));
    await close();
    expect(await withThings((await open()).uri, (things) => things.countDocuments({ a: 1 }))).toBe(1);
  });

  test('runs with its memory bounded', async () => {
    const client = new mongo.MongoClient((await open()).uri);
    const status = await client.db('admin').command({ serverStatus: 1 });
    await client.close();
    expect(status.wiredTiger.cache['maximum bytes configured']).toBe(64 * 1024 * 1024);
  });

  deepTest('answers also where each of several plans looks for long and finds nothing', async () => {
    await withThings((await open()).uri, async (things) => {
      await things.createIndexes([{ key: { one: 1 } }, { key: { two: 1 } }]);
      await things.insertMany(Array.from({ length: 15_000 }, (_, index) => ({ one: index, two: index })));
      expect(await things.findOne({ one: { $gte: 0 }, two: { $gte: 0 }, three: 3 })).toBeNull();
    });
  });

  test('leaves no trace in the environment, which child processes and other native packages would obey', async () => {
    await open();
    expect(process.env.NAPI_RS_NATIVE_LIBRARY_PATH).toBeUndefined();
  });

  deepTest('says where it is to this user alone, for as long as it is open', async () => {
    const { uri } = await open();
    const announcement = join(dataDir, 'engine.json');
    expect(JSON.parse(await readFile(announcement, 'utf8'))).toEqual({ pid: process.pid, uri });
    expect((await stat(announcement)).mode & 0o777).toBe(0o600);
    expect(await findRunningEngine(dataDir)).toBe(uri);
    await close();
    expect(await readdir(dataDir)).not.toContain('engine.json');
    expect(await findRunningEngine(dataDir)).toBeUndefined();
  });

  test.each([
    ['of a process that is gone', { pid: 2 ** 22 + 1, uri: 'mongodb://%2Ftmp%2Fx.sock/' }],
    ['without a socket behind it', { pid: process.pid, uri: 'mongodb://%2Ftmp%2Fnone.sock/' }],
    ['that is not one', ['half']],
  ])('an announcement %s is none', async (_, announcement) => {
    await mkdir(dataDir, { recursive: true });
    await writeFile(join(dataDir, 'engine.json'), JSON.stringify(announcement));
    expect(await findRunningEngine(dataDir)).toBeUndefined();
  });
});

describe('a data directory that cannot be opened', () => {
  deepTest(
    'in use by another process: named in one line, with the process; free at once when that is killed',
    async () => {
      const other = startProgram('hold', dataDir);
      expect(await other.nextLine()).toBe('open');
      const refusal = await openEmbedded(dataDir).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(DataDirectoryInUse);
      expect(String(refusal)).toContain(`${dataDir} is in use by process ${other.child.pid}: stop that one`);
      expect(String(refusal)).not.toContain('\n');
      other.child.kill('SIGKILL');
      await other.ended;
      expect(await findRunningEngine(dataDir)).toBeUndefined();
      await open();
    },
  );

  test('a file in its place', async () => {
    dataDir = join(folder, 'file');
    await writeFile(dataDir, '');
    await expect(openEmbedded(dataDir)).rejects.toThrow(DataDirectoryUnusable);
    await expect(openEmbedded(join(dataDir, 'below'))).rejects.toThrow('there is a file in its place');
  });

  test.skipIf(process.getuid?.() === 0)('not ours to write', async () => {
    await mkdir(dataDir, { recursive: true });
    await chmod(dataDir, 0o500);
    await expect(openEmbedded(dataDir)).rejects.toThrow('this user may not read and write there');
  });
});

describe('sockets that killed processes left', () => {
  deepTest('are removed when dead and old; live, young and foreign ones stay', async () => {
    const temporary = dirname(dirname(socketPathOf((await open()).uri)));
    const [live, dead, young, empty] = ['live01', 'dead01', 'young1', 'empty1'].map((name) =>
      join(temporary, `embedded-mongodb-${name}`),
    ) as [string, string, string, string];
    for (const one of [live, dead, young, empty]) await mkdir(one, { mode: 0o700 });
    const server = createServer().listen(join(live, 'mongodb.sock'));
    await leaveDeadSocket(join(dead, 'mongodb.sock'));
    await leaveDeadSocket(join(young, 'mongodb.sock'));
    const longAgo = new Date('2020-01-01');
    for (const one of [live, dead, empty]) await utimes(one, longAgo, longAgo);
    try {
      await close();
      await open();
      const left = await readdir(temporary);
      expect(left).toEqual(expect.arrayContaining(['live01', 'young1', 'empty1'].map((n) => `embedded-mongodb-${n}`)));
      expect(left).not.toContain('embedded-mongodb-dead01');
    } finally {
      server.close();
      for (const one of [live, dead, young, empty]) await rm(one, { recursive: true, force: true });
    }
  });
});

function socketPathOf(uri: string): string {
  return decodeURIComponent(new URL(uri).hostname);
}

/** Binds a socket in a process that ends without removing it, as a killed one does. */
async function leaveDeadSocket(path: string): Promise<void> {
  const { spawn } = await import('node:child_process');
  const script = 'require("net").createServer().listen(process.argv[1], () => process.kill(process.pid, "SIGKILL"))';
  const child = spawn(process.execPath, ['-e', script, path]);
  await new Promise((resolve) => child.once('exit', resolve));
}
