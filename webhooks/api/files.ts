import { z } from '@hono/zod-openapi';

/** What the routes that answer a file have in common. */

/** A CSV answer in the description of a route. */
export function csvFile(description: string) {
  return { content: { 'text/csv': { schema: z.string() } }, description };
}

export function csvHeaders(name: string): Record<string, string> {
  return fileHeaders({ name, contentType: 'text/csv; charset=utf-8' });
}

export function fileHeaders({ name, contentType }: { name: string; contentType: string }): Record<string, string> {
  return { 'content-type': contentType, 'content-disposition': `attachment; filename="${name}"` };
}

/** `2026-W47:m1` of `2026-W47:m1.pdf`. */
export function withoutExtension(name: string): string {
  return name.replace(/\.[a-z]+$/, '');
}

/** A body that is written piece by piece. A fault in the first piece is thrown, and can still be answered as one. */
export async function streamOf(pieces: AsyncGenerator<string, undefined>): Promise<ReadableStream<Uint8Array>> {
  const first = await pieces.next();
  return ReadableStream.from(startingWith(first.value ?? '', pieces));
}

async function* startingWith(first: string, rest: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  yield encoder.encode(first);
  for await (const text of rest) yield encoder.encode(text);
}
