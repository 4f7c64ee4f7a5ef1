import { useConsole } from '../context.ts';
import { Choice } from './Choice.tsx';

type Props<State extends string> = {
  /** As the address says; empty where all are shown. */
  value: State | '';
  states: readonly State[];
  wordsOf(state: State): string;
};

/** Narrows a list of one's own to a state, as `status` of the address; at first it shows all. */
export function StateChoice<State extends string>({ value, ...choices }: Props<State>) {
  const { say } = useConsole();
  return (
    <Choice
      label={say('invoice.state')}
      name="status"
      value={value}
      choices={allOr(say('own.all'), choices.states, choices.wordsOf)}
    />
  );
}

/** The choices of what shows all, in these words, until one is chosen. */
export function allOr<Value extends string>(all: string, values: readonly Value[], wordsOf: (value: Value) => string) {
  return [{ value: '' as const, label: all }, ...values.map((value) => ({ value, label: wordsOf(value) }))];
}
