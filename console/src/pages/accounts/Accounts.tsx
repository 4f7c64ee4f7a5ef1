import { oneOf, useAddress } from '../../address.ts';
import type { ItemOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import { useList } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { Field, valuesOf } from '../../ui/Field.tsx';
import { Page } from '../../ui/Page.tsx';
import { To } from '../../ui/To.tsx';
import type { Column } from '../../ui/table.ts';
import { Failed, Loading } from '../../ui/Wait.tsx';

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
    <Page
      title={say('accounts.title')}
      lead={say('accounts.lead')}
      actions={<CsvButton operation="GET /v1/accounts" input={{ query }} name="accounts" />}
    >
      <form
        key={`${q} ${role}`}
        class="filter"
        aria-label={say('overdue.filter')}
        onSubmit={(event) => {
          event.preventDefault();
          const typed = valuesOf(event.currentTarget);
          change({ q: typed.q, role: typed.role === 'any' ? null : typed.role }, { push: true });
        }}
      >
        <Field label={say('search.placeholder')} name="q" type="search" value={q} />
        <div class="field">
          <label for="role">{say('accounts.role')}</label>
          <select id="role" name="role">
            {ROLES.map((one) => (
              <option key={one} value={one} selected={one === role}>
                {say(`roles.${one}`)}
              </option>
            ))}
          </select>
        </div>
        <div class="actions">
          <button type="submit">{say('overdue.apply')}</button>
        </div>
      </form>
      {list.error !== null && <Failed error={list.error} again={list.again} />}
      {list.items === undefined ? (
        list.error === null && <Loading />
      ) : (
        <DataTable
          caption={say('accounts.title')}
          columns={columnsOf(tools)}
          rows={list.items}
          idOf={({ accountId }) => accountId}
          nameOf={({ name }) => name}
          empty={say('search.none')}
          {...list}
        />
      )}
    </Page>
  );
}

function columnsOf({ say }: Console): Column<Found>[] {
  return [
    {
      key: 'name',
      header: say('accounts.name'),
      isName: true,
      sortBy: ({ name }) => name,
      cell: ({ name, accountId }) => (
        <To thing="account" id={accountId}>
          {name}
        </To>
      ),
    },
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
