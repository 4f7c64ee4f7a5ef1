import { Path2D, type SKRSContext2D } from '@napi-rs/canvas';

import type { Box } from './drawing.ts';

/** Telegram's wallpaper: soft greens from top to bottom, with small drawings all over. */
export function paintWallpaper(context: SKRSContext2D, { width, height }: Box): void {
  const gradient = context.createLinearGradient(0, 0, 0, height);
  COLOURS.forEach((colour, index) => {
    gradient.addColorStop(index / (COLOURS.length - 1), colour);
  });
  context.fillStyle = gradient;
  context.fillRect(0, 0, width, height);
  context.strokeStyle = 'rgba(60, 110, 60, 0.16)';
  context.lineWidth = 1.2;
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (let row = 0; row * STEP < height + STEP; row += 1) {
    for (let column = 0; column * STEP < width + STEP; column += 1) {
      const turn = (row * 7 + column * 5) % 12;
      context.save();
      context.translate(column * STEP + (row % 2) * (STEP / 2), row * STEP + (turn % 3) * 4);
      context.rotate((turn * Math.PI) / 6);
      context.stroke(DOODLES[(row * 3 + column) % DOODLES.length] ?? new Path2D());
      context.restore();
    }
  }
}

const STEP = 44;
const COLOURS = ['#dbddbb', '#a9cf9f', '#d5d88d', '#88b884'];

/** Small drawings around their own middle: a heart, a letter, a star, a paper plane, a moon, a cup, a note, a bubble. */
const DOODLES = [
  'M0 8 C-12 0 -9 -9 -4 -8 C-1.5 -7.5 0 -5 0 -4 C0 -5 1.5 -7.5 4 -8 C9 -9 12 0 0 8 Z',
  'M-9 -6 L9 -6 L9 6 L-9 6 Z M-9 -6 L0 1 L9 -6',
  'M0 -9 L2.4 -3 L9 -2.6 L4 1.6 L5.6 8 L0 4.4 L-5.6 8 L-4 1.6 L-9 -2.6 L-2.4 -3 Z',
  'M-9 0 L9 -8 L4 8 L-1 3 Z M-1 3 L9 -8',
  'M3 -8 A8.5 8.5 0 1 0 8 4 A7 7 0 0 1 3 -8 Z',
  'M-7 -6 L5 -6 L4 7 L-6 7 Z M5 -3 C10 -4 10 3 4.6 3',
  'M-3 6 A3 2.4 0 1 1 -3 5.9 M-0.2 6 L-0.2 -8 L7 -6 L7 3 M7 4 A3 2.4 0 1 1 7 3.9',
  'M-8 -7 L8 -7 L8 4 L0 4 L-5 8 L-5 4 L-8 4 Z',
].map((path) => new Path2D(path));
