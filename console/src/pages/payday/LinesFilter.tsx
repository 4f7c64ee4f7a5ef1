import { useState } from 'preact/hooks';

import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { Field, valuesOf } from '../../ui/Field.tsx';
import { whyOf } from '../../why.ts';

export const VIEWS = ['all', 'due', 'processing', 'paid', 'failed', 'held', 'excluded', 'drawn'] as const;
export type View = (typeof VIEWS)[number];

type Found = { accountId: string; name: string };

/** Which payouts are shown, and of whom; both stand in the address. */
export function LinesFilter({ view, accountId }: { view: View; accountId: string | undefined }) {
  const tools = useConsole();
  const { say, api } = tools;
  const { change } = useAddress();
  const [found, setFound] = useState<readonly Found[]>();
  const [error, setError] = useState<unknown>();

  function choose(account: string | null): void {
    setFound(undefined);
    change({ account }, { push: true });
  }

  /** An id that is one, or the only account of a name, is shown at once; of several somebody chooses. */
  async function search(text: string): Promise<void> {
    setError(undefined);
    if (text === '') return choose(null);
    try {
      const { items } = await api.call('GET /v1/accounts', { query: { q: text, limit: 10 } });
      const exact = items.find((item) => item.accountId === text) ?? (items.length === 1 ? items[0] : undefined);
      if (exact !== undefined) return choose(exact.accountId);
      setFound(items);
    } catch (failure) {
      setError(failure);
    }
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
      {error !== undefined && (
        <p class="wrong" role="alert">
          {whyOf(error, tools)}
        </p>
      )}
      {found !== undefined && (
        <div class="actions" role="status">
          <span>{say(found.length === 0 ? 'search.none' : 'line.which')}</span>
          {found.map(({ accountId: id, name }) => (
            <button key={id} type="button" onClick={() => choose(id)}>
              {name} ({id})
            </button>
          ))}
        </div>
      )}
    </>
  );
}
