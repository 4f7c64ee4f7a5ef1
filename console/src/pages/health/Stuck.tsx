import type { AnswerOf } from '../../api.ts';
import { useConsole } from '../../context.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { Failure } from '../../ui/Failure.tsx';
import { To } from '../../ui/To.tsx';

type State = AnswerOf<'GET /v1/health'>;

const COUNTS = ['due', 'sending', 'unconfirmed', 'undeliverable', 'failed'] as const;

const CHANNELS = ['telegram', 'discord'] as const;
type Row = readonly [channel: (typeof CHANNELS)[number], counts: State['notices']['byChannel']['telegram']];

/** How the messages of each channel stand. */
export function Channels({ byChannel }: Pick<State['notices'], 'byChannel'>) {
  const { say, format } = useConsole();
  return (
    <DataTable
      caption={say('health.notices')}
      file="health-channels"
      columns={[
        {
          key: 'channel',
          header: say('health.channel'),
          isName: true,
          file: ([channel]) => channel,
          cell: ([channel]) => say(`channels.${channel}`),
        },
        ...COUNTS.map((name) => ({
          key: name,
          header: say(`health.${name}`),
          isNumber: true,
          cell: ([, counts]: Row) => format.count(counts[name]),
        })),
      ]}
      rows={CHANNELS.map((channel) => [channel, byChannel[channel]] as const)}
      idOf={([channel]) => channel}
      nameOf={([channel]) => say(`channels.${channel}`)}
    />
  );
}

/** The latest webhooks that were given up. */
export function ParkedLately({ webhooks }: { webhooks: State['webhooks']['parkedLately'] }) {
  const { say } = useConsole();
  if (webhooks.length === 0) return null;
  return (
    <DataTable
      caption={say('health.parkedLately')}
      file="health-parked"
      columns={[
        {
          key: 'webhook',
          header: say('health.webhook'),
          isName: true,
          sortBy: ({ webhookId }) => webhookId,
          cell: ({ webhookId }) => <To thing="webhook" id={webhookId} />,
        },
        { key: 'type', header: say('health.type'), cell: ({ type }) => type },
        {
          key: 'error',
          header: say('health.error'),
          file: ({ error }) => error,
          cell: ({ error, failure }) => <Failure error={error} failure={failure} />,
        },
      ]}
      rows={webhooks}
      idOf={({ webhookId }) => webhookId}
      sortName="parked"
      nameOf={({ webhookId }) => webhookId}
    />
  );
}
