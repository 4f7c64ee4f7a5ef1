import { oneOf, useAddress } from '../../address.ts';
import type { ItemOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import { useList } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { Field } from '../../ui/Field.tsx';
import { FilterForm } from '../../ui/FilterForm.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Page } from '../../ui/Page.tsx';
import { personColumn } from '../../ui/personColumn.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import type { Column } from '../../ui/table.ts';

type Found = ItemOf<'GET /v1/accounts'>;

const ROLES = ['any', 'model', 'marketer', 'affiliate', 'manager'] as const;

/** Everybody, found by name or id, of one role or of all. */
export default function Accounts() {
  const tools = useConsole();
  const { say } = tools;
  const { params, change } = useAddress();
  const q = params.get('q') ?? '';
  const role = oneOf(params, 'role', ROLES);
  const query = { ...(q === '' ? {} : { q }), ...(role === 'any' ? {} : { role }) };
  const list = useList('GET /v1/accounts', { query });
  return (
    <Page title={say('accounts.title')} lead={say('accounts.lead')} actions={<CsvButton list={list} name="accounts" />}>
      <FilterForm
        said={`${q} ${role}`}
        onShow={(typed) => change({ q: typed.q, role: typed.role === 'any' ? null : typed.role }, { push: true })}
      >
        <Field label={say('search.placeholder')} name="q" type="search" value={q} />
        <SelectField
          label={say('accounts.role')}
          name="role"
          value={role}
          choices={ROLES.map((value) => ({ value, label: say(`roles.${value}`) }))}
        />
      </FilterForm>
      <ListTable
        list={list}
        caption={say('accounts.title')}
        columns={columnsOf(tools)}
        idOf={({ accountId }) => accountId}
        nameOf={({ name }) => name}
        empty={say('search.none')}
      />
    </Page>
  );
}

function columnsOf({ say }: Console): Column<Found>[] {
  return [
    personColumn({
      ...{ key: 'name', header: say('accounts.name'), isName: true },
      of: ({ accountId: id, name }) => ({ id, name }),
    }),
    {
      key: 'id',
      header: say('accounts.id'),
      sortBy: ({ accountId }) => accountId,
      cell: ({ accountId }) => accountId,
    },
    {
      key: 'role',
      header: say('accounts.role'),
      sortBy: ({ role }) => role,
      cell: ({ role }) => say(`roles.${role}`),
    },
  ];
}
