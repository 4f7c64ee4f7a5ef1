import '../../styles/details.css';

import { useQuery } from '@tanstack/preact-query';

import { useConsole } from '../../context.ts';
import { Postings } from '../../ui/Foreseen.tsx';
import { whyOf } from '../../why.ts';
import { type Change, type Foreseen, fieldsOf, foresee, shownAs } from './foresight.ts';
import { wordsOf } from './Things.tsx';

/** What a replay would change, before it is done. */
export function Foresight({ eventId }: { eventId: string }) {
  const tools = useConsole();
  const { api, say } = tools;
  const { data, error } = useQuery({
    queryKey: ['foresight', eventId],
    queryFn: () => foresee(api, eventId),
    // What was true when the dialog was opened before is asked again.
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error !== null) return <p role="alert">{say('foresight.failed', { why: whyOf(error, tools) })}</p>;
  if (data === undefined) return <p role="status">{say('foresight.asking')}</p>;
  if (data === null) return <p class="hint">{say('foresight.notSupported')}</p>;
  return <Answer foreseen={data} />;
}

function Answer({ foreseen }: { foreseen: Foreseen }) {
  const { say } = useConsole();
  const { outcome, reason, waitsFor, changes, postings, then, more } = foreseen;
  const left = more.changes + more.postings + more.following;
  const things = waitsFor.map(wordsOf).join(', ');
  const following = [
    ...(then.woken.length === 0 ? [] : [say('foresight.woken', { count: then.woken.length })]),
    ...(then.invoices.length === 0 ? [] : [say('foresight.invoices', { count: then.invoices.length })]),
    ...(then.webhooks.length === 0 ? [] : [say('foresight.webhooks', { count: then.webhooks.length })]),
    ...(then.notices.length === 0 ? [] : [say('foresight.notices', { count: then.notices.length })]),
  ];
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls it by keys
    <section class="changes" tabIndex={0} aria-label={say('foresight.changes')}>
      <p role="status">
        <strong>{say('foresight.outcome', { outcome: outcome === 'undecided' ? 'other' : outcome })}</strong>{' '}
        {reason?.words}
      </p>
      {things !== '' && <p>{say('foresight.lacks', { things })}</p>}
      {changes.length > 0 && <h3>{say('foresight.changes')}</h3>}
      {changes.map((change) => (
        <OneChange key={`${change.subject} ${change.action}`} change={change} />
      ))}
      {postings.length > 0 && <Postings postings={postings} />}
      {following.length > 0 && (
        <>
          <h3>{say('foresight.then')}</h3>
          <ul>
            {following.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </>
      )}
      {left > 0 && <p class="hint">{say('foresight.more', { count: left })}</p>}
    </section>
  );
}

function OneChange({ change }: { change: Change }) {
  const { say } = useConsole();
  const { subject, action } = change;
  const nothing = say('foresight.nothing');
  return (
    <>
      <h4>
        {subject} ({say(`foresight.${action}`)})
      </h4>
      <table class="plain">
        <thead>
          <tr>
            <th scope="col">{say('foresight.field')}</th>
            <th scope="col">{say('foresight.before')}</th>
            <th scope="col">{say('foresight.after')}</th>
          </tr>
        </thead>
        <tbody>
          {fieldsOf(change).map(({ name, before, after }) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{shownAs(before) ?? nothing}</td>
              <td>{shownAs(after) ?? nothing}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}
