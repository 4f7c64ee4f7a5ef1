import { readFileSync } from 'node:fs';
import { inflateSync } from 'node:zlib';

import { unreadable } from '../kernel/jsonFile.ts';

/** Each document has it inside. */
const MOST_BYTES = 1_048_576;
const MOST_PIXELS = 4_000;

const PNG_SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');
const JPEG_BEGINNING = Buffer.from('ffd8ff', 'hex');
const JPEG_END = Buffer.from('ffd9', 'hex');

/**
 * The picture of a file, or why it cannot be put on a document. Looked at when the service starts, so that no document
 * fails on it later.
 */
export function readLogo(file: string): { logo: Uint8Array } | { fault: string } {
  let logo: Buffer;
  try {
    logo = readFileSync(file);
  } catch (error) {
    return { fault: `cannot be read (${unreadable(error)})` };
  }
  if (logo.length > MOST_BYTES) return { fault: 'must be of 1 MiB at most' };
  const size = sizeOf(logo);
  if (size === null) return { fault: 'must be a whole PNG or JPEG' };
  const [width, height] = size;
  if (width < 1 || height < 1 || width > MOST_PIXELS || height > MOST_PIXELS) {
    return { fault: `must be of 1-${MOST_PIXELS} pixels each way` };
  }
  return { logo };
}

function sizeOf(picture: Buffer): [width: number, height: number] | null {
  try {
    if (picture.subarray(0, PNG_SIGNATURE.length).equals(PNG_SIGNATURE)) return sizeOfPng(picture);
    return picture.subarray(0, JPEG_BEGINNING.length).equals(JPEG_BEGINNING) ? sizeOfJpeg(picture) : null;
  } catch {
    // What is read beyond the end, or cannot be inflated, is no whole picture.
    return null;
  }
}

/** Of one whose parts are all there and whose pixels can be read. */
function sizeOfPng(picture: Buffer): [number, number] | null {
  const pixels: Buffer[] = [];
  for (let at = PNG_SIGNATURE.length; ; ) {
    const length = picture.readUInt32BE(at);
    const type = picture.toString('latin1', at + 4, at + 8);
    if (type === 'IEND') break;
    if (type === 'IDAT') pixels.push(picture.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  if (
    inflateSync(Buffer.concat(pixels), { maxOutputLength: MOST_PIXELS * MOST_PIXELS * 8 + MOST_PIXELS }).length === 0
  ) {
    return null;
  }
  return [picture.readUInt32BE(16), picture.readUInt32BE(20)];
}

/** The frame says it; segments before that are passed over. */
function sizeOfJpeg(picture: Buffer): [number, number] | null {
  if (!picture.subarray(-JPEG_END.length).equals(JPEG_END)) return null;
  for (let at = 2; ; at += 2 + picture.readUInt16BE(at + 2)) {
    if (picture[at] !== 0xff) return null;
    const marker = picture[at + 1] ?? 0;
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return [picture.readUInt16BE(at + 7), picture.readUInt16BE(at + 5)];
  }
}
