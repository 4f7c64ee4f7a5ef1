import type { AnswerOf } from '../../api.ts';
import { useConsole } from '../../context.ts';
import { useAnswer } from '../../queries.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Page, Section } from '../../ui/Page.tsx';
import { SeriesChart } from '../../ui/SeriesChart.tsx';
import { Status } from '../../ui/Status.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { checkFacts } from './checks.ts';
import { Jobs } from './Jobs.tsx';
import { Unreachable, Unreached } from './People.tsx';
import { Channels, ParkedLately } from './Stuck.tsx';

type State = AnswerOf<'GET /v1/health'>;

/** What is in hand, what is stuck, what is late, and who cannot be reached. */
export default function Health() {
  const { say, format, session } = useConsole();
  const { data, error, refetch } = useAnswer('GET /v1/health', {});
  const lead =
    data === undefined ? undefined : say('health.lead', { at: format.instant(data.at), zone: session.timeZone });
  return (
    <Page title={say('health.title')} lead={lead}>
      {error !== null && <Failed error={error} again={() => void refetch()} />}
      {data === undefined ? error === null && <Loading /> : <Shown state={data} />}
    </Page>
  );
}

function Shown({ state }: { state: State }) {
  const { say, format } = useConsole();
  const { events, webhooks, notices, ready, stuck, jobs, unreached } = state;
  const late = jobs.filter(({ isLate }) => isLate).length;
  const count = (label: string, value: number) => ({ label, value: format.count(value), isNumber: true });
  return (
    <>
      <p class="actions">
        <Status tone={ready ? 'good' : 'bad'}>{say(ready ? 'health.ready' : 'health.notReady')}</Status>
        <Status tone={stuck === 0 ? 'good' : 'bad'}>{say('health.stuck', { count: stuck })}</Status>
        <Status tone={late === 0 ? 'good' : 'bad'}>{say('health.late', { count: late })}</Status>
        <Status tone={unreached.count === 0 ? 'good' : 'waiting'}>
          {say('health.unreached', { count: unreached.count })}
        </Status>
      </p>
      <Section title={say('health.checks')}>
        <Facts facts={checkFacts(state, { say, format })} />
      </Section>
      <Section title={say('health.events')}>
        <Facts
          facts={[
            count(say('health.received'), events.received),
            count(say('health.waiting'), events.waiting),
            count(say('health.quarantined'), events.quarantined),
          ]}
        />
      </Section>
      <Section title={say('health.webhooks')}>
        {!webhooks.enabled && (
          <p>
            <Status tone="plain">{say('health.off')}</Status>
          </p>
        )}
        <Facts facts={[count(say('health.due'), webhooks.due), count(say('health.parked'), webhooks.parked)]} />
        <ParkedLately webhooks={webhooks.parkedLately} />
        {webhooks.enabled && <SeriesChart name="webhook-latency" />}
      </Section>
      <Section title={say('health.notices')}>
        <Facts facts={[count(say('health.noticesWaiting'), notices.waiting)]} />
        <Channels byChannel={notices.byChannel} />
        <p>
          <Status tone={state.managersChannel === null ? 'good' : 'bad'}>
            {state.managersChannel === null
              ? say('health.managersChannelOk')
              : say('health.managersChannel', { why: state.managersChannel })}
          </Status>
        </p>
      </Section>
      {state.unreachable.count > 0 && <Unreachable />}
      {unreached.count > 0 && <Unreached />}
      <Section title={say('health.jobs')}>
        <Jobs jobs={jobs} />
      </Section>
    </>
  );
}
