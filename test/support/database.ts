import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectDatabase, type Database } from '../../src/database/connect.ts';

/**
 * A fresh, empty database for one test file, gone at `close`: embedded in a temporary directory or, with MONGODB_URI
 * set, a database of its own on that server.
 */
export async function testDatabase(): Promise<Database> {
  const dataDir = await mkdtemp(join(tmpdir(), 'settlebot-test-'));
  const server = process.env.MONGODB_URI;
  const mongodbUri = server ? withDatabase(server, `settlebot-test-${randomUUID()}`) : undefined;
  const database = await connectDatabase({ mongodbUri, dataDir });
  async function close(): Promise<void> {
    if (database.kind === 'server') await database.connection.dropDatabase();
    await database.close();
    await rm(dataDir, { recursive: true, force: true });
  }
  return { ...database, close };
}

export function withDatabase(uri: string, name: string): string {
  const [, server, options = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)(?:\/[^?]*)?(\?.*)?$/.exec(uri) ?? [];
  return `${server}/${name}${options}`;
}
