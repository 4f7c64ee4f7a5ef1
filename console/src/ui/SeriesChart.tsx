import { useMemo } from 'preact/hooks';

import { useConsole } from '../context.ts';
import { useAnswer } from '../queries.ts';
import { Chart, type Series } from './Chart.tsx';
import { Download } from './Download.tsx';
import { csvFile } from './save.ts';
import { csvOf, type SeriesName, SHOWN, sentenceOf, writerOf } from './series.ts';
import { Failed, Loading } from './Wait.tsx';

type Props = {
  name: SeriesName;
  /** From this day on; without, the last 26 weeks, 90 days or 12 paydays. */
  from?: string | undefined;
  /** Of `fans` alone: whose. */
  marketer?: string | undefined;
};

/** A series of the service as a chart, with its latest value in words, its table, and a file for a spreadsheet. */
export function SeriesChart({ name, from, marketer }: Props) {
  const { say, format, session } = useConsole();
  const query = {
    ...(from === undefined ? {} : { from }),
    ...(marketer === undefined ? {} : { marketer }),
  };
  const { data, error, refetch } = useAnswer('GET /v1/series/{name}', { path: { name }, query });
  const shown = SHOWN[name];
  const drawn = useMemo(() => {
    if (data === undefined) return undefined;
    const series = data.values.map(({ key, unit }): Series => {
      const label = shown.values[key];
      return {
        label: label === undefined ? key : say(label),
        values: data.points.map(({ values }) => values[key] ?? null),
        write: writerOf(unit, format, session.locale),
        isDrawn: shown.lines.includes(key),
      };
    });
    const write = series.find(({ isDrawn }) => isDrawn)?.write ?? format.count;
    return { series, write, days: data.points.map(({ at }) => at) };
  }, [data, shown, say, format, session.locale]);
  if (error !== null) return <Failed error={error} again={() => void refetch()} />;
  if (data === undefined || drawn === undefined) {
    return (
      // As high as what is on its way, so that nothing jumps when it has come.
      <figure class="chart pending">
        <figcaption>
          <strong>{say(shown.title)}</strong>
        </figcaption>
        <Loading />
      </figure>
    );
  }
  return (
    <Chart
      title={say(shown.title)}
      lead={sentenceOf(data, { say, format, locale: session.locale })}
      actions={
        <Download
          name={`${name}.csv`}
          label={say('table.csv')}
          spoken={`${say('table.csv')}: ${say(shown.title)}`}
          make={async () => csvFile(csvOf(data, format.typed))}
        />
      }
      {...drawn}
    />
  );
}
