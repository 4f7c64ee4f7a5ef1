import { useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { Field } from '../../ui/Field.tsx';
import { FilterForm as Filtering } from '../../ui/FilterForm.tsx';
import { type Filter, NAMES } from './filter.ts';

/** What was done to something, by somebody, of a kind, in a time. */
export function FilterForm({ filter }: { filter: Filter }) {
  const { say } = useConsole();
  const { change } = useAddress();
  const { subject, actor, action, from, to } = filter;
  return (
    <Filtering
      said={NAMES.map((name) => filter[name]).join(' ')}
      onShow={(typed) => change(typed, { push: true })}
      onReset={
        Object.keys(filter).length === 0
          ? undefined
          : () => change(Object.fromEntries(NAMES.map((name) => [name, null])), { push: true })
      }
    >
      <Field label={say('trail.subject')} name="subject" value={subject} hint={say('trail.subjectHint')} />
      <Field label={say('trail.actor')} name="actor" value={actor} hint={say('trail.actorHint')} />
      <Field label={say('trail.action')} name="action" value={action} hint={say('trail.actionHint')} />
      <Field label={say('trail.from')} name="from" type="date" value={from} />
      <Field label={say('trail.to')} name="to" type="date" value={to} />
    </Filtering>
  );
}
