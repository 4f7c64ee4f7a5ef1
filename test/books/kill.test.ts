import { afterAll, beforeAll, describe, expect } from 'vitest';
import { numberText } from '../../src/books/number.ts';
import type { StoredNumber } from '../../src/books/store.ts';
import { atEachWrite, deepTest } from '../support/depth.ts';
import { tell } from '../support/events.ts';
import { installFaults } from '../support/faults.ts';
import { createWorld, PLATFORM, type World } from '../support/world.ts';

/** Numbers of documents, in a process that dies at each write between an issue or a void and its number, and after. */

const BEGIN = '2026-11-24T00:00:00Z';
const FIRST_MONDAY = Date.parse('2026-11-30T06:00:00Z');
const [HOUR, DAY] = [3_600_000, 86_400_000];

let world: World;
let weeks = 0;
const faults = installFaults(() => {
  for (const { inboxWorker } of world.processes) void inboxWorker.stop();
});
beforeAll(async () => {
  world = await createWorld({ startsAt: BEGIN, environment: PLATFORM });
  await world.send(
    ...[tell.account('ava', 'model'), tell.account('bea', 'model'), tell.account('mike', 'marketer')],
    ...[tell.campaign('A', 'ava', 'mike', 4_000), tell.campaign('B', 'bea', 'mike', 2_500)],
    tell.topUp('t1', 'ava', 10_000_000),
  );
});
afterAll(async () => {
  faults.uninstall();
  await world.close();
});

/** The next week is issued to two models; nothing has followed from it. Answers when, and the invoice that is not paid. */
async function issued(): Promise<{ monday: Date; unpaid: string }> {
  const monday = new Date(FIRST_MONDAY + weeks * 7 * DAY);
  weeks += 1;
  const at = new Date(monday.getTime() - 3 * DAY).toISOString();
  await world.travelTo(at);
  await world.send(
    ...['A', 'B'].map((campaignId) => tell.payment(`${campaignId}${weeks}`, 10_000, at, { campaignId })),
  );
  world.pin(monday);
  await world.core.invoicing.weeklyRun.run(monday);
  const unpaid = await world.collection('invoices').findOne({ modelId: 'bea', issuedAt: monday });
  return { monday, unpaid: unpaid?._id ?? '' };
}

async function textsOf(kind: StoredNumber['kind']): Promise<string[]> {
  const found = await world.connection.collection<StoredNumber>('document_numbers').find({ kind }).toArray();
  return found.map(numberText).sort();
}

/** So many numbers of a series and year as there are in it, from 1 on. */
function withoutGap(numbers: string[]): string[] {
  const counts = new Map<string, number>();
  return numbers.map((text) => {
    const [series = '', year = 0] = text.split('-');
    const number = (counts.get(`${series}-${year}`) ?? 0) + 1;
    counts.set(`${series}-${year}`, number);
    return numberText({ series, year: Number(year), number });
  });
}

describe.each(['before', 'after'] as const)('killed %s any write', (kind) => {
  deepTest(
    'of what follows an issue and a void, each document has one number and none is left out',
    {
      timeout: 240_000,
    },
    async () => {
      const writes = await atEachWrite(async (write) => {
        const { monday, unpaid } = await issued();
        const { invoicing } = world.core;
        faults.plan([{ after: write, kind }]);
        await invoicing.pendingEffects
          .run(monday)
          .then(() => invoicing.invoices.void(unpaid, { actor: 'ops', reason: 'wrong' }, monday))
          .catch(() => {});
        const { dead, writes: reached } = faults;
        faults.plan([]);
        if (dead) await faults.restart(world.restart);
        await world.core.followUps.look();
        await world.core.followUps.stop();
        await world.travelTo(new Date(monday.getTime() + HOUR));
        const [invoices, notes] = [await textsOf('invoice'), await textsOf('credit-note')];
        expect(invoices).toEqual(withoutGap(invoices));
        expect(notes).toEqual(withoutGap(notes));
        expect(invoices).toHaveLength(await world.collection('invoices').countDocuments({}));
        expect(notes).toHaveLength(await world.collection('invoices').countDocuments({ status: 'void' }));
        expect(await world.core.verify()).toEqual([]);
        return reached;
      });
      expect(writes).toBeGreaterThan(4);
    },
  );
});
