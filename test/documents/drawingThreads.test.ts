import { afterEach, describe, expect, it } from 'vitest';

import { createDrawingThreads, DrawingBusy, type DrawingThreads } from '../../src/documents/drawingThreads.ts';
import { invoicePdf } from '../../src/documents/invoice.ts';
import { deepTest } from '../support/depth.ts';
import { invoiceOf, PLATFORM, statementOf } from './samples.ts';

const opened: DrawingThreads[] = [];

function threads(...options: Parameters<typeof createDrawingThreads>): DrawingThreads {
  const made = createDrawingThreads(...options);
  opened.push(made);
  return made;
}

afterEach(() => Promise.all(opened.splice(0).map(({ close }) => close())));

describe('documents drawn in threads', () => {
  deepTest('are the same as drawn here', async () => {
    const { inTurn } = threads();
    const invoice = invoiceOf(40);
    const drawn = await inTurn((draw) =>
      draw({ kind: 'invoice', invoice, names: { model: 'יעל कृष्ण' }, display: PLATFORM }),
    );
    const here = await invoicePdf(invoice, { model: 'יעל कृष्ण' }, PLATFORM);
    expect(Buffer.from(drawn).equals(Buffer.from(here))).toBe(true);
  });

  deepTest('are of every kind', async () => {
    const { inTurn } = threads();
    const statement = await inTurn((draw) =>
      draw({ kind: 'statement', statement: statementOf(3), person: { name: '' }, display: PLATFORM }),
    );
    expect(Buffer.from(statement).subarray(0, 4).toString()).toBe('%PDF');
    const panel = { labels: ['week'], unit: 'money' as const, series: [{ values: [100] }] };
    const picture = await inTurn((draw) =>
      draw({ kind: 'chart', title: 'Earned', panels: [panel], display: PLATFORM }),
    );
    expect(Buffer.from(picture).subarray(1, 4).toString()).toBe('PNG');
  });

  deepTest('leave this thread free: it goes on while one is drawn', async () => {
    const { inTurn } = threads();
    let turns = 0;
    let isDrawn = false;
    const drawn = inTurn((draw) =>
      draw({ kind: 'invoice', invoice: invoiceOf(100), names: { model: 'x' }, display: PLATFORM }),
    ).finally(() => {
      isDrawn = true;
    });
    while (!isDrawn) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      turns += 1;
    }
    await drawn;
    // Drawn here, it would have been a handful.
    expect(turns).toBeGreaterThan(5);
  });

  deepTest('fail alone: what cannot be drawn is an error of its own, and the next is drawn', async () => {
    const { inTurn } = threads();
    const invoice = { ...invoiceOf(1), issuedAt: new Date(Number.NaN) };
    const failing = inTurn((draw) => draw({ kind: 'invoice', invoice, names: { model: 'x' }, display: PLATFORM }));
    await expect(failing).rejects.toThrow();
    const next = inTurn((draw) =>
      draw({ kind: 'invoice', invoice: invoiceOf(1), names: { model: 'x' }, display: PLATFORM }),
    );
    expect((await next).length).toBeGreaterThan(1_000);
  });
});

describe('the turns of documents', () => {
  it('are so many at once, the others wait unread, and more than that are refused', async () => {
    const { inTurn } = threads({ threads: 2, mostWaiting: 3 });
    const begun: number[] = [];
    const ends: (() => void)[] = [];
    const work = (index: number) =>
      inTurn(async () => {
        begun.push(index);
        await new Promise<void>((resolve) => ends.push(resolve));
        return index;
      });
    const all = [0, 1, 2, 3, 4].map(work);
    await expect(work(5)).rejects.toBeInstanceOf(DrawingBusy);
    expect(begun).toEqual([0, 1]);
    ends[0]?.();
    await all[0];
    await new Promise(setImmediate);
    expect(begun).toEqual([0, 1, 2]);
    for (let next = 1; next < 5; next += 1) {
      while (ends[next] === undefined) await new Promise(setImmediate);
      ends[next]?.();
    }
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
  });

  deepTest('end at a stop: what is drawn is handed over, what waits is sent away', async () => {
    const made = threads({ threads: 1, graceMs: 60_000 });
    const drawn = made.inTurn((draw) =>
      draw({ kind: 'invoice', invoice: invoiceOf(1), names: { model: 'x' }, display: PLATFORM }),
    );
    const waits = expect(made.inTurn(async () => 'never')).rejects.toBeInstanceOf(DrawingBusy);
    await made.close();
    expect((await drawn).length).toBeGreaterThan(1_000);
    await waits;
    await expect(made.inTurn(async () => 'never')).rejects.toBeInstanceOf(DrawingBusy);
  });

  it('end at a stop that waits for nothing: what is drawn can be asked for again', async () => {
    const made = threads({ threads: 1, graceMs: 0 });
    const large = { kind: 'invoice', invoice: invoiceOf(2_000), names: { model: 'x' }, display: PLATFORM } as const;
    const drawn = expect(made.inTurn((draw) => draw(large))).rejects.toBeInstanceOf(DrawingBusy);
    // So that there is a thread to end.
    await new Promise(setImmediate);
    await made.close();
    await drawn;
  });
});
