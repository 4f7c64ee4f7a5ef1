import { useConsole } from '../context.ts';
import { useList } from '../queries.ts';
import { Section } from '../ui/Page.tsx';
import { Timeline } from '../ui/Timeline.tsx';
import { Empty, Failed, Loading } from '../ui/Wait.tsx';

/** Who did what with one thing, the latest first, as the audit trail has it. */
export function Trail({ subject }: { subject: string }) {
  const { say } = useConsole();
  const { items, error, again, hasMore, readMore, isReading } = useList('GET /v1/audit', {
    query: { subject, limit: 20 },
  });
  return (
    <Section title={say('trail.title')}>
      {error !== null && <Failed error={error} again={again} />}
      {items === undefined && error === null && <Loading />}
      {items?.length === 0 && <Empty>{say('trail.empty')}</Empty>}
      {items !== undefined && items.length > 0 && (
        <Timeline
          label={say('trail.title')}
          moments={items.map(({ auditId, at, actor, action, reason }) => ({
            id: auditId,
            at,
            what: (
              <>
                <strong>{actor}</strong> <code>{action}</code> {reason}
              </>
            ),
          }))}
        />
      )}
      {hasMore && (
        <button type="button" onClick={() => isReading || readMore()} aria-disabled={isReading}>
          {say(isReading ? 'table.reading' : 'table.more')}
        </button>
      )}
    </Section>
  );
}
