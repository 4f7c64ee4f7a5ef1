import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { useAccountSearch } from '../../ui/AccountSearch.tsx';
import { Choice } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { FilterForm } from '../../ui/FilterForm.tsx';

export const VIEWS = ['all', 'due', 'processing', 'paid', 'failed', 'held', 'excluded', 'drawn'] as const;
export type View = (typeof VIEWS)[number];

/** Which payouts are shown, and of whom; both stand in the address. */
export function LinesFilter({ view, accountId }: { view: View; accountId: string | undefined }) {
  const { say } = useConsole();
  const { change } = useAddress();
  const { find, outcome } = useAccountSearch();
  const choose = (account: string | null) => change({ account }, { push: true });

  async function search(text: string): Promise<void> {
    const account = await find(text, choose);
    if (account !== undefined) choose(account);
  }

  return (
    <>
      <FilterForm
        said={accountId ?? ''}
        label={say('line.filter')}
        onShow={({ account = '' }) => void search(account)}
        onReset={accountId === undefined ? undefined : () => choose(null)}
        resetLabel={say('line.everybody')}
      >
        <Choice
          label={say('line.view')}
          name="view"
          value={view}
          choices={VIEWS.map((value) => ({ value, label: say(`line.views.${value}`) }))}
        />
        <Field label={say('line.account')} name="account" value={accountId ?? ''} />
      </FilterForm>
      {outcome}
    </>
  );
}
