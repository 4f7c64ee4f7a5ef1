import { Link } from 'wouter-preact';

import { useConsole } from '../../context.ts';
import { useAnswer } from '../../queries.ts';
import { Failed, Loading } from '../../ui/Wait.tsx';
import type { Filter } from './filter.ts';

/** What is overdue by how long. Each age narrows the list to it. */
export function Ages({ filter }: { filter: Filter }) {
  const { say, format } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/overdue/summary', {});
  if (error !== null) return <Failed error={error} again={refetch} />;
  if (data === undefined) return <Loading />;
  return (
    <ul class="ages" aria-label={say('overdue.ages')}>
      {data.ages.map(({ from, to, count, models, amount }) => (
        <li key={from}>
          <Link
            href={to === null ? `/overdue?days=${from}` : `/overdue?days=${from}&maxDays=${to}`}
            aria-current={filter.days === from && filter.maxDays === (to ?? undefined) ? 'true' : undefined}
          >
            <span>{to === null ? say('overdue.ageFrom', { from }) : say('overdue.age', { from, to })}</span>
            <strong class="number">{format.money(amount)}</strong>
            <span class="hint">{say('overdue.ageOf', { count, models })}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
