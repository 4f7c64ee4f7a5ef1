import { oneOf, useAddress } from '../../address.ts';
import { useConsole } from '../../context.ts';
import { Field } from '../../ui/Field.tsx';
import { FilterForm } from '../../ui/FilterForm.tsx';
import { Page } from '../../ui/Page.tsx';
import { SeriesChart } from '../../ui/SeriesChart.tsx';
import { fromOf, PERIODS, type Period } from './period.ts';

const LABELS = { usual: 'charts.usual', short: 'charts.short', long: 'charts.long' } as const;

/** How the business goes, over weeks and months. */
export default function Charts() {
  const { say, now } = useConsole();
  const { params, change } = useAddress();
  const period: Period = oneOf(params, 'period', PERIODS);
  const marketer = params.get('marketer') ?? undefined;
  const today = now();
  return (
    <Page title={say('charts.title')} lead={say('charts.lead')}>
      <fieldset class="choices">
        <legend class="unseen">{say('charts.period')}</legend>
        {(['short', 'usual', 'long'] as const).map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === period}
            onClick={() => change({ period: one === 'usual' ? null : one }, { push: true })}
          >
            {say(LABELS[one])}
          </button>
        ))}
      </fieldset>
      <div class="charts">
        {(['overdue-by-age', 'paid-on-time', 'escrow', 'payouts', 'fans', 'webhook-latency'] as const).map((name) => (
          <div key={name}>
            <SeriesChart
              name={name}
              from={fromOf(name, period, today)}
              {...(name === 'fans' ? { marketer: marketer || undefined } : {})}
            />
            {name === 'fans' && <MarketerForm marketer={marketer} />}
          </div>
        ))}
      </div>
    </Page>
  );
}

/** Whose fans are shown; everybody's, where it is empty. */
function MarketerForm({ marketer = '' }: { marketer?: string | undefined }) {
  const { say } = useConsole();
  const { change } = useAddress();
  return (
    <FilterForm
      said={marketer}
      label={say('charts.marketerForm')}
      onShow={(typed) => change({ marketer: typed.marketer }, { push: true })}
    >
      <Field label={say('charts.marketer')} name="marketer" value={marketer} />
    </FilterForm>
  );
}
