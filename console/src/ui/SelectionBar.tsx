import type { ComponentChildren } from 'preact';

import { useConsole } from '../context.ts';
import type { Selection } from './selection.ts';

type Props = {
  selection: Selection;
  /** How many of what is shown are chosen. */
  count: number;
  /** What they come to together. */
  sum?: ComponentChildren;
  /** Buttons of what can be done with them. */
  children: ComponentChildren;
};

/** Stands at the lower edge while rows are chosen. */
export function SelectionBar({ selection, count, sum, children }: Props) {
  const { say } = useConsole();
  if (count === 0) return null;
  return (
    <section class="selection-bar" aria-label={say('selection.label')}>
      <p role="status">
        <strong>{say('selection.count', { count })}</strong>
        {sum !== undefined && <span class="number"> · {sum}</span>}
      </p>
      <div class="actions">
        {children}
        <button type="button" class="quiet" onClick={selection.clear}>
          {say('selection.clear')}
        </button>
      </div>
    </section>
  );
}
