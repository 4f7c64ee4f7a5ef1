import { STATUS_CODES } from 'node:http';

import type { FieldError } from '../src/events/catalogue.ts';

/** What a problem may say beyond its status: fields at fault, or the state that does not allow an action. */
export type ProblemMembers = { errors?: FieldError[]; state?: string; reason?: string } & Record<string, unknown>;

/** An answer in `application/problem+json` (RFC 9457). `detail` is a whole sentence for whoever reads the log. */
export function problem(
  status: number,
  detail: string,
  members: ProblemMembers = {},
  headers: Record<string, string> = {},
): Response {
  const body = JSON.stringify({ title: STATUS_CODES[status] ?? 'Error', status, detail, ...members });
  return new Response(body, { status, headers: { ...headers, 'content-type': 'application/problem+json' } });
}

/** Thrown where an answer is decided deep inside a request; the app's one error handler turns it into that answer. */
export class HttpProblem extends Error {
  override name = 'HttpProblem';
  readonly response: Response;

  constructor(...args: Parameters<typeof problem>) {
    super(args[1]);
    this.response = problem(...args);
  }
}
