import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { useAccountSearch } from '../../ui/AccountSearch.tsx';
import { Field, valuesOf } from '../../ui/Field.tsx';

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
      <form
        key={accountId}
        class="filter"
        aria-label={say('line.filter')}
        onSubmit={(event) => {
          event.preventDefault();
          void search(valuesOf(event.currentTarget).account ?? '');
        }}
      >
        <div class="field">
          <label for="lines-view">{say('line.view')}</label>
          <select
            id="lines-view"
            value={view}
            onChange={({ currentTarget }) =>
              change({ view: currentTarget.value === 'all' ? null : currentTarget.value }, { push: true })
            }
          >
            {VIEWS.map((one) => (
              <option key={one} value={one}>
                {say(`line.views.${one}`)}
              </option>
            ))}
          </select>
        </div>
        <Field label={say('line.account')} name="account" value={accountId ?? ''} />
        <div class="actions">
          <button type="submit">{say('line.find')}</button>
          {accountId !== undefined && (
            <button type="button" class="quiet" onClick={() => choose(null)}>
              {say('line.everybody')}
            </button>
          )}
        </div>
      </form>
      {outcome}
    </>
  );
}
