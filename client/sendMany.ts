import { type FieldError, type Refusal, RefusedError, UnavailableError } from './errors.ts';
import type { Try } from './retry.ts';
import type { EventAnswer } from './send.ts';
import type { Bytes, Sign } from './signature.ts';
import type { CallOptions, Transport } from './transport.ts';
import type { PlatformEvent } from './types.ts';

/** What becomes of one of many events: it is stored, refused for good, or could not be stored however often it was tried. */
export type EventResult =
  | EventAnswer
  | { id: string; status: 'refused'; error: RefusedError }
  | { id: string; status: 'unavailable'; error: UnavailableError };

/** What one request takes. */
export const MOST_EVENTS = 500;
const MOST_BYTES = 2 * 1024 * 1024;

const PATH = '/webhooks/platform/batch';
const NEWLINE = 0x0a;

/** An event on its way, with the bytes of its line; the place of its result. */
export type Line = { index: number; id: string; bytes: Bytes };

/** What the service answers for a line. */
type LineAnswer = { line: number } & (
  | EventAnswer
  | { id: string | null; status: 'refused' | 'unavailable'; code: string; message: string; errors?: FieldError[] }
);

export type SendLines = ReturnType<typeof createSendLines>;

/**
 * Sends the lines of one batch, and again those that could not be stored, until each has its result. Never throws but for an abort:
 * what concerns the whole request concerns each of its lines.
 */
export function createSendLines(transport: Transport, sign: () => Sign) {
  return async function sendLines(lines: Line[], options: CallOptions): Promise<Map<Line, EventResult>> {
    const results = new Map<Line, EventResult>();
    let rest = lines;
    const attempt = async (): Promise<Try<null>> => {
      const body = joined(rest);
      const id = `batch_${crypto.randomUUID()}`;
      const headers = { ...(await sign()(id, body, transport.now())), 'content-type': 'application/x-ndjson' };
      return transport.exchange({ path: PATH, init: { method: 'POST', headers, body } }, options, async (response) => {
        if (!response.ok) return transport.refusalOrAgain(response);
        note(await response.text());
        if (rest.length === 0) return { done: null };
        return transport.again(response, 'Some events could not be stored now.');
      });
    };

    /** Takes over what is final; what has no answer, or none that is, stays. */
    function note(text: string): void {
      const sent = rest;
      for (const answer of answersIn(text)) {
        const line = sent[answer.line - 1];
        if (line === undefined || answer.status === 'unavailable') continue;
        results.set(line, resultOf(line, answer));
      }
      rest = sent.filter((line) => !results.has(line));
    }

    try {
      await transport.persistently(attempt, options);
    } catch (error) {
      if (error instanceof RefusedError && error.status === 413 && rest.length > 1) {
        // Whatever stands in front of the service takes less at once than the service.
        const middle = rest.length >> 1;
        for (const half of [rest.slice(0, middle), rest.slice(middle)]) {
          for (const [line, result] of await sendLines(half, options)) results.set(line, result);
        }
      } else if (error instanceof RefusedError) {
        for (const line of rest) results.set(line, { id: line.id, status: 'refused', error });
      } else if (error instanceof UnavailableError) {
        for (const line of rest) results.set(line, { id: line.id, status: 'unavailable', error });
      } else throw error;
    }
    return results;
  };
}

/** Sends events in as few batches as hold them, one after the other; answers what became of each, in their order. */
export function createSendMany(sendLines: SendLines) {
  return async function sendMany(events: Iterable<PlatformEvent>, options: CallOptions = {}): Promise<EventResult[]> {
    const lines = Array.from(events, (event, index) => lineOf(event, index));
    const results: EventResult[] = [];
    for (const batch of batchesOf(lines)) {
      for (const [{ index }, result] of await sendLines(batch, options)) results[index] = result;
    }
    return results;
  };
}

/** Throws a TypeError for what is no JSON. */
export function lineOf(event: PlatformEvent, index = 0): Line {
  return { index, id: event.id, bytes: new TextEncoder().encode(JSON.stringify(event)) };
}

/** Whether one more line goes into a batch of so many lines and bytes. */
export function fits(line: Line, count: number, bytes: number): boolean {
  return count === 0 || (count < MOST_EVENTS && bytes + line.bytes.length + count <= MOST_BYTES);
}

function batchesOf(lines: Line[]): Line[][] {
  const batches: Line[][] = [];
  let last: Line[] = [];
  let bytes = 0;
  for (const line of lines) {
    if (!fits(line, last.length, bytes)) {
      batches.push(last);
      last = [];
      bytes = 0;
    }
    last.push(line);
    bytes += line.bytes.length;
  }
  return last.length === 0 ? batches : [...batches, last];
}

function joined(lines: Line[]): Bytes {
  const body = new Uint8Array(lines.reduce((sum, { bytes }) => sum + bytes.length + 1, 0));
  let offset = 0;
  for (const { bytes } of lines) {
    body.set(bytes, offset);
    offset += bytes.length;
    body[offset] = NEWLINE;
    offset += 1;
  }
  return body;
}

/** What of an answer came whole: a connection may break in the middle of it. */
function answersIn(text: string): LineAnswer[] {
  return text.split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as LineAnswer];
    } catch {
      return [];
    }
  });
}

function resultOf({ id }: Line, answer: LineAnswer): EventResult {
  if (!('code' in answer)) {
    const { line: _, ...stored } = answer;
    return stored;
  }
  const { code, message, errors = [] } = answer;
  const refusal: Refusal = { status: STATUS_OF[code] ?? 400, code, message, errors };
  return { id, status: 'refused', error: new RefusedError(refusal) };
}

/** As the same event alone would be answered. */
const STATUS_OF: Record<string, number | undefined> = { malformed: 400, conflict: 409, too_large: 413, invalid: 422 };
