import { createCanvas, loadImage } from '@napi-rs/canvas';
import { expect, it } from 'vitest';

import { earningsChart } from '../../src/documents/earningsChart.ts';

const DOLLARS = { timeZone: 'UTC', currency: 'USD' };
const EUROS = { timeZone: 'UTC', currency: 'EUR' };
const BLUE = [0x3b, 0x7d, 0xd8];
const RED = [0xc0, 0x50, 0x4d];

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

function bars(amounts: number[]) {
  return amounts.map((amount, index) => ({ label: `week ${index}`, amount }));
}

it('draws a bar for each period, larger where more was earned, and below the line what was taken back', async () => {
  const picture = await earningsChart('Earned', bars([10_000, 0, 0, 0, 0, 20_000]), DOLLARS);
  const blue = await points(picture, BLUE);
  expect(blue.left).toBeGreaterThan(10_000);
  expect(blue.right / blue.left).toBeCloseTo(2, 0);
  expect(await points(picture, RED)).toEqual({ left: 0, right: 0 });
  const corrected = await earningsChart('Earned', bars([-10_000, 0, 0, 0, 0, 20_000]), DOLLARS);
  expect((await points(corrected, RED)).left).toBeGreaterThan(10_000);
});

it('is the same picture for the same data, and stays one when nothing was earned', async () => {
  const [first, second] = [
    await earningsChart('E', bars([1, 2]), EUROS),
    await earningsChart('E', bars([1, 2]), EUROS),
  ];
  expect(Buffer.from(first).equals(Buffer.from(second))).toBe(true);
  expect(await points(await earningsChart('E', bars([0, 0]), EUROS), BLUE)).toEqual({ left: 0, right: 0 });
});

it('has letters of every language that people are spoken to in, and no boxes in their place', async () => {
  const [first, second] = [
    await earningsChart('Їжаґ', bars([1, 2]), DOLLARS),
    await earningsChart('Ёжэы', bars([1, 2]), DOLLARS),
  ];
  expect(Buffer.from(first).equals(Buffer.from(second))).toBe(false);
});
