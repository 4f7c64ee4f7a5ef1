import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { Field, valuesOf } from '../../ui/Field.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import type { Filter } from './filter.ts';
import { STATES } from './states.ts';

/** Narrows the list. What it is narrowed to stands in the address, so that the view can be sent to somebody. */
export function FilterForm({ filter }: { filter: Filter }) {
  const { say } = useConsole();
  const { change } = useAddress();
  const { status = '', marketerId = '', modelId = '' } = filter;
  return (
    <form
      // What the address says anew, by going back or by a link, is what the fields say.
      key={`${status} ${marketerId} ${modelId}`}
      class="filter"
      aria-label={say('filter.label')}
      onSubmit={(event) => {
        event.preventDefault();
        change(valuesOf(event.currentTarget), { push: true });
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
  );
}
