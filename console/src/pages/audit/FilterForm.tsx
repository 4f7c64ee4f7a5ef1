import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { Field, valuesOf } from '../../ui/Field.tsx';
import { type Filter, NAMES } from './filter.ts';

/** Narrows the trail. What it is narrowed to stands in the address, so that the view can be sent to somebody. */
export function FilterForm({ filter }: { filter: Filter }) {
  const { say } = useConsole();
  const { change } = useAddress();
  const { subject, actor, action, from, to } = filter;
  return (
    <form
      // What the address says anew, by going back or by a link, is what the fields say.
      key={NAMES.map((name) => filter[name]).join(' ')}
      class="filter"
      aria-label={say('filter.label')}
      onSubmit={(event) => {
        event.preventDefault();
        change(valuesOf(event.currentTarget), { push: true });
      }}
    >
      <Field label={say('trail.subject')} name="subject" value={subject} hint={say('trail.subjectHint')} />
      <Field label={say('trail.actor')} name="actor" value={actor} hint={say('trail.actorHint')} />
      <Field label={say('trail.action')} name="action" value={action} hint={say('trail.actionHint')} />
      <Field label={say('trail.from')} name="from" type="date" value={from} />
      <Field label={say('trail.to')} name="to" type="date" value={to} />
      <div class="actions">
        <button type="submit">{say('trail.apply')}</button>
        {Object.keys(filter).length > 0 && (
          <button
            type="button"
            class="quiet"
            onClick={() => change(Object.fromEntries(NAMES.map((name) => [name, null])), { push: true })}
          >
            {say('filter.reset')}
          </button>
        )}
      </div>
    </form>
  );
}
