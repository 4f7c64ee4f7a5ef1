import 'uplot/dist/uPlot.min.css';

import { useEffect, useId, useRef } from 'preact/hooks';
import type UPlot from 'uplot';

import { useConsole } from '../context.ts';

export type Series = { label: string; values: readonly (number | null)[] };

type Props = {
  title: string;
  /** Days, `2026-11-23`, or instants: one for each value of a series. */
  days: readonly string[];
  series: readonly Series[];
  /** How a value is written, on the axis and in the table. */
  write(value: number): string;
};

/** The colours of series, in this order; readable side by side for who sees few of them, and told apart by their dashes. */
const COLOURS = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5'];
const DASHES = [[], [6, 3], [2, 3], [10, 3, 2, 3], [1, 4]];

/** Lines over days, and the same as a table for who cannot see them. The drawing is loaded when there is one to be drawn. */
export function Chart({ title, days, series, write }: Props) {
  const { say, format, session } = useConsole();
  const place = useRef<HTMLDivElement>(null);
  const heading = useId();
  useEffect(() => {
    const node = place.current;
    if (node === null) return;
    let chart: UPlot | undefined;
    let isGone = false;
    const observer = new ResizeObserver(() => chart?.setSize(sizeOf(node)));
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const draw = () =>
      import('uplot').then(({ default: Plot }) => {
        if (isGone) return;
        chart?.destroy();
        chart = new Plot(optionsOf(node, { series, write, locale: session.locale }), dataOf(days, series), node);
      });
    void draw();
    observer.observe(node);
    dark.addEventListener('change', draw);
    return () => {
      isGone = true;
      observer.disconnect();
      dark.removeEventListener('change', draw);
      chart?.destroy();
    };
  }, [days, series, write, session.locale]);
  const dayOf = (day: string) => (day.length === 10 ? format.date(day) : format.day(day));
  return (
    <figure class="chart" aria-labelledby={heading}>
      <figcaption id={heading}>{title}</figcaption>
      <div ref={place} class="plot" aria-hidden="true" />
      <details>
        <summary>{say('chart.table')}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls it by keys */}
        <section class="scroll" tabIndex={0} aria-labelledby={heading}>
          <table class="plain">
            <thead>
              <tr>
                <td />
                {series.map(({ label }) => (
                  <th key={label} scope="col" class="number">
                    {label}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {days.map((day, at) => (
                <tr key={day}>
                  <th scope="row">{dayOf(day)}</th>
                  {series.map(({ label, values }) => (
                    <td key={label} class="number">
                      {values[at] === null || values[at] === undefined ? '–' : write(values[at])}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </details>
    </figure>
  );
}

type Drawn = Pick<Props, 'series' | 'write'> & { locale: string };

function optionsOf(node: HTMLElement, { series, write, locale }: Drawn): UPlot.Options {
  const style = getComputedStyle(node);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const day = new Intl.DateTimeFormat(locale, { timeZone: 'UTC', day: 'numeric', month: 'short' });
  return {
    ...sizeOf(node),
    tzDate: (seconds) => new Date(seconds * 1_000),
    legend: { live: false },
    cursor: { drag: { x: false, y: false } },
    axes: [
      { ...axis, values: (_, at) => at.map((seconds) => day.format(new Date(seconds * 1_000))) },
      { ...axis, size: 76, values: (_, at) => at.map(write) },
    ],
    series: [
      {},
      ...series.map(({ label }, index) => ({
        label,
        stroke: colour(COLOURS[index % COLOURS.length] ?? '--ink'),
        dash: DASHES[index % DASHES.length] ?? [],
        width: 2,
      })),
    ],
  };
}

function sizeOf(node: HTMLElement): { width: number; height: number } {
  return { width: node.clientWidth, height: 220 };
}

function dataOf(days: readonly string[], series: readonly Series[]): UPlot.AlignedData {
  return [days.map((day) => Date.parse(day) / 1_000), ...series.map(({ values }) => [...values])];
}
