import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { useList } from '../../queries.ts';
import { auditColumns } from '../../ui/auditColumns.tsx';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Page } from '../../ui/Page.tsx';
import { FilterForm } from './FilterForm.tsx';
import { filterIn, queryOf } from './filter.ts';

/** Who did what to what, when and why. */
export default function Audit() {
  const tools = useConsole();
  const { say, session } = tools;
  const { params } = useAddress();
  const filter = filterIn(params);
  const input = { query: queryOf(filter, tools.format) };
  const list = useList('GET /v1/audit', input);
  return (
    <Page
      title={say('trail.title')}
      lead={say('trail.lead', { zone: session.timeZone })}
      actions={<CsvButton list={list} name="audit" />}
    >
      <FilterForm filter={filter} />
      <ListTable
        list={list}
        caption={say('trail.title')}
        columns={auditColumns(tools)}
        idOf={({ auditId }) => auditId}
        nameOf={({ action, subject: of }) => `${action} ${of}`}
        empty={say(Object.keys(input.query).some((name) => name !== 'subject') ? 'trail.nothing' : 'trail.empty')}
      />
    </Page>
  );
}
