import { useId } from 'preact/hooks';

import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { useList } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { DataTable } from '../../ui/DataTable.tsx';
import { Field, valuesOf } from '../../ui/Field.tsx';
import { Page } from '../../ui/Page.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { columnsOf, STATES } from './columns.tsx';

/** The commissions of all affiliates, or of one, in any state or in one. */
export default function Commissions() {
  const tools = useConsole();
  const { say, session } = tools;
  const { params, change } = useAddress();
  const affiliateId = params.get('affiliate')?.slice(0, 64) ?? '';
  const status = STATES.find((state) => state === params.get('status'));
  const query = { ...(affiliateId === '' ? {} : { affiliateId }), ...(status === undefined ? {} : { status }) };
  const list = useList('GET /v1/commissions', { query });
  const select = useId();
  return (
    <Page
      title={say('commissions.title')}
      lead={say('commissions.lead', { zone: session.timeZone })}
      actions={<CsvButton operation="GET /v1/commissions" input={{ query }} name="commissions" />}
    >
      <form
        key={`${affiliateId} ${status}`}
        class="filter"
        aria-label={say('commissions.title')}
        onSubmit={(event) => {
          event.preventDefault();
          const values = valuesOf(event.currentTarget);
          change({ affiliate: values.affiliate, status: values.status }, { push: true });
        }}
      >
        <Field label={say('commissions.affiliate')} name="affiliate" value={affiliateId} />
        <div class="field">
          <label for={select}>{say('commissions.status')}</label>
          <select id={select} name="status">
            <option value="">{say('commissions.any')}</option>
            {STATES.map((state) => (
              <option key={state} value={state} selected={state === status}>
                {say(`commissions.states.${state}`)}
              </option>
            ))}
          </select>
        </div>
        <div class="actions">
          <button type="submit">{say('commissions.apply')}</button>
        </div>
      </form>
      {list.error !== null && <Failed error={list.error} again={list.again} />}
      {list.items === undefined ? (
        list.error === null && <Loading />
      ) : (
        <DataTable
          caption={say('commissions.title')}
          columns={columnsOf(tools)}
          rows={list.items}
          idOf={({ commissionId }) => commissionId}
          nameOf={({ commissionId }) => commissionId}
          empty={say('commissions.empty')}
          {...list}
        />
      )}
    </Page>
  );
}
