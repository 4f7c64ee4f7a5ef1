import { useAddress } from '../address.ts';
import { SelectField } from './SelectField.tsx';

type Props = {
  label: string;
  /** In the address. */
  name: string;
  value: string;
  choices: readonly { value: string; label: string }[];
};

/** One of several, kept in the address; the first is what it shows without, and takes it out. */
export function Choice({ name, choices, ...props }: Props) {
  const { change } = useAddress();
  return (
    <SelectField
      name={name}
      choices={choices}
      {...props}
      onChoose={(value) => change({ [name]: value === choices[0]?.value ? null : value }, { push: true })}
    />
  );
}
