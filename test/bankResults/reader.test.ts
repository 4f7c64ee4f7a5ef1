import { afterAll, describe, expect, it } from 'vitest';

import { createReader } from '../../src/bankResults/reader.ts';
import { readResult } from '../../src/bankResults/readResult.ts';
import { createThread, type ThreadModule } from '../../src/kernel/thread.ts';

const thread = createThread();
afterAll(thread.close);

let inThread = 0;
const read = createReader({
  run: <Task, Answer>(module: ThreadModule, task: Task) => {
    inThread += 1;
    return thread.run<Task, Answer>(module, task);
  },
});

/** A status report of so many payments, the last one with a status of its own. */
function report(payments: number, last = 'ACSC'): Buffer {
  const lines = Array.from({ length: payments }, (_, index) => {
    const status = index === payments - 1 ? last : 'ACSC';
    return `<TxInfAndSts><OrgnlEndToEndId>2026-04-01:p${index}</OrgnlEndToEndId><TxSts>${status}</TxSts></TxInfAndSts>`;
  });
  return Buffer.from(
    `<Document><CstmrPmtStsRpt><OrgnlPmtInfAndSts>${lines.join('')}</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>`,
  );
}

describe('a result of a bank', () => {
  it('is read in a thread where it is large, and says the same', async () => {
    expect((await read(report(1), 'EUR')).lines).toHaveLength(1);
    expect(inThread).toBe(0);
    const large = report(3_000);
    expect(await read(large, 'EUR')).toEqual(readResult(large, 'EUR'));
    expect(inThread).toBe(1);
  });

  it('is refused alike, with the line', async () => {
    const faults = (lines: number) => [{ line: lines, message: 'a status that ISO 20022 does not have' }];
    await expect(read(report(2, 'ODD'), 'EUR')).rejects.toMatchObject({ name: 'UnreadableResult', faults: faults(2) });
    await expect(read(report(3_000, 'ODD'), 'EUR')).rejects.toMatchObject({
      ...{ name: 'UnreadableResult', faults: faults(3_000) },
    });
  });
});
