import { MOST_FILE_BYTES, type ReceivedFile } from '../../src/commands/core/receivedFile.ts';

/** An attachment of a slash command, as Discord describes it. */
export type SentAttachment = { url: string; size: number };

const DOWNLOAD_MS = 10_000;
/** Where Discord keeps what people attach. */
const HOSTS = ['https://cdn.discordapp.com', 'https://media.discordapp.net'];

export type Download = ReturnType<typeof createDownload>;

/**
 * Fetches what somebody attached: from Discord's own hosts alone, or from where its API is said to be, without following anything
 * anywhere else, and never more than a file may have.
 */
export function createDownload({ apiRoot }: { apiRoot?: string }) {
  const origins = new Set([...HOSTS, ...(apiRoot === undefined ? [] : [new URL(apiRoot).origin])]);

  return async function download({ url, size }: SentAttachment): Promise<ReceivedFile> {
    if (size > MOST_FILE_BYTES) return { fault: 'too-large' };
    if (!URL.canParse(url) || !origins.has(new URL(url).origin)) return { fault: 'unavailable' };
    try {
      const signal = AbortSignal.timeout(DOWNLOAD_MS);
      const response = await fetch(url, { redirect: 'error', signal });
      if (response.ok && response.body !== null) return await read(response.body);
      await response.body?.cancel();
      return { fault: 'unavailable' };
    } catch {
      // Whatever became of it: the person is told that it did not come, and sends it again.
      return { fault: 'unavailable' };
    }
  };
}

async function read(body: ReadableStream<Uint8Array>): Promise<ReceivedFile> {
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  // To leave the loop cancels the rest.
  for await (const piece of body) {
    bytes += piece.length;
    if (bytes > MOST_FILE_BYTES) return { fault: 'too-large' };
    pieces.push(piece);
  }
  return { bytes: Buffer.concat(pieces) };
}
