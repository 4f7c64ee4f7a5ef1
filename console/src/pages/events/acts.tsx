import type { ComponentType } from 'preact';

import { useConsole } from '../../context.ts';
import type { PlainKey } from '../../say.ts';
import { Act, type OnClose } from '../../ui/Act.tsx';
import { Field } from '../../ui/Field.tsx';
import { type Item, TONES } from './event.ts';
import { Foresight } from './Foresight.tsx';
import { replay } from './replay.ts';

type Named = Pick<Item, 'eventId' | 'type' | 'holdsBack'>;
type DialogProps = { items: readonly Named[]; onClose: OnClose };
type ActOnEvents = { label: PlainKey; weight?: 'main' | 'danger'; Dialog: ComponentType<DialogProps> };

/** What can be done with events in quarantine, with the scope `invoices` (webhooks/scopes.ts). */
export const ACTS = {
  replay: { label: 'events.replay', weight: 'main', Dialog: ReplayDialog },
  dismiss: { label: 'events.dismiss', Dialog: DismissDialog },
} satisfies Record<string, ActOnEvents> as Record<'replay' | 'dismiss', ActOnEvents>;

export type ActName = keyof typeof ACTS;

/** Of one, it says beforehand what would change; of several, of each what became of it. */
function ReplayDialog({ items, onClose }: DialogProps) {
  const { api, say } = useConsole();
  const count = items.length;
  const [only] = items;
  return (
    <Act
      {...namesOf(items, say)}
      title={say('events.replayTitle', { count })}
      what={say('events.replayWhat', { count })}
      doIt={say('events.replayDo', { count })}
      isDangerous
      perform={({ eventId }, _, idempotencyKey) => replay(api, eventId, idempotencyKey)}
      becameOf={({ status, reason }) => ({
        tone: TONES[status],
        words: [say(`eventState.${status}`), reason?.words].filter((words) => words).join(': '),
      })}
      onClose={onClose}
    >
      {count === 1 && only !== undefined && <Foresight eventId={only.eventId} />}
    </Act>
  );
}

function DismissDialog({ items, onClose }: DialogProps) {
  const { api, say } = useConsole();
  const count = items.length;
  const held = items.reduce((sum, { holdsBack }) => sum + holdsBack, 0);
  return (
    <Act
      {...namesOf(items, say)}
      title={say('events.dismissTitle', { count })}
      what={say('events.dismissWhat', { count, held })}
      doIt={say('events.dismissDo', { count })}
      isDangerous
      perform={({ eventId: id }, { reason = '' }, idempotencyKey) =>
        api.call('POST /v1/events/{id}/dismiss', { path: { id }, body: { reason }, idempotencyKey })
      }
      onClose={onClose}
    >
      <Field label={say('act.reason')} name="reason" isRequired />
    </Act>
  );
}

function namesOf(items: readonly Named[], say: ReturnType<typeof useConsole>['say']) {
  return {
    items,
    idOf: ({ eventId }: Named) => eventId,
    nameOf: ({ eventId, type }: Named) => `${eventId}, ${type}`,
    detailOf: ({ holdsBack }: Named) => say('events.held', { count: holdsBack }),
  };
}
