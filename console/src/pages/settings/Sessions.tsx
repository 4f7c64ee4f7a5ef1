import { useQuery } from '@tanstack/preact-query';
import { useState } from 'preact/hooks';

import type { OpenSession } from '../../api.ts';
import { useConsole } from '../../context.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { Section } from '../../ui/Page.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';

/** Where the console is open as this person. Who finds a stranger there is in a hurry: nothing asks once more. */
export function Sessions({ onEndAll }: { onEndAll(): void }) {
  const { api, say, format, leave } = useConsole();
  const { data, error, refetch } = useQuery({ queryKey: ['sessions'], queryFn: api.sessions });
  const [failure, setFailure] = useState<unknown>();

  async function end({ sessionId, isCurrent }: OpenSession): Promise<void> {
    setFailure(undefined);
    try {
      await api.endSession(sessionId);
      if (isCurrent) leave();
      else await refetch();
    } catch (reason) {
      setFailure(reason);
    }
  }

  return (
    <Section
      title={say('own.sessions')}
      actions={
        <button type="button" class="danger" onClick={onEndAll}>
          {say('own.endAll')}
        </button>
      }
    >
      {failure !== undefined && <Failed error={failure} />}
      {error !== null && <Failed error={error} again={refetch} />}
      {data === undefined ? (
        error === null && <Loading />
      ) : (
        <DataTable
          caption={say('own.sessions')}
          file="sessions"
          rows={data}
          idOf={({ sessionId }) => sessionId}
          nameOf={({ agent }) => agent}
          columns={[
            {
              key: 'agent',
              header: say('own.browser'),
              isName: true,
              cell: ({ agent, isCurrent }) => (isCurrent ? say('own.thisOne', { agent }) : agent),
            },
            { key: 'network', header: say('own.network'), cell: ({ network }) => network },
            {
              key: 'opened',
              header: say('own.openedAt'),
              file: ({ openedAt }) => openedAt,
              sortBy: ({ openedAt }) => openedAt,
              cell: ({ openedAt }) => format.instant(openedAt),
            },
            {
              key: 'used',
              header: say('own.usedAt'),
              file: ({ lastUsedAt }) => lastUsedAt,
              sortBy: ({ lastUsedAt }) => lastUsedAt,
              cell: ({ lastUsedAt }) => format.instant(lastUsedAt),
            },
            {
              key: 'end',
              header: say('own.acts'),
              cell: (one) => (
                <button type="button" onClick={() => void end(one)}>
                  {say(one.isCurrent ? 'frame.signOut' : 'own.end')}
                </button>
              ),
            },
          ]}
        />
      )}
    </Section>
  );
}
