import { InboxFull, InboxUnavailable, type Receipt } from '../../src/inbox/inbox.ts';
import type { Guard } from '../guard/guard.ts';
import type { Peer } from '../guard/peers.ts';
import { NOSNIFF, problem } from '../problem.ts';

export type Acknowledge = ReturnType<typeof createAcknowledge>;

/** Answers whoever sent an event, once it is stored or cannot be. */
export function createAcknowledge(guard: Guard) {
  return async function acknowledge(id: string, receipt: Promise<Receipt>, peer: Peer): Promise<Response> {
    try {
      switch (await receipt) {
        case 'accepted':
          return answer(202, 'accepted', id);
        case 'ignored':
          return answer(202, 'ignored', id);
        case 'duplicate':
          return answer(200, 'duplicate', id);
        case 'conflict':
          return problem(409, 'This id was used with other content.', { reason: 'conflict' });
      }
    } catch (error) {
      if (!(error instanceof InboxUnavailable)) throw error;
      if (error instanceof InboxFull) {
        guard.refusals.note('waiting-events', peer.address);
        guard.unavailable.note('full');
      } else guard.unavailable.noteTrouble(error);
      return unavailable('The event could not be stored now; send it again.');
    }
  };
}

/** The id consists of characters that need no escape in JSON. */
function answer(status: 200 | 202, word: string, id: string): Response {
  return new Response(`{"status":"${word}","id":"${id}"}`, {
    status,
    headers: { 'content-type': 'application/json', ...NOSNIFF },
  });
}

export function unavailable(detail: string): Response {
  return problem(503, detail, {}, { 'retry-after': '5' });
}
