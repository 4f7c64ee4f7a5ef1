import { useState } from 'preact/hooks';

import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { AmountField } from '../../ui/AmountField.tsx';
import { Field } from '../../ui/Field.tsx';
import { FilterForm as Filtering } from '../../ui/FilterForm.tsx';
import { type Filter, filterOf, MOST_DAYS } from './filter.ts';

/** Invoices past due for so many days, and of so much. */
export function FilterForm({ filter }: { filter: Filter }) {
  const { say, format, session } = useConsole();
  const { change } = useAddress();
  const [isWrong, setWrong] = useState(false);
  const { days, maxDays, amount } = filter;
  return (
    <Filtering
      said={`${days} ${maxDays} ${amount}`}
      onShow={(typed) => {
        const wanted = filterOf(typed, format);
        setWrong(wanted === null);
        if (wanted !== null) change({ days: wanted.days, maxDays: null, amount: wanted.amount }, { push: true });
      }}
      onReset={
        days === undefined && maxDays === undefined && amount === undefined
          ? undefined
          : () => change({ days: null, maxDays: null, amount: null }, { push: true })
      }
    >
      <Field label={say('overdue.days')} name="days" type="number" min={0} max={MOST_DAYS} value={days?.toString()} />
      <AmountField
        label={say('overdue.amount', { currency: session.currency })}
        name="amount"
        value={amount}
        isWrong={isWrong}
      />
    </Filtering>
  );
}
