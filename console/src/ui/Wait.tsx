import type { ComponentChildren } from 'preact';

import { useConsole } from '../context.ts';
import { whyOf } from '../why.ts';

/** Shown while something is read for the first time. */
export function Loading() {
  const { say } = useConsole();
  return (
    <p class="wait" role="status">
      {say('frame.loading')}
    </p>
  );
}

/** A list that has nothing, said in its own words. */
export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** What could not be read, why, and the way to try again. */
export function Failed({ error, again }: { error: unknown; again?: () => void }) {
  const tools = useConsole();
  return (
    <div class="failed" role="alert">
      <p>
        <strong>{tools.say('page.failed')}</strong> {whyOf(error, tools)}
      </p>
      {again !== undefined && (
        <button type="button" onClick={again}>
          {tools.say('ended.again')}
        </button>
      )}
    </div>
  );
}
