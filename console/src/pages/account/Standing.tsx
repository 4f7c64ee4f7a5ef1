import { reasonSentence } from '../../../../src/standing/reason.ts';
import { useConsole } from '../../context.ts';
import { useAnswer } from '../../queries.ts';
import { Facts } from '../../ui/Facts.tsx';
import { Section } from '../../ui/Page.tsx';
import { Status } from '../../ui/Status.tsx';
import { type Moment, Timeline } from '../../ui/Timeline.tsx';
import { Failed, Loading } from '../../ui/Wait.tsx';
import { stepMoment } from './steps.ts';

/** How a model stands now, how that came about, and what follows when nothing is paid. */
export function Standing({ id }: { id: string }) {
  const { say, format, now } = useConsole();
  const ahead = useAnswer('GET /v1/models/{id}/forecast', { path: { id } });
  const trust = useAnswer('GET /v1/models/{id}/trust', { path: { id }, query: { limit: 500 } });
  const error = ahead.error ?? trust.error;
  const { data } = ahead;
  if (error !== null)
    return <Failed error={error} again={() => void Promise.all([ahead.refetch(), trust.refetch()])} />;
  if (data === undefined || trust.data === undefined) return <Loading />;
  const { campaigns, cplOrders, overdue, paidOnTime, invoices, trustScore, because } = data.now;
  const moments: Moment[] = [
    ...trust.data.items.slice(-PAST).map((change, index) => ({
      id: `past-${index}`,
      at: change.at,
      what: say('account.trustChanged', { cause: say(`own.causes.${change.cause}`), score: change.score }),
    })),
    ...data.steps.map((step) => stepMoment(step, { say, format, now })),
  ];
  return (
    <Section title={say('home.standing')}>
      <Facts
        facts={[
          { label: say('account.overdue'), value: format.money(overdue.total), isNumber: true },
          {
            label: say('account.campaigns'),
            value: <Status tone={campaigns === 'running' ? 'good' : 'bad'}>{say(`states.${campaigns}`)}</Status>,
          },
          {
            label: say('account.orders'),
            value: <Status tone={cplOrders === 'allowed' ? 'good' : 'bad'}>{say(`states.${cplOrders}`)}</Status>,
          },
          { label: say('account.onTime'), value: say('account.onTimeOf', { paid: paidOnTime, count: invoices }) },
          { label: say('overdue.trust'), value: format.count(trustScore), isNumber: true },
        ]}
      />
      {because.map((reason) => (
        <p key={JSON.stringify(reason)}>{reasonSentence(reason, { say, ...format })}</p>
      ))}
      <h3>{say('account.timeline')}</h3>
      {moments.length === 0 ? (
        <p class="hint">{say('account.noMoments')}</p>
      ) : (
        <Timeline moments={moments} label={say('account.timeline')} />
      )}
    </Section>
  );
}

/** The latest changes are shown, the rest is in the list of the API. */
const PAST = 8;
