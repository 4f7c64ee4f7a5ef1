import type { DeliveryDocument, DeliveryState } from '../store.ts';

/** The outcome of handing a message to a channel. */
export type Outcome =
  | { kind: 'sent'; messageId: string; shared?: string }
  /** So many of the messages that it takes have arrived; the rest is to be sent next. */
  | { kind: 'partly'; parts: number; messageId: string }
  /** Too much at once; nothing was sent. */
  | { kind: 'throttled'; retryAfterMs: number }
  /** The person blocked us, or the chat is gone. */
  | { kind: 'unreachable'; reason: string }
  /** The channel will never take this message. */
  | { kind: 'refused'; reason: string }
  /** An error or no answer: to be tried again. `mayHaveArrived`: nobody knows whether the person has the message. */
  | { kind: 'failed'; reason: string; mayHaveArrived?: boolean }
  /** There was nothing to do, or it is nobody's concern any more. */
  | { kind: 'moot'; reason?: string }
  /** It is out of season: not before `until`, by the service's clock. */
  | { kind: 'put-off'; until: Date }
  /** The database did not say what is to be sent: nothing was, and it counts as no try. */
  | { kind: 'trouble'; reason: string }
  /** The channel refuses us altogether (the token): the message waits. */
  | { kind: 'off' };

/** What to write on the delivery. */
export type Change = {
  state: DeliveryState;
  failures: number;
  throttles: number;
  retryAt?: Date;
  notBefore?: Date;
  messageId?: string;
  parts?: number;
  shared?: string;
  error?: string;
};

/** Tries after errors: with the delays below that is about five hours. */
export const MAX_FAILURES = 12;
const TROUBLE_RETRY_MS = 1_000;
/** The channel paces these itself. */
export const MAX_THROTTLES = 50;

/**
 * What an outcome means for a delivery; `realNow` in real milliseconds. Of what may have arrived only urgent messages and
 * changes of a card are sent again: twice is better than never, and a card is the same twice.
 */
export function afterOutcome(
  { failures, throttles, urgent, replaces }: Pick<DeliveryDocument, 'failures' | 'throttles' | 'urgent' | 'replaces'>,
  outcome: Outcome,
  realNow: number,
): Change {
  switch (outcome.kind) {
    case 'sent':
      return {
        ...{ state: 'sent', failures, throttles, messageId: outcome.messageId },
        ...(outcome.shared === undefined ? {} : { shared: outcome.shared }),
      };
    case 'partly':
      return { state: 'due', failures, throttles, parts: outcome.parts, messageId: outcome.messageId };
    case 'unreachable':
      return { state: 'undeliverable', failures, throttles, error: outcome.reason };
    case 'refused':
      return { state: 'failed', failures: failures + 1, throttles, error: outcome.reason };
    case 'moot':
      return { state: 'moot', failures, throttles, ...(outcome.reason === undefined ? {} : { error: outcome.reason }) };
    case 'put-off':
      return { state: 'due', failures, throttles, notBefore: outcome.until };
    case 'trouble':
      return {
        state: 'due',
        failures,
        throttles,
        retryAt: new Date(realNow + TROUBLE_RETRY_MS),
        error: outcome.reason,
      };
    case 'off':
      return { state: 'due', failures, throttles };
    case 'throttled': {
      const counts = { failures, throttles: throttles + 1 };
      if (counts.throttles >= MAX_THROTTLES) return { state: 'failed', ...counts, error: 'throttled too often' };
      return { state: 'due', ...counts, retryAt: new Date(realNow + outcome.retryAfterMs) };
    }
    case 'failed': {
      const counts = { failures: failures + 1, throttles };
      if (outcome.mayHaveArrived === true && !urgent && replaces === undefined) {
        return { state: 'unconfirmed', ...counts, error: outcome.reason };
      }
      if (counts.failures >= MAX_FAILURES) return { state: 'failed', ...counts, error: outcome.reason };
      const retryAt = new Date(realNow + retryDelayMs(counts.failures));
      return { state: 'due', ...counts, retryAt, error: outcome.reason };
    }
  }
}

/** 1, 3, 9, 27 … seconds, an hour at most. */
export function retryDelayMs(failures: number): number {
  return Math.min(3_600_000, 1_000 * 3 ** (failures - 1));
}
