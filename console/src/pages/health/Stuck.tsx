import type { AnswerOf } from '../../api.ts';
import { useConsole } from '../../context.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { To } from '../../ui/To.tsx';

type State = AnswerOf<'GET /v1/health'>;

const COUNTS = ['due', 'sending', 'unconfirmed', 'undeliverable', 'failed'] as const;

/** How the messages of each channel stand. */
export function Channels({ byChannel }: Pick<State['notices'], 'byChannel'>) {
  const { say, format } = useConsole();
  return (
    <DataTable
      caption={say('health.notices')}
      file="health-channels"
      columns={[
        { key: 'channel', header: say('health.channel'), isName: true, cell: ([channel]) => channel },
        ...COUNTS.map((name) => ({
          key: name,
          header: say(`health.${name}`),
          isNumber: true,
          cell: ([, counts]: [string, State['notices']['byChannel']['telegram']]) => format.count(counts[name]),
        })),
      ]}
      rows={Object.entries(byChannel)}
      idOf={([channel]) => channel}
      nameOf={([channel]) => channel}
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
        { key: 'error', header: say('health.error'), cell: ({ error }) => error },
      ]}
      rows={webhooks}
      idOf={({ webhookId }) => webhookId}
      sortName="parked"
      nameOf={({ webhookId }) => webhookId}
    />
  );
}

/** Chats that take no messages, the first of them. */
export function Unreachable({ chats }: { chats: State['unreachable']['chats'] }) {
  const { say, format } = useConsole();
  if (chats.length === 0) return null;
  return (
    <>
      <h3>{say('health.unreachable')}</h3>
      <DataTable
        caption={say('health.unreachable')}
        file="health-unreachable"
        columns={[
          {
            key: 'person',
            header: say('health.person'),
            isName: true,
            sortBy: ({ accountId }) => accountId,
            cell: ({ accountId }) => <To thing="account" id={accountId} />,
          },
          { key: 'channel', header: say('health.channel'), cell: ({ channel }) => channel },
          { key: 'reason', header: say('health.reason'), cell: ({ reason }) => reason ?? say('health.unknown') },
          {
            key: 'since',
            header: say('health.since'),
            cell: ({ since }) => (since === null ? say('health.unknown') : format.instant(since)),
          },
        ]}
        rows={chats}
        sortName="unreachable"
        idOf={({ accountId, channel }) => `${channel} ${accountId}`}
        nameOf={({ accountId }) => accountId}
      />
    </>
  );
}

/** People whom no chat reaches, the first of them. */
export function Unreached({ accountIds }: { accountIds: readonly string[] }) {
  const { say } = useConsole();
  if (accountIds.length === 0) return null;
  return (
    <>
      <h3>{say('health.nobody')}</h3>
      <DataTable
        caption={say('health.nobody')}
        file="health-unreached"
        columns={[
          {
            key: 'account',
            header: say('health.person'),
            isName: true,
            sortBy: (accountId) => accountId,
            cell: (accountId) => <To thing="account" id={accountId} />,
          },
        ]}
        rows={accountIds}
        idOf={(accountId) => accountId}
        nameOf={(accountId) => accountId}
        sortName="unreached"
      />
    </>
  );
}
