import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { useAccountSearch } from '../../ui/AccountSearch.tsx';
import { Field, valuesOf } from '../../ui/Field.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import type { Filter } from './filter.ts';
import { STATES } from './states.ts';

/** Narrows the list. What it is narrowed to stands in the address, so that the view can be sent to somebody. */
export function FilterForm({ filter }: { filter: Filter }) {
  const { say } = useConsole();
  const { change } = useAddress();
  const { find, outcome } = useAccountSearch();
  const { status = '', marketerId = '', modelId = '' } = filter;

  /** Names become ids one after the other, so that of two that are not clear somebody is asked about each. */
  async function show(typed: Readonly<Record<string, string>>): Promise<void> {
    const { state = '', marketer = '', model = '' } = typed;
    const by = await find(marketer, (id) => void show({ ...typed, marketer: id }), { role: 'marketer' });
    if (by === undefined) return;
    const of = await find(model, (id) => void show({ ...typed, marketer: by ?? '', model: id }), { role: 'model' });
    if (of !== undefined) change({ state, marketer: by, model: of }, { push: true });
  }

  return (
    <>
      <form
        // What the address says anew, by going back or by a link, is what the fields say.
        key={`${status} ${marketerId} ${modelId}`}
        class="filter"
        aria-label={say('filter.label')}
        onSubmit={(event) => {
          event.preventDefault();
          void show(valuesOf(event.currentTarget));
        }}
      >
        <SelectField
          label={say('orders.state')}
          name="state"
          value={status}
          choices={[
            { value: '', label: say('orders.anyState') },
            ...STATES.map((state) => ({ value: state, label: say(`orderState.${state}`) })),
          ]}
        />
        <Field label={say('orders.marketerId')} name="marketer" value={marketerId} />
        <Field label={say('orders.modelId')} name="model" value={modelId} />
        <div class="actions">
          <button type="submit">{say('filter.show')}</button>
          {status + marketerId + modelId !== '' && (
            <button
              type="button"
              class="quiet"
              onClick={() => change({ state: null, marketer: null, model: null }, { push: true })}
            >
              {say('filter.reset')}
            </button>
          )}
        </div>
      </form>
      {outcome}
    </>
  );
}
