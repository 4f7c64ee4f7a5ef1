import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { type SSEStreamingApi, streamSSE } from 'hono/streaming';

import { realMilliseconds } from '../../src/kernel/clock.ts';
import { pause } from '../../src/kernel/wait.ts';
import { type Change, type Listener, mayHear, TOPICS } from '../../src/live/change.ts';
import type { Told } from '../../src/live/live.ts';
import { allows } from '../../src/rights/scope.ts';
import type { ApiApp, ApiDeps, ApiEnv, Entered } from '../dependencies.ts';
import { HttpProblem } from '../problem.ts';
import { instant, problems, SECURED } from './shared.ts';

const changeSchema = z
  .object({
    topic: z.enum(TOPICS),
    subject: z.string().openapi({
      description: '`kind:id`; `*` where many things of the topic have changed, or nobody says which.',
      example: 'invoice:2026-W47:m1',
    }),
    at: instant.openapi({ description: 'Real time.' }),
  })
  .openapi('LiveChange');

const route = createRoute({
  tags: ['Live'],
  security: SECURED,
  method: 'get',
  operationId: 'listenLive',
  path: '/v1/live',
  summary: 'What changes, as it changes: server-sent events',
  description:
    'The `data` of each event is a `LiveChange`; it says what to read anew, at least once for each change, about a second after it. ' +
    'A comment comes every 15 seconds. With `Last-Event-ID`, as browsers send it, what changed within the last five minutes is told ' +
    'first; after longer every topic is, with `*`. The stream ends after five minutes, when a listener reads too slowly, and as soon as ' +
    'what the listener may do has changed, or its key or session has ended: connect again. ' +
    '503 where too many listen.',
  responses: {
    200: { content: { 'text/event-stream': { schema: changeSchema } }, description: 'Until one side ends it.' },
    ...problems(401, 503),
  },
});

/** Real milliseconds. */
const TIMES = { heartbeatMs: 15_000, lifeMs: 300_000 };
/** What a listener may do is asked again before each delivery, and so often at most. */
const ASK_MS = 1_000;
/** So late at most a stream ends after the key or the session that it was opened by. */
const OVER_MS = 250;
/** So many changes wait for a listener that reads slowly; then it is dropped, and reads the lists anew when it comes back. */
const MOST_WAITING = 2_000;
/** When browsers connect again. */
const RETRY_MS = 3_000;

export function addLive(app: ApiApp, { live, liveTimes = TIMES, clock }: ApiDeps): void {
  app.openAPIRegistry.registerPath(route);
  app.get(route.path, (c) => {
    // Hono answers HEAD as GET, and nobody would read what is streamed then.
    if (c.req.method === 'HEAD') return c.body(null, 200, { 'content-type': 'text/event-stream' });
    const watch = createWatch(c);
    const waiting = createWaiting();
    const leave = live.listen(waiting.take, waiting.end, c.req.header('last-event-id'));
    if (leave === null) throw new HttpProblem(503, 'Too many listen to what changes.', {}, { 'retry-after': '5' });
    // A proxy that gathers what it passes on would hold the changes back.
    c.header('x-accel-buffering', 'no');
    return streamSSE(c, async (stream) => {
      stream.onAbort(waiting.end);
      // A write to somebody who does not read would never end.
      waiting.over.addEventListener('abort', () => stream.abort());
      const life = setTimeout(waiting.end, liveTimes.lifeMs);
      const heartbeat = setInterval(waiting.beat, liveTimes.heartbeatMs);
      const stopLooking = whenOver(() => watch.isOver(clock.now()), waiting.end);
      try {
        await stream.write(`retry: ${RETRY_MS}\nid: ${live.now()}\n\n`);
        await passOn(stream, waiting, watch);
      } finally {
        clearTimeout(life);
        clearInterval(heartbeat);
        stopLooking();
        leave();
      }
    });
  });
}

