import { ReadableStream as NodeStream } from 'node:stream/web';
import { z } from '@hono/zod-openapi';
import type { Context } from 'hono';

import { BYTE_ORDER_MARK } from '../../src/kernel/csv.ts';
import type { Attachment } from '../../src/notices/messages/message.ts';
import type { ApiEnv } from '../dependencies.ts';
import { readQuery } from './shared.ts';

/**
 * What the routes that answer a file have in common. A thing has one address and several representations: the one that
 * `Accept` prefers, JSON unless it says otherwise. Below the thing, at `/csv` and `/pdf`, each has an address of its own.
 */

/** A CSV answer in the description of a route. */
export function csvFile(description: string) {
  return { content: { 'text/csv': { schema: z.string() } }, description };
}

/** A PDF answer in the description of a route. */
export function pdfFile(description: string) {
  return { content: { 'application/pdf': { schema: z.string().openapi({ format: 'binary' }) } }, description };
}

/** What a description says of an address whose suffix is taken for a part of the id where there is such an id. */
export const SUFFIXED = {
  deprecated: true,
  description: 'An id can end so, and where there is one, this is its address: use `/csv`, `/pdf` or `Accept`.',
};

const bom = z
  .enum(['0', '1'])
  .optional()
  .openapi({ description: '`0`: without the byte order mark that tells spreadsheets it is UTF-8.' });
/** What may be asked of a table. */
export const csvQuery = { bom };

const TYPES = { json: 'application/json', csv: 'text/csv', pdf: 'application/pdf' } as const;
export type Representation = keyof typeof TYPES;

/** Which of the `offered` representations a request prefers. */
export function preferred(c: Context<ApiEnv>, offered: Representation[]): Representation {
  c.header('vary', 'Accept', { append: true });
  const ranges = rangesOf(c.req.header('accept') ?? '');
  const rated = offered.map((kind) => ({ kind, ...ratingOf(TYPES[kind], ranges) }));
  const [best] = rated.filter(({ quality }) => quality > 0).sort((a, b) => b.quality - a.quality || a.index - b.index);
  return best?.kind ?? 'json';
}

type Range = { type: string; quality: number; index: number };

/** A header such as `text/csv;q=0.5, text/plain`: its media ranges, each with its weight. */
function rangesOf(accept: string): Range[] {
  return accept.split(',').map((part, index) => {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const weight = parameters.find((text) => /^q\s*=/.test(text))?.replace(/^q\s*=\s*/, '');
    const quality = weight !== undefined && /^(0(\.\d*)?|1(\.0*)?)$/.test(weight) ? Number(weight) : 1;
    return { type, quality, index };
  });
}

/**
 * How much a type is wanted: what is said of itself holds, then of its kind, then of everything (RFC 9110, 12.5.1). Of those
 * named alike the first counts; a wildcard prefers none of them.
 */
function ratingOf(type: string, ranges: Range[]): Pick<Range, 'quality' | 'index'> {
  for (const wanted of [type, `${type.split('/')[0]}/*`, '*/*']) {
    const range = ranges.find((one) => one.type === wanted);
    if (range !== undefined) return { quality: range.quality, index: wanted === type ? range.index : ranges.length };
  }
  return { quality: 0, index: ranges.length };
}

/** A table as an answer, written at once or piece by piece. */
export async function csvAnswer(
  c: Context<ApiEnv>,
  name: string,
  table: string | AsyncGenerator<string, undefined>,
): Promise<Response> {
  const mark = readQuery(c, z.looseObject(csvQuery)).bom === '0' ? '' : BYTE_ORDER_MARK;
  const body = typeof table === 'string' ? `${mark}${table}` : await streamOf(mark, table);
  return c.body(body, 200, fileHeaders(name, 'text/csv; charset=utf-8'));
}

/** A text as an answer, written piece by piece. */
export async function textAnswer(
  c: Context<ApiEnv>,
  name: string,
  text: AsyncGenerator<string, undefined>,
): Promise<Response> {
  return c.body(await streamOf('', text), 200, fileHeaders(name, 'text/plain; charset=utf-8'));
}

/** A document as an answer. */
export function fileAnswer(c: Context<ApiEnv>, { name, contentType, content }: Attachment): Response {
  return c.body(new Uint8Array(Buffer.from(content)), 200, fileHeaders(name, contentType));
}

/** What an answer says of the file that it is. */
export function fileHeaders(name: string, contentType: string): Record<string, string> {
  return { 'content-type': contentType, 'content-disposition': `attachment; filename="${name}"` };
}

/** `2026-W47:m1` of `2026-W47:m1.pdf`. */
export function withoutExtension(name: string): string {
  return name.replace(/\.[a-z]+$/, '');
}

/** A body that is written piece by piece. A fault in the first piece is thrown, and can still be answered as one. */
async function streamOf(mark: string, pieces: AsyncGenerator<string, undefined>): Promise<ReadableStream<Uint8Array>> {
  const first = await pieces.next();
  return NodeStream.from(startingWith(`${mark}${first.value ?? ''}`, pieces)) as ReadableStream<Uint8Array>;
}

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(first);
  for await (const text of rest) yield encoder.encode(text);
}
