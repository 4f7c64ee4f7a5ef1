import { yearAt } from '../kernel/calendar.ts';
import { inBatches } from '../kernel/group.ts';
import { linesOn } from '../kernel/lines.ts';
import { numberId, numberText, subjectOf, type ToNumber } from './number.ts';
import type { BooksStore, StoredNumber } from './store.ts';

const BATCH = 1_000;

/** Documents that have numbers: `all` whose were given, `of` those of some things, whose may still be to be given. */
export type NumberedSource = { all(): AsyncIterable<ToNumber>; of(ids: string[]): Promise<ToNumber[]> };

/**
 * Compares numbers with the documents that have them, in both directions, and says where a series and year has a gap. In the
 * order of their numbers, so that memory does not grow with them.
 */
export async function verifyNumbers(
  { numbers }: Pick<BooksStore, 'numbers'>,
  sources: NumberedSource[],
  timeZone: string,
): Promise<string[]> {
  const lines: string[] = [];
  let last: StoredNumber | undefined;
  const found = numbers.find({}).sort({ series: 1, year: 1, number: 1 }).batchSize(BATCH);
  for await (const batch of inBatches(found, BATCH)) {
    for (const one of batch) {
      lines.push(...gapBefore(one, last));
      last = one;
    }
    const isNamed = ({ _id }: StoredNumber) => `document_numbers/${_id}`;
    lines.push(...(await linesOn(batch, isNamed, (some) => strangeNumbers(some, sources, timeZone))));
  }
  for (const source of sources) {
    for await (const documents of inBatches(source.all(), BATCH))
      lines.push(...(await unnumbered({ numbers }, documents)));
  }
  return lines;
}

function gapBefore(one: StoredNumber, last: StoredNumber | undefined): string[] {
  const isFirst = last?.series !== one.series || last.year !== one.year;
  const expected = isFirst ? 1 : last.number + 1;
  if (one.number === expected) return [];
  const { series, year } = one;
  return [
    `document_numbers/${one._id}: it is ${numberText(one)}, and the next is ${numberText({ series, year, number: expected })}`,
  ];
}

/** Numbers of documents that are not there, or have another date. */
async function strangeNumbers(batch: StoredNumber[], sources: NumberedSource[], timeZone: string): Promise<string[]> {
  const ids = [...new Set(batch.map(({ _id }) => subjectOf(_id)))];
  const documents = new Map<string, ToNumber>();
  for (const source of sources) for (const one of await source.of(ids)) documents.set(numberId(one), one);
  return batch.flatMap(({ _id, year, issuedAt }) => {
    const document = documents.get(_id);
    const where = `document_numbers/${_id}`;
    if (document === undefined) return [`${where}: there is no such document`];
    return [
      ...(document.issuedAt.getTime() === issuedAt.getTime()
        ? []
        : [`${where}: it is of ${issuedAt.toISOString()}, and the document of ${document.issuedAt.toISOString()}`]),
      ...(yearAt(issuedAt, timeZone) === year ? [] : [`${where}: it is numbered in ${year}`]),
    ];
  });
}

async function unnumbered({ numbers }: Pick<BooksStore, 'numbers'>, documents: ToNumber[]): Promise<string[]> {
  const ids = documents.map(numberId);
  const found = await numbers.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
  const known = new Set(found.map(({ _id }) => _id));
  return ids.filter((id) => !known.has(id)).map((id) => `document_numbers/${id} is missing`);
}