/** Whoever may read, by a key or as a manager, hears of everything; anybody else with a session of what is theirs. */
function listenerOf({ session, scopes }: Entered): Listener {
  if (session === undefined || allows(scopes, 'read')) return { kind: 'reader' };
  return { kind: 'person', accountId: session.account.accountId };
}

type Watch = ReturnType<typeof createWatch>;

/** Who listens, and whether they still may what they could when they came. */
function createWatch({ var: { scopes, endsAt, session, enterAgain } }: Context<ApiEnv>) {
  const entered: Entered = session === undefined ? { scopes, endsAt } : { scopes, endsAt, session };
  let ends = endsAt;
  const listener = listenerOf(entered);
  const rights = rightsOf(entered);
  let askedAt = realMilliseconds();

  /** What of these they may hear. */
  function heard(changes: readonly Change[]): Change[] {
    return changes.filter((change) => mayHear(listener, change));
  }

  /** Waits for its turn where it was asked a moment ago. */
  async function isSame(over: AbortSignal): Promise<boolean> {
    await pause(askedAt + ASK_MS - realMilliseconds(), over);
    if (over.aborted) return false;
    askedAt = realMilliseconds();
    const now = await enterAgain();
    ends = now?.endsAt ?? null;
    return now !== null && rightsOf(now) === rights;
  }

  /** Whether the time of their key or session has passed. */
  function isOver(now: Date): boolean {
    return ends !== null && now >= ends;
  }

  return { heard, isSame, isOver };
}

function rightsOf({ session, scopes }: Entered): string {
  return JSON.stringify([session?.account.accountId, session?.account.role, [...scopes].sort()]);
}

/** Calls `end` as soon as `isOver`; answers what stops the looking. By looking, since the service's clock may be set, and the end moved. */
function whenOver(isOver: () => boolean, end: () => void): () => void {
  const looking = setInterval(() => isOver() && end(), OVER_MS);
  return () => clearInterval(looking);
}

/** Writes what the listener may hear, until it is over; as fast as the listener reads. */
async function passOn(stream: SSEStreamingApi, waiting: Waiting, watch: Watch): Promise<void> {
  for (;;) {
    const next = await waiting.next();
    if (next === null || stream.aborted) return;
    const changes = next === 'beat' ? [] : watch.heard(next.changes);
    // What a session or a key may do changes with an account, or with a key, and both are told so; what a time ends, `whenOver` does.
    const isAsked = next === 'beat' || changes.length > 0 || next.changes.some(({ topic }) => topic === 'accounts');
    if (isAsked && !(await watch.isSame(waiting.over))) return;
    if (next === 'beat') {
      await stream.write(': still here\n\n');
      continue;
    }
    for (const { topic, subject, at } of changes) {
      await stream.writeSSE({ id: next.id, data: JSON.stringify({ topic, subject, at: at.toISOString() }) });
    }
  }
}

type Waiting = ReturnType<typeof createWaiting>;

/** What waits to be written to one listener, so that nobody waits for it. Where too much does, it is over. */
function createWaiting() {
  const queue: (Told | 'beat')[] = [];
  const over = new AbortController();
  let count = 0;
  let wake: (() => void) | undefined;

  function take(told: Told): void {
    count += told.changes.length;
    if (count > MOST_WAITING) end();
    else put(told);
  }

  function beat(): void {
    // One that did not even take the last sign of life takes nothing else either.
    if (queue.includes('beat')) end();
    else put('beat');
  }

  function put(one: Told | 'beat'): void {
    queue.push(one);
    wake?.();
  }

  function end(): void {
    over.abort();
    wake?.();
  }

  /** Null when it is over. */
  async function next(): Promise<Told | 'beat' | null> {
    while (!over.signal.aborted && queue.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    const first = over.signal.aborted ? undefined : queue.shift();
    if (first === undefined) return null;
    if (first !== 'beat') count -= first.changes.length;
    return first;
  }

  return { take, beat, end, next, over: over.signal };
}
