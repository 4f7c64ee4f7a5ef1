import { useState } from 'preact/hooks';

import { signedAmountOf } from '../amounts.ts';
import { useConsole } from '../context.ts';
import { Field } from './Field.tsx';

type Props = {
  label: string;
  name: string;
  /** In minor units, as the address has it at first. */
  value?: number | undefined;
  isRequired?: boolean;
  /** It may be below zero. */
  isSigned?: boolean;
  /** What was typed was sent, and is no amount. */
  isWrong: boolean;
};

/** A field for an amount. Beside it stands what is understood, or how to type it, before it is sent. */
export function AmountField({ label, name, value, isRequired = false, isSigned = false, isWrong }: Props) {
  const { say, format } = useConsole();
  const first = value === undefined ? '' : format.typedHere(value);
  const [typed, setTyped] = useState(first);
  const amount = isSigned ? signedAmountOf(typed, format.amountOf) : format.amountOf(typed);
  const example = { example: format.typedHere(EXAMPLE) };
  const howTo = say('amount.howTo', example);
  const isNone = amount === null && typed.trim() !== '';
  return (
    <Field
      label={label}
      name={name}
      {...(isSigned ? {} : { inputMode: 'decimal' as const })}
      value={first}
      isRequired={isRequired}
      onType={setTyped}
      hint={
        <span role="status">
          {amount !== null ? say('amount.is', { amount: format.money(amount) }) : isNone && howTo}
        </span>
      }
      error={isWrong && isNone ? say('amount.none', example) : undefined}
    />
  );
}

/** With whatever stands between and before its digits. */
const EXAMPLE = 123_450;
