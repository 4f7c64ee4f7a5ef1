import type { mongo } from 'mongoose';

import type { RecordedAct, Trail } from '../events/recordedAct.ts';
import { wordOf } from '../events/verifyFacts.ts';
import { groupBy } from '../kernel/group.ts';
import { linesOnAll } from '../kernel/lines.ts';
import { mayBeSame, type Texts } from '../privacy/texts.ts';
import type { StoredEvent } from './store.ts';

const BATCH = 500;

/**
 * Compares what people decided about events with the audit trail: who dismissed one, and that somebody had it replayed.
 * The trail comes first, so that it can tell of what a crash cut off; nothing that is decided is without it.
 */
export async function verifyEventActs(
  { events, texts }: { events: mongo.Collection<StoredEvent>; texts: Pick<Texts, 'reveal'> },
  trail: Pick<Trail, 'ofSubjects'>,
): Promise<string[]> {
  const touched = events.find(
    { $or: [{ dismissed: { $exists: true } }, { replays: { $gte: 1 } }] },
    { projection: { status: 1, dismissed: 1, replays: 1 } },
  );
  return linesOnAll(
    touched,
    BATCH,
    ({ _id }) => `events/${_id}`,
    async (some) => {
      const subjects = some.map(({ _id }) => `event:${_id}`);
      const acts = groupBy(await trail.ofSubjects(subjects, [DISMISS, REPLAY]), ({ subject }) => subject);
      return (await texts.reveal('events', some)).flatMap((event) =>
        eventDifferences(event, acts.get(`event:${event._id}`) ?? []),
      );
    },
  );
}

const DISMISS = 'event.dismiss';
const REPLAY = 'event.replay';

function eventDifferences({ _id, status, dismissed, replays = 0 }: StoredEvent, acts: RecordedAct[]): string[] {
  const where = `events/${_id}`;
  const isRecorded = acts.some(
    ({ action, actor, reason }) => action === DISMISS && actor === dismissed?.by && mayBeSame(reason, dismissed.reason),
  );
  return [
    ...(dismissed === undefined || isRecorded
      ? []
      : [`${where} is dismissed by ${dismissed.by} (${wordOf(dismissed.at)}), and the audit trail says nothing of it`]),
    ...(dismissed === undefined || status === 'ignored' ? [] : [`${where} is ${status}, and dismissed as well`]),
    ...(replays === 0 || acts.some(({ action }) => action === REPLAY)
      ? []
      : [`${where} was replayed ${replays} times, and the audit trail says nobody did that`]),
  ];
}
