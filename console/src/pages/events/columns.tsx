import type { Console } from '../../context.ts';
import { Status } from '../../ui/Status.tsx';
import { To } from '../../ui/To.tsx';
import type { Column } from '../../ui/table.ts';
import { type Item, TONES } from './event.ts';
import { Things } from './Things.tsx';

export function columnsOf({ say, format }: Pick<Console, 'say' | 'format'>) {
  return {
    event: {
      key: 'event',
      header: say('events.event'),
      isName: true,
      sortBy: ({ eventId }) => eventId,
      cell: ({ eventId }) => <To thing="event" id={eventId} />,
    },
    type: { key: 'type', header: say('events.type'), sortBy: ({ type }) => type, cell: ({ type }) => type },
    state: {
      key: 'state',
      header: say('events.state'),
      sortBy: ({ status }) => say(`eventState.${status}`),
      cell: ({ status }) => <Status tone={TONES[status]}>{say(`eventState.${status}`)}</Status>,
    },
    reason: {
      key: 'reason',
      header: say('events.reason'),
      sortBy: ({ reason }) => reason?.code ?? null,
      cell: (item) => <Reason item={item} say={say} />,
    },
    lacks: {
      key: 'lacks',
      header: say('events.lacks'),
      cell: ({ waitsFor }) => waitsFor.length > 0 && <Things things={waitsFor} />,
    },
    holdsBack: {
      key: 'holdsBack',
      header: say('events.holdsBack'),
      isNumber: true,
      sortBy: ({ holdsBack }) => holdsBack,
      cell: ({ holdsBack }) => format.count(holdsBack),
    },
    received: {
      key: 'received',
      header: say('events.received'),
      sortBy: ({ receivedAt }) => receivedAt,
      cell: ({ receivedAt }) => format.instant(receivedAt),
    },
  } satisfies Record<string, Column<Item>>;
}

/** Why it has no effect, in words, and what exactly was wrong. */
export function Reason({ item: { reason }, say }: { item: Pick<Item, 'reason'>; say: Console['say'] }) {
  if (reason === null) return null;
  return (
    <>
      {say(`quarantine.${reason.code}`)}
      {reason.words !== '' && <span class="hint words">{reason.words}</span>}
    </>
  );
}
