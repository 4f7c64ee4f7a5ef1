import { useConsole } from '../context.ts';
import { auditColumns } from './auditColumns.tsx';
import { ListSection } from './ListSection.tsx';

/** Who did what to one thing, `order:o1`, the latest first. */
export function AuditTrail({ subject }: { subject: string }) {
  const tools = useConsole();
  const { say } = tools;
  return (
    <ListSection
      title={say('trail.title')}
      operation="GET /v1/audit"
      input={{ query: { subject } }}
      columns={auditColumns(tools).filter(({ key }) => key !== 'subject')}
      idOf={({ auditId }) => auditId}
      empty={say('trail.empty')}
      file={`audit-${subject.replaceAll(':', '-')}`}
      sortName="audit"
    />
  );
}
