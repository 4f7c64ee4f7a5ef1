import { crc32, deflateSync } from 'node:zlib';

/** Pixels as a canvas has them: red, green, blue and opacity, row by row. */
export type Pixels = { data: Uint8ClampedArray; width: number; height: number };

/** A PNG of at most 256 colours, a third of the size of one with all: chats have few, and shades of these. */
export function encodeIndexedPng({ data, width, height }: Pixels): Uint8Array {
  const pixels = new Uint32Array(data.buffer, data.byteOffset, data.length / 4);
  const counts = new Map<number, number>();
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
  const palette = paletteOf(counts);
  const places = new Map([...counts.keys()].map((colour) => [colour, nearest(palette, colour)]));
  const rows = Buffer.alloc((width + 1) * height);
  pixels.forEach((pixel, index) => {
    rows[index + Math.floor(index / width) + 1] = places.get(pixel) ?? 0;
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, INDEXED, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', Buffer.from(palette.flatMap((colour) => colour.slice(0, 3)))),
    chunk('tRNS', Buffer.from(palette.map((colour) => colour[3]))),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const INDEXED = 3;
const MOST = 256;
type Axis = 0 | 1 | 2 | 3;
const AXES: readonly Axis[] = [0, 1, 2, 3];

/** Red, green, blue, opacity. */
type Channels = [number, number, number, number];

type Counted = { channels: Channels; count: number };
type Group = { colours: Counted[]; mean: Channels; spread: Channels };

/** Groups of colours that are alike, halved where they differ most, weighed by how often they occur; their means. */
function paletteOf(counts: Map<number, number>): Channels[] {
  const colours = [...counts].map(([colour, count]) => ({ channels: channelsOf(colour), count }));
  let groups = [groupOf(colours)];
  while (groups.length < MOST) {
    const [widest, ...others] = groups.toSorted((a, b) => Math.max(...b.spread) - Math.max(...a.spread));
    if (widest === undefined || Math.max(...widest.spread) === 0) break;
    groups = [...others, ...halvesOf(widest)];
  }
  return groups.map(({ mean }) => mean.map(Math.round) as Channels);
}

function halvesOf({ colours, mean, spread }: Group): Group[] {
  const axis = spread.indexOf(Math.max(...spread)) as Axis;
  const isLow = ({ channels }: Counted): boolean => channels[axis] <= mean[axis];
  return [groupOf(colours.filter(isLow)), groupOf(colours.filter((colour) => !isLow(colour)))];
}

/** `spread` is the sum of the squared distances to the mean, channel by channel. */
function groupOf(colours: Counted[]): Group {
  const total = colours.reduce((sum, { count }) => sum + count, 0);
  const summed = (of: (channels: Channels, axis: Axis) => number): Channels =>
    AXES.map((axis) => colours.reduce((sum, { channels, count }) => sum + of(channels, axis) * count, 0)) as Channels;
  const mean = summed((channels, axis) => channels[axis]).map((sum) => sum / total) as Channels;
  return { colours, mean, spread: summed((channels, axis) => (channels[axis] - mean[axis]) ** 2) };
}

function nearest(palette: Channels[], colour: number): number {
  const channels = channelsOf(colour);
  const distances = palette.map((one) =>
    AXES.reduce((sum: number, axis) => sum + (one[axis] - channels[axis]) ** 2, 0),
  );
  return distances.indexOf(Math.min(...distances));
}

/** Red, green, blue, opacity: the canvas keeps them in this order, and this machine the first one lowest. */
function channelsOf(colour: number): Channels {
  return [colour & 0xff, (colour >> 8) & 0xff, (colour >> 16) & 0xff, colour >>> 24];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(body.length + 8);
  framed.writeUInt32BE(data.length, 0);
  framed.set(body, 4);
  framed.writeUInt32BE(crc32(body), body.length + 4);
  return framed;
}
