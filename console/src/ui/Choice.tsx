import { useId } from 'preact/hooks';

import { useAddress } from '../address.ts';

type Props = {
  label: string;
  /** In the address. */
  name: string;
  value: string;
  choices: readonly { value: string; label: string }[];
};

/** One of several, kept in the address; the empty one takes it out. */
export function Choice({ label, name, value, choices }: Props) {
  const id = useId();
  const { change } = useAddress();
  return (
    <div class="filter">
      <div class="field">
        <label for={id}>{label}</label>
        <select
          id={id}
          value={value}
          onChange={(event) => change({ [name]: event.currentTarget.value }, { push: true })}
        >
          {choices.map((one) => (
            <option key={one.value} value={one.value}>
              {one.label}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
