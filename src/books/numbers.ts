import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import { yearAt } from '../kernel/calendar.ts';
import { gather } from '../kernel/gather.ts';
import { chunksOf, groupBy } from '../kernel/group.ts';
import { writtenNow } from '../seals/source.ts';
import type { Series } from './issuer.ts';
import { byDate, type NumberedKind, numberId, numberText, subjectOf, type ToNumber } from './number.ts';
import type { BooksStore, StoredNumber } from './store.ts';

const BATCH = 500;

/** The number of a document, as it stands on it, and the document's date. */
export type DocumentNumber = { number: string; issuedAt: Date };

export type Numbers = ReturnType<typeof createNumbers>;

/**
 * Numbers of documents, in each series and year without a gap. The insert gives a number: one that names the document, and
 * is the next after one that is there. It is refused when the number is taken, or the document has one. So however many
 * processes give numbers at once, and wherever they die, none is left out or given twice.
 */
export function createNumbers(deps: { store: Pick<BooksStore, 'numbers'>; series: Series; timeZone: string }) {
  const { numbers } = deps.store;
  const seriesOf: Record<NumberedKind, string> = {
    invoice: deps.series.invoice,
    'credit-note': deps.series.creditNote,
    statement: deps.series.statement,
  };
  const giveTogether = gather(async (asked: ToNumber[][]) => give(asked.flat()));

  /** Gives each of these documents its number, where it has none yet; all that asks at once is numbered together. */
  async function assign(documents: ToNumber[]): Promise<void> {
    if (documents.length > 0) await giveTogether(documents);
  }

  async function give(documents: ToNumber[]): Promise<void> {
    const byId = new Map(documents.map((one) => [numberId(one), one]));
    // Of many documents most have one date.
    const years = new Map<number, number>();
    const seriesAndYear = ({ kind, issuedAt }: ToNumber) => {
      const year = years.get(issuedAt.getTime()) ?? yearAt(issuedAt, deps.timeZone);
      years.set(issuedAt.getTime(), year);
      return `${seriesOf[kind]}-${year}`;
    };
    for (const some of chunksOf([...byId.values()].sort(byDate), BATCH)) {
      for (const [, together] of groupBy(some, seriesAndYear)) await giveNext(together);
    }
  }

  /** Of one series and year. */
  async function giveNext(documents: ToNumber[]): Promise<void> {
    for (let left = await unnumbered(documents); left.length > 0; left = await unnumbered(left)) {
      const [first] = left;
      if (first === undefined) return;
      const [series, year] = [seriesOf[first.kind], yearAt(first.issuedAt, deps.timeZone)];
      const last = await numbers.findOne({ series, year }, { sort: { number: -1 }, projection: { number: 1 } });
      const next = left.map(
        (one, index): StoredNumber => ({
          ...{ _id: numberId(one), kind: one.kind, series, year },
          ...{ number: (last?.number ?? 0) + 1 + index, issuedAt: one.issuedAt, ...writtenNow() },
        }),
      );
      // In order, so that what another process stops has all numbers before it. Whoever was stopped looks again.
      if ((await unlessDuplicate(numbers.insertMany(next, { ordered: true, ...durable(numbers) }))) !== null) return;
    }
  }

  async function unnumbered(documents: ToNumber[]): Promise<ToNumber[]> {
    const ids = documents.map(numberId);
    const found = await numbers.find({ _id: { $in: ids } }, { projection: { _id: 1 } }).toArray();
    const known = new Set(found.map(({ _id }) => _id));
    return documents.filter((one) => !known.has(numberId(one)));
  }

  /** The numbers of documents of a kind, by the id of what they are of; one that has none is left out. */
  async function of(kind: NumberedKind, ids: string[]): Promise<Map<string, DocumentNumber>> {
    if (ids.length === 0) return new Map();
    const found = await numbers.find({ _id: { $in: ids.map((id) => numberId({ kind, id })) } }).toArray();
    return new Map(found.map((one) => [subjectOf(one._id), { number: numberText(one), issuedAt: one.issuedAt }]));
  }

  return { assign, of };
}
