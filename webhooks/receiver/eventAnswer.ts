import type { FieldError } from '../../src/events/catalogue.ts';
import type { Warnings } from '../../src/events/unknownFields.ts';
import { InboxFull, InboxUnavailable, KeyLacks, type Receipt } from '../../src/inbox/inbox.ts';
import type { Guard } from '../guard/guard.ts';
import type { Peer } from '../guard/peers.ts';
import { NOSNIFF, problem } from '../problem.ts';
import { RETRY_AFTER } from './signedRequest.ts';

/** What becomes of one event, whoever sent it, alone or as a line of a batch. Only what is `stored` is there for good. */
export type EventAnswer = Stored | Refused | { kind: 'unavailable'; id: string; detail: string };

type Stored = { kind: 'stored'; id: string; receipt: Exclude<Receipt, 'conflict'>; warned: Warnings | null };
type Refused = { kind: 'refused'; id: string | null; status: RefusedStatus; detail: string; errors?: FieldError[] };

/** The status that it is refused with alone. */
type RefusedStatus = 400 | 409 | 413 | 422;

export function refused(id: string | null, status: RefusedStatus, detail: string, errors?: FieldError[]): Refused {
  return { kind: 'refused', id, status, detail, ...(errors === undefined ? {} : { errors }) };
}

/**
 * What the inbox says of an event, once it is stored or cannot be; the guard hears of trouble. Rejects for what is nobody's fault but
 * the service's own.
 */
export async function answerOf(
  { id, receiving, warned }: { id: string; receiving: Promise<Receipt>; warned: Warnings | null },
  guard: Guard,
  peer: Peer,
): Promise<EventAnswer> {
  try {
    const receipt = await receiving;
    if (receipt === 'conflict') return refused(id, 409, 'This id was used with other content.');
    return { kind: 'stored', id, receipt, warned };
  } catch (error) {
    if (!(error instanceof InboxUnavailable)) throw error;
    if (error instanceof KeyLacks) return { kind: 'unavailable', id, detail: sentence(error.message) };
    if (error instanceof InboxFull) {
      guard.refusals.note('waiting-events', peer.address);
      guard.unavailable.note('full');
    } else guard.unavailable.noteTrouble(error);
    return { kind: 'unavailable', id, detail: 'The event could not be stored now; send it again.' };
  }
}

/** What is said of an event that is stored: the same alone and in a batch. */
export function receiptOf({ id, receipt, warned }: Stored) {
  return {
    status: receipt,
    id,
    ...(warned === null ? {} : { warnings: warned.warnings }),
    ...(warned === null || warned.more === 0 ? {} : { moreWarnings: warned.more }),
  };
}

/** How an event that came alone is answered. */
export function responseOf(answer: EventAnswer): Response {
  switch (answer.kind) {
    case 'stored':
      return acknowledgement(answer);
    case 'refused':
      return problem(answer.status, answer.detail, answer.errors === undefined ? {} : { errors: answer.errors });
    case 'unavailable':
      return problem(503, answer.detail, {}, RETRY_AFTER);
  }
}

function acknowledgement(answer: Stored): Response {
  return new Response(JSON.stringify(receiptOf(answer)), {
    status: answer.receipt === 'duplicate' ? 200 : 202,
    headers: { 'content-type': 'application/json', ...NOSNIFF },
  });
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
