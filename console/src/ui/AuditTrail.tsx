import type { ItemOf } from '../api.ts';
import { type Console, useConsole } from '../context.ts';
import { useList } from '../queries.ts';
import { CsvButton } from './CsvButton.tsx';
import { ListTable } from './ListTable.tsx';
import { Section } from './Page.tsx';
import type { Column } from './table.ts';

type Record = ItemOf<'GET /v1/audit'>;

/** Who did what to one thing, `order:o1`, newest first. */
export function AuditTrail({ subject }: { subject: string }) {
  const tools = useConsole();
  const { say } = tools;
  const input = { query: { subject } };
  const list = useList('GET /v1/audit', input);
  const actions = <CsvButton operation="GET /v1/audit" input={input} name={`audit-${subject.replaceAll(':', '-')}`} />;
  return (
    <Section title={say('audit.title')} actions={actions}>
      <ListTable
        list={list}
        caption={say('audit.title')}
        columns={columnsOf(tools)}
        idOf={({ auditId }) => auditId}
        nameOf={({ action }) => action}
        empty={say('audit.empty')}
        sortName="audit"
      />
    </Section>
  );
}

function columnsOf({ say, format }: Pick<Console, 'say' | 'format'>): Column<Record>[] {
  return [
    {
      key: 'at',
      header: say('audit.when'),
      isName: true,
      sortBy: ({ at }) => at,
      cell: ({ at }) => <time dateTime={at}>{format.instant(at)}</time>,
    },
    { key: 'actor', header: say('audit.who'), sortBy: ({ actor }) => actor, cell: ({ actor }) => actor },
    { key: 'action', header: say('audit.action'), sortBy: ({ action }) => action, cell: ({ action }) => action },
    { key: 'reason', header: say('audit.reason'), cell: ({ reason }) => reason },
    {
      key: 'change',
      header: say('audit.change'),
      cell: ({ before, after }) =>
        isNothing(before) && isNothing(after) ? null : (
          <details>
            <summary>{say('audit.changed')}</summary>
            <div>{say('audit.before', { value: textOf(before) })}</div>
            <div>{say('audit.after', { value: textOf(after) })}</div>
          </details>
        ),
    },
  ];
}

function isNothing(value: unknown): boolean {
  return value === null || value === undefined;
}

function textOf(value: unknown): string {
  return isNothing(value) ? '–' : JSON.stringify(value);
}
