// The other process of a test: `program.ts <task> <data directory>`. It speaks through its output, a line at a time.

import { connectDatabase, type Database } from '../../../src/database/connect.ts';
import { durable } from '../../../src/database/durable.ts';

const [task = '', dataDir = ''] = process.argv.slice(2);

async function write(database: Database): Promise<void> {
  const acknowledged = database.connection.getClient().db('settlebot').collection('acknowledged');
  for (let batch = 0; ; batch++) {
    const documents = Array.from({ length: 20 }, (_, position) => ({ number: batch * 20 + position }));
    await acknowledged.insertMany(documents, durable(acknowledged));
    say(String(batch * 20 + 19));
  }
}

async function count(database: Database): Promise<void> {
  const things = database.connection.collection('things');
  await things.insertOne({ by: database.kind });
  say(`${database.kind} ${await things.countDocuments()}`);
  await database.close();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

try {
  const database = await connectDatabase({ dataDir, allowShared: task === 'count' });
  if (task === 'write') await write(database);
  else if (task === 'count') await count(database);
  else say('open');
} catch (error) {
  say(String(error));
  process.exitCode = 1;
}
