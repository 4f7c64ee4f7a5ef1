import { mongo } from 'mongoose';
import { vi } from 'vitest';

/**
 * How many documents of a collection the server reads for what `work` asks for by `find` and `aggregate`: none where an index has
 * everything. Each of these is asked for once more, to be explained.
 */
export async function documentsRead(name: string, work: () => Promise<unknown>): Promise<number> {
  const spies = (['find', 'aggregate'] as const).map((method) => vi.spyOn(mongo.Collection.prototype, method));
  const asked: (() => Promise<mongo.Document>)[] = [];
  try {
    await work();
    for (const spy of spies)
      spy.mock.results.forEach(({ value }, index) => {
        const collection = spy.mock.contexts[index] as mongo.Collection;
        const cursor = value as mongo.FindCursor | mongo.AggregationCursor;
        if (collection.collectionName === name) asked.push(() => cursor.clone().explain('executionStats'));
      });
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  if (asked.length === 0) throw new Error(`nothing was asked of ${name}`);
  let count = 0;
  for (const explain of asked) count += examinedIn(await explain());
  return count;
}

function examinedIn(explained: unknown): number {
  if (typeof explained !== 'object' || explained === null) return 0;
  const { totalDocsExamined } = explained as { totalDocsExamined?: number };
  if (totalDocsExamined !== undefined) return totalDocsExamined;
  return Object.values(explained).reduce<number>((sum, part) => sum + examinedIn(part), 0);
}
