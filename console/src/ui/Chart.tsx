import 'uplot/dist/uPlot.min.css';

import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import type UPlot from 'uplot';

import { useConsole } from '../context.ts';
import { DAY_STEPS, daysShown, marksOf } from './axis.ts';

export type Series = {
  label: string;
  values: readonly (number | null)[];
  /** How its values are written in the table, where that is another way than on the axis. */
  write?: (value: number) => string;
  /** One that is false stands in the table alone. */
  isDrawn?: boolean;
};

type Props = {
  title: string;
  /** Days, `2026-11-23`, or instants: one for each value of a series. */
  days: readonly string[];
  series: readonly Series[];
  /** How a value is written, on the axis and in the table. */
  write(value: number): string;
  /** What it says, in a sentence. */
  lead?: string;
  actions?: ComponentChildren;
};

/** The colours of series, in this order; readable side by side for who sees few of them, and told apart by their dashes. */
const COLOURS = ['--series-1', '--series-2', '--series-3', '--series-4', '--series-5', '--series-6'];
const DASHES = [[], [8, 4], [2, 3], [12, 3, 2, 3], [1, 5], [5, 2, 5, 6]];

/** Lines over days, and the same as a table for who cannot see them. The drawing is loaded when there is one to be drawn. */
export function Chart({ title, days, series, write, lead, actions }: Props) {
  const { say, format, session } = useConsole();
  const [isTableShown, setTableShown] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const heading = useId();
  useEffect(() => {
    const node = place.current;
    if (node === null || days.length === 0) return;
    let chart: UPlot | undefined;
    let isGone = false;
    const observer = new ResizeObserver(() => chart?.setSize(sizeOf(node)));
    const dark = matchMedia('(prefers-color-scheme: dark)');
    const lines = series.filter(({ isDrawn = true }) => isDrawn);
    const draw = () =>
      import('uplot').then(({ default: Plot }) => {
        if (isGone) return;
        chart?.destroy();
        chart = new Plot(
          optionsOf(node, { days, series: lines, write, locale: session.locale }),
          dataOf(days, lines),
          node,
        );
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
      <figcaption>
        <strong id={heading}>{title}</strong>
        <span class="actions">
          {actions}
          {days.length > 0 && (
            <button
              type="button"
              aria-pressed={isTableShown}
              aria-label={`${say('chart.table')}: ${title}`}
              onClick={() => setTableShown(!isTableShown)}
            >
              {say('chart.table')}
            </button>
          )}
        </span>
      </figcaption>
      {lead !== undefined && <p class="lead">{lead}</p>}
      {days.length > 0 && (
        <>
          <Legend series={series} />
          <div ref={place} class="plot" aria-hidden="true" />
          <section
            class={isTableShown ? 'scroll' : 'unseen'}
            tabIndex={isTableShown ? 0 : -1}
            aria-labelledby={heading}
          >
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
                    {series.map(({ label, values, write: own = write }) => (
                      <td key={label} class="number">
                        {values[at] === null || values[at] === undefined ? '–' : own(values[at])}
                      </td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </>
      )}
    </figure>
  );
}

/** What each line is of, with its dashes; one alone is what the title says. */
function Legend({ series }: Pick<Props, 'series'>) {
  const lines = series.filter(({ isDrawn = true }) => isDrawn);
  if (lines.length < 2) return null;
  return (
    <ul class="legend" aria-hidden="true">
      {lines.map(({ label }, index) => (
        <li key={label}>
          <svg width="32" height="8" viewBox="0 0 32 8" role="presentation">
            <line
              x1="0"
              y1="4"
              x2="32"
              y2="4"
              stroke={`var(${colourOf(index)})`}
              stroke-width="2.5"
              stroke-dasharray={dashOf(index).join(' ')}
            />
          </svg>
          {label}
        </li>
      ))}
    </ul>
  );
}

function colourOf(index: number): string {
  return COLOURS[index % COLOURS.length] ?? '--ink';
}

function dashOf(index: number): number[] {
  return DASHES[index % DASHES.length] ?? [];
}

type Drawn = Pick<Props, 'days' | 'series' | 'write'> & { locale: string };

function optionsOf(node: HTMLElement, { days, series, write, locale }: Drawn): UPlot.Options {
  const style = getComputedStyle(node);
  const [first = 0, last = first] = [days[0], days.at(-1)].flatMap((at) => (at === undefined ? [] : [secondsOf(at)]));
  const colour = (name: string) => resolved(node, style.getPropertyValue(name).trim());
  const axis = { stroke: colour('--muted'), grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
  const day = new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    timeZone: 'UTC',
    day: 'numeric',
    month: 'short',
  });
  return {
    ...sizeOf(node),
    legend: { show: false },
    cursor: { show: false },
    axes: [
      {
        ...axis,
        ...{ space: 64, size: 30, incrs: DAY_STEPS },
        splits: (_, __, ___, ____, step) => marksOf(first, last, step),
        values: (_, at) => at.map((seconds) => day.format(new Date(seconds * 1_000))),
      },
      { ...axis, size: 84, incrs: WHOLE, values: (_, at) => at.map(write) },
    ],
    scales: {
      // Not as times, whose marks would be at the midnights of the browser's zone.
      x: { time: false, range: () => daysShown(first, last) },
      y: { range: (_, low, high) => [Math.min(0, low), Math.max(high, 1) * 1.05] },
    },
    series: [
      {},
      ...series.map(({ label }, index) => ({
        label,
        stroke: colour(colourOf(index)),
        dash: dashOf(index),
        width: 2,
      })),
    ],
  };
}

/** Steps of an axis: what is shown is counted in whole things, minor units or milliseconds. */
const WHOLE = Array.from({ length: 13 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** A canvas does not know `light-dark()`: what the browser makes of it for this element. */
function resolved(node: HTMLElement, colour: string): string {
  const before = node.style.color;
  node.style.color = colour;
  const made = getComputedStyle(node).color;
  node.style.color = before;
  return made;
}

function sizeOf(node: HTMLElement): { width: number; height: number } {
  return { width: node.clientWidth, height: 220 };
}

function dataOf(days: readonly string[], series: readonly Series[]): UPlot.AlignedData {
  return [days.map(secondsOf), ...series.map(({ values }) => [...values])];
}

function secondsOf(day: string): number {
  return Date.parse(day) / 1_000;
}
