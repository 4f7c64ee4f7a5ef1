import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';

import { BODY_LIMIT } from '../../src/events/envelope.ts';

/** All bodies that are still on their way, together: many slow senders must not fill the memory. */
const ALL_BODIES_LIMIT = 64 * 1024 * 1024;

export type ReadBody = Buffer | 'too-large' | 'too-many' | 'aborted';

export type BodyReader = ReturnType<typeof createBodyReader>;

/**
 * Reads request bodies up to a limit; the rest is discarded. `limit` bounds one body, `allLimit` those that are being
 * read at the same time, both in bytes.
 */
export function createBodyReader(limit = BODY_LIMIT, allLimit = ALL_BODIES_LIMIT) {
  let held = 0;

  /** `incoming` is Node's request where there is one: reading it directly spares a web stream for each request. */
  return async function read(request: Request, incoming?: Readable): Promise<ReadBody> {
    const declared = request.headers.get('content-length');
    if (declared !== null && !(Number(declared) <= limit)) return 'too-large';
    const source = incoming ?? readableOf(request);
    return source === null ? Buffer.alloc(0) : collect(source);
  };

  function collect(source: Readable): Promise<ReadBody> {
    return new Promise((resolve) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const finish = (result: ReadBody) => {
        source.off('data', take).off('end', end).off('error', abort).off('close', abort);
        held -= size;
        size = 0;
        resolve(result);
      };
      const take = (chunk: Buffer) => {
        size += chunk.length;
        held += chunk.length;
        if (size > limit) finish('too-large');
        else if (held > allLimit) finish('too-many');
        else chunks.push(chunk);
      };
      const end = () => finish(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
      const abort = () => finish('aborted');
      source.on('data', take).on('end', end).on('error', abort).on('close', abort);
      // Aborted before anybody listened: no event will come any more.
      if (source.destroyed) abort();
    });
  }
}

function readableOf(request: Request): Readable | null {
  // Both are the stream of the web standard; only the DOM's and Node's declarations of it differ.
  return request.body === null ? null : Readable.fromWeb(request.body as ReadableStream<Uint8Array>);
}
