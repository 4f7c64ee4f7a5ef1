import { type Canvas, createCanvas, Path2D, type SKRSContext2D } from '@napi-rs/canvas';

import type { Background, Box, Drawing, Mark } from './drawing.ts';
import { cssFont, isShades, SHADES, shadeWidth } from './fonts.ts';
import { encodeIndexedPng } from './png.ts';
import { paintWallpaper } from './wallpaper.ts';

/** Pixels to a point, for screens that have as many. */
const SCALE = 2;
const ROUNDING = 14;

/** The picture as a PNG, its corners round. */
export function paint(drawing: Drawing): Uint8Array {
  const { width, height, background, marks } = drawing;
  const canvas: Canvas = createCanvas(Math.ceil(width * SCALE), Math.ceil(height * SCALE));
  const context = canvas.getContext('2d');
  context.scale(SCALE, SCALE);
  context.beginPath();
  context.roundRect(0, 0, width, height, ROUNDING);
  context.clip();
  paintBackground(context, background, { x: 0, y: 0, width, height });
  for (const mark of marks) paintMark(context, mark);
  return encodeIndexedPng(context.getImageData(0, 0, canvas.width, canvas.height));
}

function paintBackground(context: SKRSContext2D, background: Background, box: Box): void {
  if (background === 'wallpaper') {
    paintWallpaper(context, box);
    return;
  }
  context.fillStyle = background.colour;
  context.fillRect(box.x, box.y, box.width, box.height);
}

function paintMark(context: SKRSContext2D, mark: Mark): void {
  context.save();
  if (mark.kind === 'text') paintText(context, mark);
  else if (mark.kind === 'box') paintBox(context, mark);
  else paintShape(context, mark);
  context.restore();
}

type Of<K extends Mark['kind']> = Extract<Mark, { kind: K }>;

function paintText(context: SKRSContext2D, { text, style, x, y }: Of<'text'>): void {
  context.fillStyle = style.colour;
  if (!isShades(text)) {
    context.font = cssFont(text, style);
    context.fillText(text, x, y);
    return;
  }
  // Neighbours of one shade are one block, so that no seam shows between them.
  for (const { 0: shades, index } of text.matchAll(/(.)\1*/gu)) {
    context.globalAlpha = SHADES[shades.slice(0, 1)] ?? 1;
    const left = x + index * shadeWidth(style);
    context.fillRect(left, y - style.size * 0.82, shades.length * shadeWidth(style), style.size);
  }
}

function paintBox(context: SKRSContext2D, { box, corners, fill, border, shadow }: Of<'box'>): void {
  context.beginPath();
  context.roundRect(box.x, box.y, box.width, box.height, corners);
  if (shadow === true) {
    context.shadowColor = 'rgba(0, 0, 0, 0.16)';
    context.shadowBlur = 1.5 * SCALE;
    context.shadowOffsetY = 0.75 * SCALE;
  }
  context.fillStyle = fill;
  context.fill();
  if (border === undefined) return;
  context.shadowColor = 'transparent';
  context.strokeStyle = border;
  context.lineWidth = 1;
  context.stroke();
}

function paintShape(context: SKRSContext2D, { path, x, y, fill, stroke, strokeWidth = 1 }: Of<'shape'>): void {
  context.translate(x, y);
  const outline = new Path2D(path);
  if (fill !== undefined) {
    context.fillStyle = fill;
    context.fill(outline);
  }
  if (stroke === undefined) return;
  context.strokeStyle = stroke;
  context.lineWidth = strokeWidth;
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.stroke(outline);
}
