import { STATUS_CODES } from 'node:http';

import type { FieldError } from '../src/events/catalogue.ts';
import { REFUSAL_CODES, type RefusalCode } from '../src/kernel/refusals.ts';
import { refusalWords } from '../src/texts/refusals.ts';

/** What a problem may say beyond its status: why, as a code, fields at fault, the state that does not allow an action. */
export type ProblemMembers = { errors?: FieldError[]; state?: string; reason?: ProblemCode } & Record<string, unknown>;

/** An answer in `application/problem+json` (RFC 9457). `detail` is a whole sentence for whoever reads the log. */
export function problem(
  status: number,
  detail: string,
  members: ProblemMembers = {},
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(problemBody(status, detail, members)), {
    status,
    headers: { ...headers, ...NOSNIFF, 'content-type': 'application/problem+json' },
  });
}

/** What such an answer says. */
export function problemBody(status: number, detail: string, members: ProblemMembers = {}) {
  const { reason = codeOf(status), ...rest } = members;
  return { title: STATUS_CODES[status] ?? 'Error', status, detail, reason, ...rest };
}

/** What is said to be JSON is nothing else, whatever it looks like. */
export const NOSNIFF = { 'x-content-type-options': 'nosniff' };

/** What HTTP itself refuses, and what each code means, as the middle of a sentence. */
const HTTP_CODES = {
  answer_not_kept: 'this was done before, and its answer was shown once',
  simulation_too_large: 'it would take more memory or time than one simulation has',
  conflict: 'the id was used with other content',
  earlier: 'the test clock moves forward only',
  failed: 'the service failed, and its log says why',
  in_progress: 'the first request with this Idempotency-Key is being worked on',
  invalid: 'fields are at fault, which `errors` names',
  malformed: 'the body is not JSON in UTF-8, or no event',
  method_not_allowed: 'the address does not take this method',
  not_found: 'there is no such thing',
  other_site: 'a session was used from another site, or without the header of its pages',
  not_yours: 'a person asks for what is theirs alone: a list needs a filter that says so',
  scope_missing: 'it needs a scope that the key does not have: `scope` names it',
  session_needed: 'only somebody in the console may do this, and no key',
  too_large: 'the body is too large',
  too_many_requests: 'too many wrong keys, links or sessions came from this address',
  too_slow: 'the body came too slowly',
  unauthorized: 'the key, session or signature is missing or wrong',
  unavailable: 'not now: again after `Retry-After` seconds',
  unsupported_type: 'the body is not `application/json`',
} as const;

type HttpCode = keyof typeof HTTP_CODES;
export type ProblemCode = HttpCode | RefusalCode;

/** The codes that can stand in `reason`, all of them. */
export const PROBLEM_CODES: readonly ProblemCode[] = [
  // Object.keys forgets the names.
  ...(Object.keys(HTTP_CODES) as HttpCode[]),
  ...REFUSAL_CODES,
].sort();

/** What a code means, as the middle of a sentence. */
export function codeWords(code: ProblemCode): string {
  return code in HTTP_CODES ? HTTP_CODES[code as HttpCode] : refusalWords(code as RefusalCode);
}

/** The code of what is answered with a status, where that says all. */
export function codeOf(status: number): ProblemCode {
  return CODE_OF_STATUS[status] ?? 'failed';
}

const CODE_OF_STATUS: Record<number, ProblemCode | undefined> = {
  400: 'malformed',
  401: 'unauthorized',
  403: 'scope_missing',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'too_slow',
  409: 'conflict',
  413: 'too_large',
  415: 'unsupported_type',
  422: 'invalid',
  429: 'too_many_requests',
  503: 'unavailable',
};

/** Thrown where an answer is decided deep inside a request; the app's one error handler turns it into that answer. */
export class HttpProblem extends Error {
  override name = 'HttpProblem';
  readonly response: Response;

  constructor(...args: Parameters<typeof problem>) {
    super(args[1]);
    this.response = problem(...args);
  }
}
