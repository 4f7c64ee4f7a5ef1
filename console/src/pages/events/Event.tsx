import { useState } from 'preact/hooks';
import { actorWords } from '../../actors.ts';
import type { AnswerOf } from '../../api.ts';
import { type Console, useConsole } from '../../context.ts';
import type { PageProps } from '../../pageProps.ts';
import { useAnswer } from '../../queries.ts';
import { allows } from '../../session.ts';
import { AuditTrail } from '../../ui/AuditTrail.tsx';
import { Code } from '../../ui/Code.tsx';
import { type Fact, Facts } from '../../ui/Facts.tsx';
import { Missing } from '../../ui/Missing.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { type Moment, Timeline } from '../../ui/Timeline.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { isMissing } from '../../why.ts';
import { ACTS, type ActName } from './acts.tsx';
import { Reason } from './columns.tsx';
import { mayReplay, TONES } from './event.ts';
import { Things } from './Things.tsx';

type Event = AnswerOf<'GET /v1/events/{id}'>;

/** One event: how far it got, what it waits for, what it says, and what a manager does about it. */
export default function EventPage({ params: { id = '' } }: PageProps) {
  const { say } = useConsole();
  const { data: event, error, refetch } = useAnswer('GET /v1/events/{id}', { path: { id } });
  if (isMissing(error)) return <Missing />;
  return (
    <Page
      title={say('event.title', { id })}
      lead={event && <Status tone={TONES[event.status]}>{say(`eventState.${event.status}`)}</Status>}
      actions={event && <Acts event={event} />}
    >
      {error !== null && <Failed error={error} again={refetch} />}
      {event === undefined ? error === null && <Loading /> : <Parts event={event} />}
    </Page>
  );
}

function Parts({ event }: { event: Event }) {
  const tools = useConsole();
  const { say } = tools;
  return (
    <>
      {event.reason !== null && (
        <p class="section">
          <Reason item={event} say={say} />
        </p>
      )}
      <Section title={say('event.envelope')}>
        <Facts facts={factsOf(event, tools)} />
      </Section>
      <Section title={say('event.history')}>
        <Timeline label={say('event.history')} moments={momentsOf(event, tools)} />
      </Section>
      <Section title={say('event.body')}>
        {event.erased ? <p>{say('event.erased')}</p> : <Code label={say('event.body')} data={event.data} />}
      </Section>
      <AuditTrail subject={`event:${event.eventId}`} />
    </>
  );
}

function factsOf(event: Event, { say, format }: Pick<Console, 'say' | 'format'>): Fact[] {
  const { eventId, type, attempts, error, reason, waitsFor, holdsBack } = event;
  return [
    { label: say('event.id'), value: eventId },
    { label: say('events.type'), value: type },
    ...(reason === null && error !== null ? [{ label: say('event.error'), value: error }] : []),
    ...(waitsFor.length === 0 ? [] : [{ label: say('events.lacks'), value: <Things things={waitsFor} /> }]),
    { label: say('event.holdsBack'), value: format.count(holdsBack) },
    { label: say('event.attempts'), value: format.count(attempts) },
  ];
}

function momentsOf({ timestamp, receivedAt, dismissed }: Event, { say }: Pick<Console, 'say'>): Moment[] {
  return [
    { id: 'happened', at: timestamp, what: say('event.hasHappened') },
    { id: 'received', at: receivedAt, what: say('event.isReceived') },
    ...(dismissed === null
      ? []
      : [
          {
            id: 'dismissed',
            at: dismissed.at,
            what: say('event.wasDismissed', { ...dismissed, by: actorWords(dismissed.by, say) }),
            tone: 'bad' as const,
          },
        ]),
  ];
}

/** What can be done with it by who is there; the service decides again. */
function Acts({ event }: { event: Event }) {
  const { session, say } = useConsole();
  const [act, setAct] = useState<ActName>();
  const names: ActName[] = [
    ...(mayReplay(event) ? ['replay' as const] : []),
    ...(event.status === 'quarantined' ? ['dismiss' as const] : []),
  ];
  const Opened = act === undefined ? undefined : ACTS[act].Dialog;
  return (
    <>
      {allows(session, 'invoices') &&
        names.map((name) => (
          <button key={name} type="button" class={ACTS[name].weight} onClick={() => setAct(name)}>
            {say(ACTS[name].label)}
          </button>
        ))}
      {Opened !== undefined && <Opened items={[event]} onClose={() => setAct(undefined)} />}
    </>
  );
}
