import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Schema } from 'mongoose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectDatabase, type Database } from '../../src/database/connect.ts';
import { databaseOf, isConnectionString } from '../../src/database/connectionString.ts';
import { DatabaseUnreachable, NoDatabase } from '../../src/database/errors.ts';
import { deepTest } from '../support/depth.ts';
import { startProgram } from './embedded/process.ts';

let dataDir: string;
let database: Database;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'settlebot-connect-'));
  database = await connectDatabase({ dataDir });
});
afterAll(async () => {
  await database.close();
  await rm(dataDir, { recursive: true, force: true });
});

describe('the embedded database', () => {
  test('is ours, called settlebot, and does not ask one server for a majority', () => {
    expect(database.kind).toBe('embedded');
    expect(database.connection.name).toBe('settlebot');
    expect(database.connection.getClient().options.writeConcern).toMatchObject({ w: 1 });
  });

  deepTest('a command beside the service works through its engine', async () => {
    const command = startProgram('count', dataDir);
    expect(await command.nextLine()).toBe('shared 1');
    expect(await command.ended).toBe(0);
    expect(await database.connection.collection('things').countDocuments()).toBe(1);
  });

  deepTest('a command alone opens the directory itself', async () => {
    const alone = join(dataDir, 'alone');
    const command = startProgram('count', alone);
    expect(await command.nextLine()).toBe('embedded 1');
    expect(await command.ended).toBe(0);
  });

  deepTest('a second service is refused', async () => {
    const second = startProgram('hold', dataDir);
    expect(await second.nextLine()).toContain(`is in use by process ${process.pid}`);
    expect(await second.ended).toBe(1);
  });

  test('a field that no schema knows is refused, and an operator from outside is a value', async () => {
    const Thing = database.connection.model('Thing', new Schema({ name: String }, { collection: 'named' }));
    expect(() => new Thing().set({ name: 'a', other: 1 })).toThrow('other');
    await Thing.create({ name: 'a' });
    await expect(Thing.countDocuments({ name: { $ne: null } })).rejects.toThrow();
    await expect(Thing.updateOne({ name: 'a' }, { $set: { other: 1 } })).rejects.toThrow('other');
  });
});

describe('a MongoDB server', () => {
  deepTest('that does not answer is named in one line, without the password', async () => {
    const mongodbUri = `mongodb://someone:pa%20ss-w0rd@127.0.0.1:${await freePort()}/books?authSource=admin`;
    const refusal = await connectDatabase({ mongodbUri, dataDir }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DatabaseUnreachable);
    expect(String(refusal)).toMatch(/\(127\.0\.0\.1:\d+\) cannot be used: .*ECONNREFUSED/);
    expect(JSON.stringify([String(refusal), refusal, (refusal as Error).stack])).not.toMatch(/w0rd|someone|\\n.*cause/);
    expect((refusal as Error).message).not.toContain('\n');
  });

  test.each([
    'mongodb://someone:pa:ss@w0rd@host',
    'mongodb://someone:pa%ss-w0rd@host/',
    'mongodb://someone:w0rd@host/?nonsense=1',
    'postgres://someone:w0rd@host/',
    'w0rd',
  ])('whose address is malformed is refused without showing it: %s', async (mongodbUri) => {
    const refusal = await connectDatabase({ mongodbUri, dataDir }).catch((error: unknown) => error);
    expect(String(refusal)).toBe('DatabaseUnreachable: MONGODB_URI is not a valid MongoDB connection string');
  });

  test.each([
    ['mongodb://host', undefined],
    ['mongodb://host/', undefined],
    ['mongodb://host/?directConnection=true', undefined],
    ['mongodb://a:b@host:1,other:2/books?x=y', 'books'],
    ['mongodb+srv://host/books', 'books'],
    ['mongodb://%2Ftmp%2Fa.sock/?directConnection=true', undefined],
  ])('the database of %s is %s', (uri, name) => {
    expect(databaseOf(uri)).toBe(name);
  });

  test('is used like any other, here the engine by its socket', async () => {
    const server = await connectDatabase({ mongodbUri: database.uri.replace('/?', '/books?'), dataDir });
    expect([server.kind, server.connection.name]).toEqual(['server', 'books']);
    await server.close();
  });

  test('is refused where it must exist and has no such database, and none is made', async () => {
    const mongodbUri = database.uri.replace('/?', '/misspelt?');
    const refusal = await connectDatabase({ mongodbUri, dataDir, mustExist: true }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(NoDatabase);
    expect(String(refusal)).toContain('no database misspelt');
    const { databases } = await database.connection.listDatabases();
    expect(databases.map(({ name }) => name)).not.toContain('misspelt');
  });

  test.each([
    ['mongodb://u:100%25secret@host/books', true],
    ['mongodb://u:100%secret@host/books', false],
    ['mongodb://u%:secret@host/books', false],
    ['mongodb://u:sec@ret@host/books', false],
    ['mongodb://host/100%books', false],
    ['mongodb://host:99999/books', false],
    ['mongodb://host/books?tls=perhaps', false],
    ['mongodb://host/books?nonsense=1', false],
    ['mongodb+srv://one,two/books', false],
    ['mongodb://%2Ftmp%2Fa.sock/?directConnection=true', true],
    ['mongodb://a:1,b:2,[::1]:3/books?replicaSet=rs0', true],
  ])('%s is a connection string: %s', (uri, is) => {
    expect(isConnectionString(uri)).toBe(is);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
