import type { Config } from '../config.ts';
import { type EventView, replayRefusalWords } from '../inbox/inbox.ts';
import { commandActor } from './actor.ts';
import { catchUp, withBusiness } from './business.ts';
import { say } from './output.ts';

/** Tries an event again and says how it stands then. Exit code 0 when it is applied. */
export async function replay(config: Config, eventId: string): Promise<number> {
  const event = await withBusiness(config, 'writes', async (business) => {
    const { inbox, inboxWorker, audit, clock } = business.core;
    await catchUp(business);
    const actor = commandActor();
    const outcome = await inbox.replay(eventId, () =>
      audit.record({ actor, action: 'event.replay', subject: `event:${eventId}`, at: clock.now() }),
    );
    if (outcome.kind === 'not-found') throw new Error(`there is no event ${eventId}`);
    if (outcome.kind === 'refused') {
      throw new Error(`event ${eventId} stays ${outcome.state}: ${replayRefusalWords(outcome)}`);
    }
    await inboxWorker.drain();
    return inbox.get(eventId);
  });
  say(`${eventId}: ${event === null ? 'gone' : describe(event)}`);
  return event?.status === 'applied' ? 0 : 1;
}

function describe({ status, waitsFor, error }: EventView): string {
  if (status === 'waiting') return `waiting for ${waitsFor.join(', ')}`;
  return error === null ? status : `${status}: ${error}`;
}
