import { STATUS_CODES } from 'node:http';

import type { FieldError } from '../src/events/catalogue.ts';
import { REFUSAL_CODES, type RefusalCode } from '../src/kernel/refusals.ts';

/** What a problem may say beyond its status: why, as a code, fields at fault, the state that does not allow an action. */
export type ProblemMembers = { errors?: FieldError[]; state?: string; reason?: ProblemCode } & Record<string, unknown>;

/** An answer in `application/problem+json` (RFC 9457). `detail` is a whole sentence for whoever reads the log. */
export function problem(
  status: number,
  detail: string,
  members: ProblemMembers = {},
  headers: Record<string, string> = {},
): Response {
  const { reason = codeOf(status), ...rest } = members;
  const body = JSON.stringify({ title: STATUS_CODES[status] ?? 'Error', status, detail, reason, ...rest });
  return new Response(body, {
    status,
    headers: { ...headers, ...NOSNIFF, 'content-type': 'application/problem+json' },
  });
}

/** What is said to be JSON is nothing else, whatever it looks like. */
export const NOSNIFF = { 'x-content-type-options': 'nosniff' };

/** What HTTP itself refuses. */
const HTTP_CODES = [
  'answer_not_kept',
  'conflict',
  'earlier',
  'failed',
  'forbidden',
  'in_progress',
  'invalid',
  'malformed',
  'method_not_allowed',
  'not_found',
  'too_large',
  'too_many_requests',
  'too_slow',
  'unauthorized',
  'unavailable',
  'unsupported_type',
] as const;

export type ProblemCode = (typeof HTTP_CODES)[number] | RefusalCode;

/** The codes that can stand in `reason`, all of them. */
export const PROBLEM_CODES: readonly ProblemCode[] = [...HTTP_CODES, ...REFUSAL_CODES].sort();

/** The code of what is answered with a status, where that says all. */
export function codeOf(status: number): ProblemCode {
  return CODE_OF_STATUS[status] ?? 'failed';
}

const CODE_OF_STATUS: Record<number, ProblemCode | undefined> = {
  400: 'malformed',
  401: 'unauthorized',
  403: 'forbidden',
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
