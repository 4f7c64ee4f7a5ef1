import { actorWords } from '../actors.ts';
import { actWords } from '../acts.ts';
import type { ItemOf } from '../api.ts';
import { type Console, useConsole } from '../context.ts';
import { Actor } from './Actor.tsx';
import { type Thing, To } from './To.tsx';
import type { Column } from './table.ts';

type Act = ItemOf<'GET /v1/audit'>;

/** Who did what to what. */
export function auditColumns({ say, isText, format }: Pick<Console, 'say' | 'isText' | 'format'>): Column<Act>[] {
  return [
    {
      key: 'action',
      header: say('trail.action'),
      isName: true,
      sortBy: ({ action }) => actWords(action, { say, isText }),
      cell: ({ action }) => <What action={action} words={actWords(action, { say, isText })} />,
    },
    {
      key: 'subject',
      header: say('trail.subject'),
      sortBy: ({ subject }) => subject,
      cell: ({ subject }) => <Subject subject={subject} />,
    },
    {
      key: 'actor',
      header: say('trail.actor'),
      sortBy: ({ actor, actorName }) => actorWords(actor, say, actorName),
      isLong: true,
      cell: ({ actor, actorName }) => <Actor actor={actor} name={actorName} />,
    },
    {
      key: 'at',
      header: say('trail.at'),
      sortBy: ({ at }) => at,
      cell: ({ at }) => <time dateTime={at}>{format.instant(at)}</time>,
    },
    {
      key: 'reason',
      header: say('trail.reason'),
      cell: ({ reason }) => reason !== null && <span class="prose">{reason}</span>,
    },
    {
      key: 'change',
      header: say('trail.change'),
      cell: ({ before, after }) => <Changed before={before} after={after} />,
    },
  ];
}

/** The code is what the filter takes, and what stands in files. */
function What({ action, words }: { action: string; words: string }) {
  return (
    <>
      {words} {words !== action && <code class="hint">{action}</code>}
    </>
  );
}

/** What a subject of each kind is called among the pages; the rest have none. */
const PAGES: Readonly<Record<string, Thing>> = {
  ...{ account: 'account', payee: 'account', invoice: 'invoice', order: 'order', payout: 'payout', event: 'event' },
  ...{ cycle: 'payday', webhook: 'webhook', commission: 'commission' },
};

function Subject({ subject }: { subject: string }) {
  const [kind = ''] = subject.split(':', 1);
  const thing = PAGES[kind];
  const id = subject.slice(kind.length + 1);
  if (thing === undefined || id === '') return <span class="prose">{subject}</span>;
  return (
    <To thing={thing} id={id}>
      {subject}
    </To>
  );
}

function Changed({ before, after }: Pick<Act, 'before' | 'after'>) {
  const { say } = useConsole();
  const parts = (
    [
      ['before', before],
      ['after', after],
    ] as const
  ).filter(([, value]) => (value ?? null) !== null);
  if (parts.length === 0) return null;
  return (
    <details class="prose">
      <summary>{say('trail.details')}</summary>
      {parts.map(([name, value]) => (
        <p key={name}>
          {say(`trail.${name}`)}: <code>{JSON.stringify(value)}</code>
        </p>
      ))}
    </details>
  );
}
