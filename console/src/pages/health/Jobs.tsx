import type { AnswerOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import { DataTable } from '../../ui/DataTable.tsx';
import { Status } from '../../ui/Status.tsx';
import type { Column } from '../../ui/table.ts';

type Job = AnswerOf<'GET /v1/health'>['jobs'][number];

/** What runs because time passes: when it did, and when it is due next. */
export function Jobs({ jobs }: { jobs: readonly Job[] }) {
  const tools = useConsole();
  return (
    <DataTable
      caption={tools.say('health.jobs')}
      file="health-jobs"
      columns={columnsOf(tools)}
      rows={jobs}
      idOf={({ job }) => job}
      nameOf={({ job }) => job}
      empty={tools.say('health.noJobs')}
    />
  );
}

function columnsOf({ say, format }: Pick<Console, 'say' | 'format'>): Column<Job>[] {
  return [
    { key: 'job', header: say('health.job'), isName: true, sortBy: ({ job }) => job, cell: ({ job }) => job },
    {
      key: 'state',
      header: say('health.state'),
      file: ({ isLate }) => say(isLate ? 'health.isLate' : 'health.onTime'),
      sortBy: ({ isLate }) => Number(isLate),
      cell: ({ isLate }) => (
        <Status tone={isLate ? 'bad' : 'good'}>{say(isLate ? 'health.isLate' : 'health.onTime')}</Status>
      ),
    },
    {
      key: 'last',
      header: say('health.last'),
      sortBy: ({ last }) => last?.ranAt ?? null,
      file: ({ last }) => last?.ranAt ?? null,
      cell: ({ last }) => (last === null ? say('health.never') : format.instant(last.ranAt)),
    },
    {
      key: 'took',
      header: say('health.took'),
      isNumber: true,
      sortBy: ({ last }) => last?.ms ?? null,
      file: ({ last }) => last?.ms ?? null,
      cell: ({ last }) => last !== null && say('health.ms', { ms: format.count(last.ms) }),
    },
    {
      key: 'count',
      header: say('health.count'),
      isNumber: true,
      sortBy: ({ last }) => last?.count ?? null,
      cell: ({ last }) => (last?.count ?? null) !== null && format.count(last?.count ?? 0),
    },
    {
      key: 'next',
      header: say('health.next'),
      sortBy: ({ nextAt }) => nextAt,
      file: ({ nextAt }) => nextAt,
      cell: ({ nextAt }) => (nextAt === null ? say('health.nothingDue') : format.instant(nextAt)),
    },
  ];
}
