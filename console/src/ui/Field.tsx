import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

type Props = {
  label: string;
  name: string;
  /** As the address or the form has it at first. */
  value?: string | undefined;
  type?: 'text' | 'number' | 'date' | 'search';
  inputMode?: 'decimal' | 'numeric';
  min?: number;
  max?: number;
  isRequired?: boolean;
  /** What is wrong with it. */
  error?: string | undefined;
  /** A second line, for what is not plain. */
  hint?: ComponentChildren;
  /** Hears of everything that is typed. */
  onType?: (typed: string) => void;
};

/** A labelled field of a form, which is read when the form is sent. */
export function Field({
  label,
  name,
  value = '',
  type = 'text',
  isRequired = false,
  error,
  hint,
  onType,
  ...rest
}: Props) {
  const id = useId();
  const said = error ?? hint;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        type={type}
        defaultValue={value}
        required={isRequired}
        autocomplete="off"
        onInput={onType === undefined ? undefined : (event) => onType(event.currentTarget.value)}
        aria-invalid={error !== undefined}
        aria-describedby={said === undefined ? undefined : `${id}-said`}
        {...rest}
      />
      {said !== undefined && (
        <span id={`${id}-said`} class={error === undefined ? 'hint' : 'wrong'}>
          {said}
        </span>
      )}
    </div>
  );
}

/** What a form says, by the names of its fields. */
export function valuesOf(form: HTMLFormElement): Record<string, string> {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value).trim()]));
}
