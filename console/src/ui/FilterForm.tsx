import type { ComponentChildren } from 'preact';

import { useConsole } from '../context.ts';
import { valuesOf } from './Field.tsx';

type Props = {
  /** What it is narrowed to: what the address says anew, by going back or by a link, is what the fields say. */
  said: string;
  label?: string;
  onShow(typed: Record<string, string>): void;
  /** Where there is something to take back. */
  onReset?: (() => void) | undefined;
  resetLabel?: string;
  children: ComponentChildren;
};

/** Narrows a list. What it is narrowed to stands in the address, so that the view can be sent to somebody. */
export function FilterForm({ said, label, onShow, onReset, resetLabel, children }: Props) {
  const { say } = useConsole();
  return (
    <form
      key={said}
      class="filter"
      aria-label={label ?? say('filter.label')}
      onSubmit={(event) => {
        event.preventDefault();
        onShow(valuesOf(event.currentTarget));
      }}
    >
      {children}
      <div class="actions">
        <button type="submit">{say('filter.show')}</button>
        {onReset !== undefined && (
          <button type="button" class="quiet" onClick={onReset}>
            {resetLabel ?? say('filter.reset')}
          </button>
        )}
      </div>
    </form>
  );
}
