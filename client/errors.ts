/** One thing wrong with what was sent: where, as a dotted path, and what. */
export type FieldError = { path: string; message: string };

/** What the service says no to, and why; `code` is one of the list in the API's description. */
export type Refusal = {
  status: number;
  code: string;
  message: string;
  errors?: FieldError[];
  /** Everything else that the answer says, as `state`, `balance` or `missing`. */
  details?: Record<string, unknown>;
};

/** The service refused it: sent again, it would be refused again. */
export class RefusedError extends Error {
  override name = 'RefusedError';
  readonly status: number;
  readonly code: string;
  readonly errors: FieldError[];
  readonly details: Record<string, unknown>;

  constructor({ status, code, message, errors = [], details = {} }: Refusal) {
    super([message, ...errors.map(({ path, message: what }) => `${path}: ${what}`)].join(' '));
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.details = details;
  }
}

/**
 * The service could not be reached, or could not take it, however often it was tried. It may have been done all the same: try again
 * under the same id, or with the same idempotency key.
 */
export class UnavailableError extends Error {
  override name = 'UnavailableError';
  /** Of the last answer; null where there was none. */
  readonly status: number | null;
  /** How long the service asked to wait, where it did. */
  readonly retryAfterMs: number | null;

  constructor(message: string, options: { status?: number; retryAfterMs?: number; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? {} : { cause: options.cause });
    this.status = options.status ?? null;
    this.retryAfterMs = options.retryAfterMs ?? null;
  }
}

/** Why a webhook is not believed. Say none of it to whoever sent it. */
export type VerificationCode = 'missing_header' | 'malformed_header' | 'out_of_date' | 'wrong_signature' | 'no_event';

/** A request is no webhook of the service's. Answer 401. */
export class VerificationError extends Error {
  override name = 'VerificationError';
  readonly code: VerificationCode;

  constructor(code: VerificationCode, message: string) {
    super(message);
    this.code = code;
  }
}
