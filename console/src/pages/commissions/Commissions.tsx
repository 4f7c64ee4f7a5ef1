import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { COMMISSION_STATUSES } from '../../payouts.ts';
import { useList } from '../../queries.ts';
import { CsvButton } from '../../ui/CsvButton.tsx';
import { Field } from '../../ui/Field.tsx';
import { FilterForm } from '../../ui/FilterForm.tsx';
import { ListTable } from '../../ui/ListTable.tsx';
import { Page } from '../../ui/Page.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { allOr } from '../../ui/StateChoice.tsx';
import { columnsOf } from './columns.tsx';

/** The commissions of all affiliates, or of one, in any state or in one. */
export default function Commissions() {
  const tools = useConsole();
  const { say, session } = tools;
  const { params, change } = useAddress();
  const affiliateId = params.get('affiliate')?.slice(0, 64) ?? '';
  const status = COMMISSION_STATUSES.find((state) => state === params.get('status'));
  const query = { ...(affiliateId === '' ? {} : { affiliateId }), ...(status === undefined ? {} : { status }) };
  const list = useList('GET /v1/commissions', { query });
  return (
    <Page
      title={say('commissions.title')}
      lead={say('commissions.lead', { zone: session.timeZone })}
      actions={<CsvButton list={list} name="commissions" />}
    >
      <FilterForm
        said={`${affiliateId} ${status}`}
        label={say('commissions.title')}
        onShow={(typed) => change({ affiliate: typed.affiliate, status: typed.status }, { push: true })}
      >
        <Field label={say('commissions.affiliate')} name="affiliate" value={affiliateId} />
        <SelectField
          label={say('commissions.status')}
          name="status"
          value={status ?? ''}
          choices={allOr(say('commissions.any'), COMMISSION_STATUSES, (state) => say(`commissions.states.${state}`))}
        />
      </FilterForm>
      <ListTable
        list={list}
        caption={say('commissions.title')}
        columns={columnsOf(tools)}
        idOf={({ commissionId }) => commissionId}
        nameOf={({ commissionId }) => commissionId}
        empty={say('commissions.empty')}
      />
    </Page>
  );
}
