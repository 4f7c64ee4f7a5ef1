/**
 * Whether a failure is the trouble of the database, or of the way to it: it passes by itself, and whoever asked asks again. Of what
 * the driver throws all is trouble but the faults of a document or a query, which come again with every try: those are named
 * here, so that an error of a kind that nobody has met yet is no event's fault.
 */
export function isDatabaseTrouble(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === 'MongooseError') return NOT_CONNECTED.test(error.message);
  if (!/^Mongo/.test(error.name)) return isSystemTrouble(error) || isDatabaseTrouble(error.cause);
  if (PROGRAM_FAULTS.has(error.name)) return false;
  const { code, codeName, errorLabels, writeErrors, result } = error as DriverError;
  // A label of the server or the driver, as RetryableWriteError, says that the write itself may be right.
  if ((errorLabels ?? []).length > 0) return true;
  if (result?.getWriteConcernError?.() !== undefined) return true;
  const failed = writeErrors === undefined ? [] : [writeErrors].flat();
  if (failed.length > 0) return failed.some((one) => !isFault(one));
  return !isFault({ code, codeName });
}

/**
 * What a trouble is, in a word for counters and logs. `late`: no answer in time; `pool`: no connection was free. Of an error that
 * wraps another, what the other one is.
 */
export type TroubleKind = 'no-primary' | 'no-majority' | 'network' | 'late' | 'pool' | 'other';

export function troubleKind(error: unknown): TroubleKind {
  if (!(error instanceof Error)) return 'other';
  const { name, message, code, result } = error as DriverError & Error;
  if (typeof code === 'number' && NO_PRIMARY.has(code)) return 'no-primary';
  if (code === WRITE_CONCERN_TIMEOUT || code === UNSATISFIABLE || result?.getWriteConcernError?.() !== undefined)
    return 'no-majority';
  if (name === 'MongoServerSelectionError') return 'no-primary';
  if (name === 'MongoWaitQueueTimeoutError') return 'pool';
  if (name === 'MongoNetworkTimeoutError' || LATE.test(message)) return 'late';
  if (/^Mongo.*Network|^MongoPool/.test(name) || isSystemTrouble(error)) return 'network';
  return error.cause === undefined ? 'other' : troubleKind(error.cause);
}

/** NotWritablePrimary and its kin, of a member that shuts down or steps down. */
const NO_PRIMARY = new Set([91, 189, 10_058, 10_107, 11_600, 11_602, 13_435, 13_436]);
const WRITE_CONCERN_TIMEOUT = 64;
const UNSATISFIABLE = 100;
const LATE = /did not answer|in time|time limit|timed out/;

type Coded = { code?: unknown; codeName?: unknown };

type DriverError = Coded & {
  errorLabels?: string[];
  /** Of a bulk write. */
  writeErrors?: Coded | Coded[];
  result?: { getWriteConcernError?: () => unknown };
};

/** A place in the server's code that refuses what it is given has a number and no name of its own. */
function isFault({ code, codeName }: Coded): boolean {
  if (typeof codeName === 'string' && codeName.startsWith('Location')) return true;
  return typeof code === 'number' && FAULTS.has(code);
}

/** Mongoose has one name for many things, and this is the only one of them that passes. */
const NOT_CONNECTED = /connect|buffering/i;

/** The network and files speak for themselves, where the driver has not wrapped it: as ECONNRESET, or ENOSPC. */
function isSystemTrouble(error: Error): boolean {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return typeof code === 'string' && typeof syscall === 'string' && /^E[A-Z0-9]+$/.test(code);
}

/** The server's codes for what a document or query has wrong with it. */
const FAULTS = new Set([
  2, // BadValue
  9, // FailedToParse
  14, // TypeMismatch
  15, // Overflow
  16, // InvalidLength
  22, // InvalidBSON
  28, // PathNotViable
  40, // ConflictingUpdateOperators
  52, // DollarPrefixedFieldName
  54, // NotSingleValueField
  56, // EmptyFieldName
  57, // DottedFieldName
  61, // ShardKeyNotFound
  66, // ImmutableField
  121, // DocumentValidationFailure
  168, // InvalidPipelineOperator
  10_003, // CannotGrowDocumentInCappedNamespace
  10_334, // BSONObjectTooLarge
  11_000, // DuplicateKey
  11_001, // DuplicateKey, of an update
  17_280, // KeyTooLong
]);

/** What the driver itself refuses, whatever the database does; its own BSON errors and mongoose's have other names. */
const PROGRAM_FAULTS = new Set([
  'MongoBatchReExecutionError',
  'MongoCompatibilityError',
  'MongoCursorExhaustedError',
  'MongoCursorInUseError',
  'MongoInvalidArgumentError',
  'MongoMissingDependencyError',
  'MongoParseError',
  'MongoTailableCursorError',
  'MongooseBulkSaveIncompleteError',
]);
