import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';

import type { FieldError } from '../../src/events/catalogue.ts';
import { WEBHOOK_ID } from '../../src/kernel/ids.ts';
import type { Guard } from '../guard/guard.ts';
import { isNdjson } from '../middleware/contentType.ts';
import { codeOf, NOSNIFF, type ProblemCode, problem } from '../problem.ts';
import { type BatchLine, linesOf } from './batchLines.ts';
import { type EventAnswer, receiptOf, refused } from './eventAnswer.ts';
import { type Accepted, type PlatformReader, RETRY_AFTER, type SignedRequest } from './signedRequest.ts';
import type { TakeEvent } from './takeEvent.ts';

/** The most events of one batch, and the most bytes (docs/integration.md). */
const BATCH_EVENTS = 500;
const BATCH_LIMIT = 2 * 1024 * 1024;

/** After so many milliseconds of a batch others are looked at. */
const PIECE_MS = 4;

/** What is answered for one line. */
export type LineAnswer =
  | ({ line: number } & ReturnType<typeof receiptOf>)
  | {
      line: number;
      /** Null where the line has none that can be read. */
      id: string | null;
      /** Sent again, a refused line is refused again; one that was `unavailable` is to be sent again. */
      status: 'refused' | 'unavailable';
      code: ProblemCode;
      message: string;
      errors?: FieldError[];
    };

type Deps = {
  readSigned: PlatformReader;
  takeEvent: TakeEvent;
  guard: Pick<Guard, 'turns'>;
  log: Pick<Logger, 'error'>;
};

/**
 * `POST /webhooks/platform/batch`: events as NDJSON under one signature, each stored like one that comes alone, and one answer for
 * each line. Signature and limits refuse a batch whole, before any of it is stored; a line is refused for itself.
 */
export function createBatchReceiver({ readSigned, takeEvent, guard: { turns }, log }: Deps) {
  return async function receiveBatch(request: Request, incoming?: IncomingMessage): Promise<Response> {
    const signed = await readSigned(request, incoming, BATCH);
    if (signed instanceof Response) return signed;
    const lines = linesOf(signed.body, BATCH_EVENTS);
    if (lines === null) return problem(413, `The batch has more than ${BATCH_EVENTS} events; none was stored.`);
    if (lines.length === 0) return problem(400, 'The batch has no event.');
    const taking = takeAll(lines, signed);
    turns.lastsFor(signed.body.length, taking);
    return responseOf(await Promise.all(await taking));
  };

  /** Hands every line to the inbox, with a rest where that takes long; the answers come when they are written. */
  async function takeAll(lines: BatchLine[], signed: SignedRequest): Promise<Promise<LineAnswer>[]> {
    const answers: Promise<LineAnswer>[] = [];
    let startedAt = performance.now();
    for (const line of lines) {
      answers.push(answerTo(line, signed));
      const tookMs = performance.now() - startedAt;
      if (tookMs < PIECE_MS) continue;
      await turns.rest(tookMs);
      startedAt = performance.now();
    }
    return answers;
  }

  /** Never rejects: what goes wrong with one line says nothing of the others. */
  async function answerTo({ number, bytes }: BatchLine, signed: SignedRequest): Promise<LineAnswer> {
    if (bytes === null) return lineAnswer(number, TOO_LARGE);
    try {
      return lineAnswer(number, await takeEvent(bytes, idIn, { ...signed, inBatch: true }));
    } catch (error) {
      log.error({ err: error, line: number }, 'a line of a batch failed');
      return { line: number, id: null, status: 'unavailable', code: 'failed', message: FAILED };
    }
  }
}

const BATCH: Accepted = { isType: isNdjson, types: 'application/x-ndjson', bytes: BATCH_LIMIT, limit: '2 MiB' };
const TOO_LARGE = refused(null, 413, 'The event is larger than 256 KiB.');
const FAILED = 'The service failed on this line; its log says why. Send it again.';

function idIn({ id }: Record<string, unknown>): string | null {
  return typeof id === 'string' && WEBHOOK_ID.test(id) ? id : null;
}

function lineAnswer(line: number, answer: EventAnswer): LineAnswer {
  if (answer.kind === 'stored') return { line, ...receiptOf(answer) };
  const { kind: status, id, detail: message } = answer;
  if (status === 'unavailable') return { line, id, status, code: codeOf(503), message };
  const { errors } = answer;
  return { line, id, status, code: codeOf(answer.status), message, ...(errors === undefined ? {} : { errors }) };
}

/** 200 when each line is stored; 207 when the answers have to be read. */
function responseOf(answers: LineAnswer[]): Response {
  const isAllStored = answers.every((answer) => !('code' in answer));
  const isToBeRepeated = answers.some(({ status }) => status === 'unavailable');
  return new Response(`${answers.map((answer) => JSON.stringify(answer)).join('\n')}\n`, {
    status: isAllStored ? 200 : 207,
    headers: { 'content-type': 'application/x-ndjson', ...NOSNIFF, ...(isToBeRepeated ? RETRY_AFTER : {}) },
  });
}
