import { useId } from 'preact/hooks';

type Props = {
  label: string;
  name: string;
  value: string;
  choices: readonly { value: string; label: string }[];
  /** Of one that acts at once; without, it is read when its form is sent. */
  onChoose?(value: string): void;
};

/** One of several, as a field. */
export function SelectField({ label, name, value, choices, onChoose }: Props) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select id={id} name={name} onChange={({ currentTarget }) => onChoose?.(currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value} selected={choice.value === value}>
            {choice.label}
          </option>
        ))}
      </select>
    </div>
  );
}
