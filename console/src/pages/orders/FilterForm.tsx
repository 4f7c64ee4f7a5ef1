import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { ORDER_STATUSES } from '../../orders.ts';
import { useAccountSearch } from '../../ui/AccountSearch.tsx';
import { Field } from '../../ui/Field.tsx';
import { FilterForm as Filtering } from '../../ui/FilterForm.tsx';
import { SelectField } from '../../ui/SelectField.tsx';
import { allOr } from '../../ui/StateChoice.tsx';
import type { Filter } from './filter.ts';

/** Orders in a state, of a marketer, of a model. */
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
      <Filtering
        said={`${status} ${marketerId} ${modelId}`}
        onShow={(typed) => void show(typed)}
        onReset={
          status + marketerId + modelId === ''
            ? undefined
            : () => change({ state: null, marketer: null, model: null }, { push: true })
        }
      >
        <SelectField
          label={say('orders.state')}
          name="state"
          value={status}
          choices={allOr(say('orders.anyState'), ORDER_STATUSES, (state) => say(`orderState.${state}`))}
        />
        <Field label={say('orders.marketerId')} name="marketer" value={marketerId} />
        <Field label={say('orders.modelId')} name="model" value={modelId} />
      </Filtering>
      {outcome}
    </>
  );
}
