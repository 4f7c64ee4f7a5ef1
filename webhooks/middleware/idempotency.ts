import { createMiddleware } from 'hono/factory';

import { hashOf } from '../../src/kernel/ids.ts';
import { canonicalJson } from '../../src/kernel/json.ts';
import type { ApiEnv } from '../dependencies.ts';
import { HttpProblem } from '../problem.ts';
import type { Answers } from './keptAnswers.ts';
import { isSimulated } from './simulation.ts';

/**
 * A `POST` with an Idempotency-Key is done once: the same request again, by the same API key, gets the first answer. A
 * failure of ours (5xx) is not stored, so that trying again can help. What is only simulated can still be done under its key.
 */
export function idempotency(answers: Answers) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const key = c.req.header('idempotency-key');
    if (c.req.method !== 'POST' || key === undefined) return next();
    if (!KEY.test(key)) throw new HttpProblem(422, 'The Idempotency-Key is malformed.', { errors: [BAD_KEY] });
    if (isSimulated(c)) return next();
    const id = `${c.var.actor}:${key}`;
    const url = new URL(c.req.url);
    const asked = (body: string) => hashOf(`${url.pathname}${url.search}\n${body}`);
    const body = await c.req.text();
    const claim = await answers.claim(id, asked(meaningOf(body)), asked(body));
    switch (claim.kind) {
      case 'other-request':
        throw new HttpProblem(422, 'This Idempotency-Key was used for another request.', { errors: [USED_KEY] });
      case 'in-progress':
        throw new HttpProblem(409, 'The first request with this Idempotency-Key is being worked on.', BUSY, {
          'retry-after': '1',
        });
      case 'answered': {
        const { status, contentType, body } = claim.answer;
        return new Response(body, { status, headers: { 'content-type': contentType, 'idempotency-replayed': 'true' } });
      }
      case 'claimed': {
        await next();
        if (c.res.status >= 500) return answers.giveUp(id, claim.token);
        if (c.var.answerIsSecret === true) return answers.keep(id, claim.token, SHOWN_ONCE);
        const contentType = c.res.headers.get('content-type') ?? 'application/json';
        return answers.keep(id, claim.token, { status: c.res.status, contentType, body: await c.res.clone().text() });
      }
    }
  });
}

/** The same request again is one that means the same, however its JSON is spelled. */
function meaningOf(body: string): string {
  try {
    return canonicalJson(JSON.parse(body));
  } catch {
    // No JSON, or none that has one form: it is what it is.
    return body;
  }
}

/** What a route that answers something secret says of a request that is repeated. */
export const NOT_KEPT = 'The answer is shown once and is not kept: the same Idempotency-Key again is answered `409`.';
const SHOWN_ONCE = {
  status: 409,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    title: 'Conflict',
    status: 409,
    detail:
      'This was done, and its answer was shown once: it is not kept. To have a new one made, ask with another key.',
    reason: 'answer_not_kept',
    state: 'done',
  }),
};

const KEY = /^[\x21-\x7e]{1,255}$/;
const BAD_KEY = { path: 'Idempotency-Key', message: 'must be 1-255 visible ASCII characters' };
const USED_KEY = { path: 'Idempotency-Key', message: 'must be new for a new request' };
const BUSY = { state: 'in-progress', reason: 'in_progress' } as const;
