import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect, it } from 'vitest';

import { chart, type Series } from '../../src/documents/chart.ts';
import type { DisplayContext } from '../../src/texts/speech.ts';
import { deepTest } from '../support/depth.ts';

const DOLLARS = { timeZone: 'UTC', currency: 'USD' };
const EUROS = { timeZone: 'UTC', currency: 'EUR' };
const BLUE = [0x3b, 0x7d, 0xd8];
const RED = [0xc0, 0x50, 0x4d];
const ORANGE = [0xe6, 0x9f, 0x00];

/** How many points of a picture have a colour, left and right of its middle. */
async function points(png: Uint8Array, colour: number[]) {
  const image = await loadImage(Buffer.from(png));
  const context = createCanvas(image.width, image.height).getContext('2d');
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const found = { left: 0, right: 0 };
  for (let at = 0; at < data.length; at += 4) {
    if (!colour.every((value, index) => data[at + index] === value)) continue;
    found[(at / 4) % image.width < image.width / 2 ? 'left' : 'right'] += 1;
  }
  return found;
}

/** Money by weeks. */
function earnings(title: string, amounts: number[], display: DisplayContext) {
  return chart(title, [panel([{ values: amounts }])], display);
}

function panel(series: Series[], unit: 'money' | 'count' = 'money') {
  return { labels: (series[0]?.values ?? []).map((_, index) => `week ${index}`), unit, series };
}

it('draws a bar for each period, larger where more was earned, and below the line what was taken back', async () => {
  const picture = await earnings('Earned', [10_000, 0, 0, 0, 0, 20_000], DOLLARS);
  const blue = await points(picture, BLUE);
  expect(blue.left).toBeGreaterThan(10_000);
  expect(blue.right / blue.left).toBeCloseTo(2, 0);
  expect(await points(picture, RED)).toEqual({ left: 0, right: 0 });
  const corrected = await earnings('Earned', [-10_000, 0, 0, 0, 0, 20_000], DOLLARS);
  expect((await points(corrected, RED)).left).toBeGreaterThan(10_000);
});

deepTest('is the same picture for the same data, and stays one when nothing was earned', async () => {
  const [first, second] = [await earnings('E', [1, 2], EUROS), await earnings('E', [1, 2], EUROS)];
  expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true);
  expect(await points(await earnings('E', [0, 0], EUROS), BLUE)).toEqual({ left: 0, right: 0 });
});

deepTest('has letters of every language that people are spoken to in, and no boxes in their place', async () => {
  const [first, second] = [await earnings('Їжаґ', [1, 2], DOLLARS), await earnings('Ёжэы', [1, 2], DOLLARS)];
  expect(Buffer.from(first).equals(Buffer.from(second))).toBe(false);
});

deepTest('puts several series on each other, each in its colour, and several panels below each other', async () => {
  const one = panel([
    { name: 'A', values: [100, 100] },
    { name: 'B', values: [0, 100] },
  ]);
  const picture = await chart('Cost', [one], DOLLARS);
  const [orange, blue] = [await points(picture, ORANGE), await points(picture, BLUE)];
  expect(blue.left).toBeGreaterThan(5_000);
  expect(blue.right).toBeGreaterThan(5_000);
  expect(orange.right).toBeGreaterThan(5_000);
  const two = await loadImage(
    Buffer.from(await chart('Fans', [one, { ...panel([{ values: [1] }], 'count') }], DOLLARS)),
  );
  expect(two.height).toBeGreaterThan((await loadImage(Buffer.from(picture))).height * 1.5);
});

deepTest('takes names of any length and as many series as there are', async () => {
  const series = Array.from({ length: 9 }, (_, index) => ({ name: `${index} ${'long '.repeat(50)}`, values: [index] }));
  await expect(chart('x'.repeat(500), [panel(series)], EUROS)).resolves.toBeInstanceOf(Uint8Array);
});
