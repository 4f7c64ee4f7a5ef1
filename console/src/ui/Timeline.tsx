import type { ComponentChildren } from 'preact';

import { useConsole } from '../context.ts';
import type { Tone } from './Status.tsx';

export type Moment = {
  id: string;
  /** An instant, RFC 3339, or a day of the platform's. */
  at: string;
  what: ComponentChildren;
  tone?: Tone;
  /** Whether it is still to come, as far as is known now. */
  isAhead?: boolean;
};

/** What happened and what is to come, in the order that it is given. */
export function Timeline({ moments, label }: { moments: readonly Moment[]; label: string }) {
  const { format } = useConsole();
  return (
    <ol class="timeline" aria-label={label}>
      {moments.map(({ id, at, what, tone = 'plain', isAhead = false }) => (
        <li key={id} class={`${tone}${isAhead ? ' ahead' : ''}`}>
          <time dateTime={at}>{at.length === 10 ? format.date(at) : format.instant(at)}</time>
          <div>{what}</div>
        </li>
      ))}
    </ol>
  );
}
