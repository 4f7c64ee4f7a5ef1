import { useState } from 'preact/hooks';

import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { Field, valuesOf } from '../../ui/Field.tsx';
import { type Filter, filterOf, MOST_DAYS } from './filter.ts';

/** Narrows the list. What it is narrowed to stands in the address, so that the view can be sent to somebody. */
export function FilterForm({ filter }: { filter: Filter }) {
  const { say, format, session } = useConsole();
  const { change } = useAddress();
  const [isWrong, setWrong] = useState(false);
  const { days, maxDays, amount } = filter;
  return (
    <form
      // What the address says anew, by going back or by a link, is what the fields say.
      key={`${days} ${maxDays} ${amount}`}
      class="filter"
      aria-label={say('overdue.filter')}
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = filterOf(valuesOf(event.currentTarget), format);
        setWrong(wanted === null);
        if (wanted !== null) change({ days: wanted.days, maxDays: null, amount: wanted.amount }, { push: true });
      }}
    >
      <Field label={say('overdue.days')} name="days" type="number" min={0} max={MOST_DAYS} value={days?.toString()} />
      <Field
        label={say('overdue.amount', { currency: session.currency })}
        name="amount"
        inputMode="decimal"
        value={amount === undefined ? '' : format.typed(amount)}
        error={isWrong ? say('overdue.notAnAmount') : undefined}
      />
      <div class="actions">
        <button type="submit">{say('overdue.apply')}</button>
        {(days !== undefined || maxDays !== undefined || amount !== undefined) && (
          <button
            type="button"
            class="quiet"
            onClick={() => change({ days: null, maxDays: null, amount: null }, { push: true })}
          >
            {say('overdue.reset')}
          </button>
        )}
      </div>
    </form>
  );
}
