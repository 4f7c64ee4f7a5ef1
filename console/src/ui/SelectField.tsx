import { useId } from 'preact/hooks';

type Props = {
  label: string;
  name: string;
  value: string;
  choices: readonly { value: string; label: string }[];
};

/** One of several, as a field of a form. */
export function SelectField({ label, name, value, choices }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} defaultValue={value}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
