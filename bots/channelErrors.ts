import type { Outcome } from '../src/notices/delivery/outcome.ts';

/** What a failed call to a channel means for its caller. */
export type ChannelError =
  | { kind: 'throttled'; retryAfterMs: number }
  | { kind: 'unauthorized' }
  | { kind: 'unreachable'; reason: string; code?: number }
  | { kind: 'refused'; reason: string; code: number }
  /** `mayHaveArrived`: the call went out, and nobody knows what became of it. */
  | { kind: 'failed'; reason: string; mayHaveArrived?: boolean };

/** A failure to send a message, as the delivery understands it. */
export function outcomeOf(fault: ChannelError): Outcome {
  switch (fault.kind) {
    case 'throttled':
    case 'failed':
      return fault;
    case 'unreachable':
      return { kind: 'unreachable', reason: fault.reason };
    case 'refused':
      return { kind: 'refused', reason: fault.reason };
    case 'unauthorized':
      return { kind: 'off' };
  }
}

/** An error in words, for the log. */
export function reasonOf(fault: ChannelError): string {
  return 'reason' in fault ? fault.reason : fault.kind;
}

/** How long to wait after so many failures, in milliseconds: as the channel asks, else twice as long each time. */
export function pauseAfter(
  fault: ChannelError,
  failures: number,
  [first, longest]: [first: number, longest: number],
): number {
  return fault.kind === 'throttled' ? fault.retryAfterMs : Math.min(longest, first * 2 ** failures);
}
