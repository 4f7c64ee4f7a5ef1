import type { Command } from './command.ts';

/** Codes of the server that its clients meet on a bad day. */
const CODES = {
  HostUnreachable: 6,
  CursorNotFound: 43,
  WriteConcernTimeout: 64,
  ShardKeyNotFound: 61,
  CannotCreateIndex: 67,
  ShutdownInProgress: 91,
  UnsatisfiableWriteConcern: 100,
  FailedToSatisfyReadPreference: 133,
  PrimarySteppedDown: 189,
  ExceededTimeLimit: 262,
  NotWritablePrimary: 10_107,
  InterruptedDueToReplStateChange: 11_602,
  NotPrimaryNoSecondaryOk: 13_435,
} as const;

export type CodeName = keyof typeof CODES;

/** Of these a server says that the same write may be sent once more. */
const RETRYABLE = new Set<CodeName>([
  'HostUnreachable',
  'ShutdownInProgress',
  'PrimarySteppedDown',
  'ExceededTimeLimit',
  'NotWritablePrimary',
  'InterruptedDueToReplStateChange',
  'NotPrimaryNoSecondaryOk',
]);

/** What goes wrong with a command. The connection breaks `before` it is executed, or `after`. */
export type Fault = {
  breaks?: 'before' | 'after';
  error?: CodeName;
  /** It is executed, and nobody knows on how many members. */
  concernError?: CodeName;
  /** So many milliseconds lie between its execution and its answer. */
  lateMs?: number;
};

/** Answers what is to go wrong with a command, if anything. */
export type Rule = (command: Command) => Fault | undefined;

export type Which = { commands?: string[]; collections?: string[]; only?: 'reads' | 'writes' | 'data'; times?: number };

/** A rule for some commands, at most so many times. */
export function ruleOf({ commands, collections, only, times = Number.POSITIVE_INFINITY }: Which, fault: Fault): Rule {
  let left = times;
  return (command) => {
    if (left <= 0) return undefined;
    if (commands !== undefined && !commands.includes(command.name)) return undefined;
    if (collections !== undefined && !collections.includes(command.collection ?? '')) return undefined;
    if (only === 'reads' && !command.isRead) return undefined;
    if (only === 'writes' && !command.isWrite) return undefined;
    if (only === 'data' && !command.isRead && !command.isWrite) return undefined;
    left -= 1;
    return fault;
  };
}

export function errorReply(codeName: CodeName, { key }: Pick<Command, 'key'>, message: string = codeName) {
  const labels = key !== undefined && RETRYABLE.has(codeName) ? { errorLabels: ['RetryableWriteError'] } : {};
  return { ok: 0, errmsg: message, code: CODES[codeName], codeName, ...labels };
}

/** What a good answer has beside it when a majority did not confirm the write. */
export function concernErrorOf(codeName: CodeName) {
  return {
    writeConcernError: { code: CODES[codeName], codeName, errmsg: 'waiting for replication timed out' },
    ...(RETRYABLE.has(codeName) ? { errorLabels: ['RetryableWriteError'] } : {}),
  };
}
