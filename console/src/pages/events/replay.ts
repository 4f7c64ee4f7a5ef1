import type { AnswerOf, Api } from '../../api.ts';

type Replayed = AnswerOf<'GET /v1/events/{id}'>;

/** How long somebody waits to hear what came of a replay before they are told that it is under way. */
const LOOKS = 20;
const PAUSE_MS = 250;

/**
 * Replays an event and waits for what comes of it: the service takes it at once, and applies it in its own time. Answers the event as
 * it stands then, which may still be `received`.
 */
export async function replay(api: Api, id: string, idempotencyKey: string): Promise<Replayed> {
  await api.call('POST /v1/events/{id}/replay', { path: { id }, idempotencyKey });
  for (let look = 1; ; look += 1) {
    const event = await api.call('GET /v1/events/{id}', { path: { id } });
    if (event.status !== 'received' || look === LOOKS) return event;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}
