import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectDatabase } from '../../src/database/connect.ts';
import { isSample } from '../support/depth.ts';
import { startProgram } from './embedded/process.ts';

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'settlebot-durability-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

test('nothing that was acknowledged is lost when the process is killed in the midst of writing', async () => {
  let acknowledged = -1;
  for (let round = 0; round < (isSample ? 1 : 3); round++) {
    const writer = startProgram('write', dataDir);
    acknowledged = await killAfter(writer, 10 + round * 25);
    const database = await connectDatabase({ dataDir });
    const numbers = await database.connection.collection('acknowledged').distinct('number', { number: { $gte: 0 } });
    await database.connection.collection('acknowledged').deleteMany({});
    await database.close();
    const expected = Array.from({ length: acknowledged + 1 }, (_, number) => number);
    expect(numbers.filter((number) => number <= acknowledged)).toEqual(expected);
  }
});

/** The last number that `writer` said was stored, all that it managed to say before it died included. */
async function killAfter(writer: ReturnType<typeof startProgram>, lines: number): Promise<number> {
  let last = -1;
  for (let seen = 0; ; seen++) {
    const line = await writer.nextLine();
    if (line === undefined) break;
    last = Number(line);
    expect(last).not.toBeNaN();
    if (seen === lines) writer.child.kill('SIGKILL');
  }
  expect(await writer.ended).toBeNull();
  return last;
}
