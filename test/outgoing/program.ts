// The other process of a test: `program.ts DATA_DIR URL SECRET COUNT`. Emits and sends until it is killed.
import { connectDatabase } from '../../src/database/connect.ts';
import { buildIndexes } from '../../src/database/indexes.ts';
import { createPost } from '../../webhooks/outgoing/post.ts';
import { createOutgoingWorker } from '../../webhooks/outgoing/worker.ts';
import { message, outgoingOn, START } from './world.ts';

const [dataDir = '', url = '', secret = '', count = '0'] = process.argv.slice(2);

const { connection } = await connectDatabase({ dataDir });
const clock = { now: () => START };
const outgoing = outgoingOn(connection);
await buildIndexes(connection);
const post = createPost({ url, secret });
createOutgoingWorker({ outgoing, post, random: Math.random, clock, onError: () => {} }).start();
for (let number = 0; number < Number(count); number += 1) {
  await outgoing.emit([message(number, `model:m${number % 20}`)], START);
  process.stdout.write(`${number}\n`);
}
setInterval(() => {}, 1_000);
