import { createCanvas, GlobalFonts, type SKRSContext2D } from '@napi-rs/canvas';
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, type Plugin } from 'chart.js';

import { currencyDecimals, type MinorUnits } from '../kernel/money.ts';
import { shorten } from '../kernel/text.ts';
import { type DisplayContext, speechOf } from '../texts/speech.ts';
import { fontBytes } from './fonts.ts';

/**
 * A part of a chart: something was counted, or added up in minor units, for each of the labels along the bottom. Several
 * series stand on each other, each in a colour of its own, and are named above.
 */
export type Panel = { heading?: string; labels: string[]; unit: 'money' | 'count'; series: Series[] };
export type Series = { name?: string; values: number[]; tone?: keyof typeof TONES };

const [WIDTH, PANEL_HEIGHT, HEADING_HEIGHT, TITLE_HEIGHT, SCALE] = [900, 400, 30, 50, 2];

/** Apart from each other also for eyes that mix up red and green, and in print. The first is what stands alone. */
const COLOURS = ['#3b7dd8', '#e69f00', '#009e73', '#8b5fbf', '#56b4e9', '#9a9a9a'];
const BELOW_ZERO = '#c0504d';
/** What means well or ill by itself. */
const TONES = { good: '#009e73', fair: '#e69f00', bad: '#c44e1c' } as const;
/** Series that a chart can tell apart. */
export const MOST_SERIES = COLOURS.length;
const NAME_LENGTH = 28;

/** What our own words are written in, each script from the first family that has it. */
const FAMILIES = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext'] as const;
const FAMILY = FAMILIES.map((script) => `"${familyOf(script)}"`).join(', ');

/** Bars on white, one panel below the other, as a PNG that can be read on a phone. Pure: the same data is the same picture. */
export async function chart(title: string, panels: Panel[], display: DisplayContext): Promise<Uint8Array> {
  registerFonts();
  const height = TITLE_HEIGHT + panels.reduce((sum, panel) => sum + headingOf(panel) + PANEL_HEIGHT, 0);
  const canvas = createCanvas(WIDTH * SCALE, height * SCALE);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(SCALE, SCALE);
  write(context, title, 20, 36);
  let top = TITLE_HEIGHT;
  for (const panel of panels) {
    if (panel.heading !== undefined) write(context, panel.heading, 16, top + 20);
    top += headingOf(panel);
    drawPanel(context, panel, top, display);
    top += PANEL_HEIGHT;
  }
  return canvas.encode('png');
}

function headingOf({ heading }: Panel): number {
  return heading === undefined ? 0 : HEADING_HEIGHT;
}

function write(context: SKRSContext2D, text: string, size: number, baseline: number): void {
  context.fillStyle = '#111111';
  context.font = `700 ${size}px ${FAMILY}`;
  context.fillText(text, 24, baseline, WIDTH - 48);
}

function drawPanel(context: SKRSContext2D, panel: Panel, top: number, display: DisplayContext): void {
  Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale);
  const picture = createCanvas(WIDTH, PANEL_HEIGHT);
  const { labels, series } = panel;
  const { scale, format } = unitOf(panel, display);
  const font = { family: FAMILY, size: 13 };
  const sums = sumsOf(panel);
  // Its types speak of a browser's canvas; what it calls is what this one has.
  const drawn = new Chart(picture as unknown as ConstructorParameters<typeof Chart>[0], {
    type: 'bar',
    data: {
      labels,
      datasets: series.map(({ name = '', values, tone }, index) => ({
        label: shorten(name, NAME_LENGTH),
        data: values.map((value) => value / scale),
        backgroundColor: values.map((value) => (value < 0 ? BELOW_ZERO : colourOf(index, tone))),
        borderRadius: 3,
      })),
    },
    options: {
      ...{ animation: false, responsive: false, devicePixelRatio: SCALE, font, color: '#444444' },
      layout: { padding: { top: 24, right: 24, bottom: 12, left: 16 } },
      plugins: { legend: legendOf(panel, font) },
      scales: {
        x: { stacked: true, grid: { display: false }, ticks: { font, maxRotation: 0, autoSkip: false } },
        y: {
          ...{ stacked: true, grace: '5%', suggestedMax: sums.every((sum) => sum <= 0) ? 1 : 0 },
          ticks: { font, maxTicksLimit: 6, callback: (value) => format(Math.round(Number(value) * scale)) },
        },
      },
    },
    plugins: [valuesOver(sums, (sum) => shortened(sum, panel, display))],
  });
  context.drawImage(picture, 0, top, WIDTH, PANEL_HEIGHT);
  drawn.destroy();
}

function colourOf(index: number, tone: Series['tone']): string {
  return tone === undefined ? (COLOURS[index % COLOURS.length] ?? '') : TONES[tone];
}

/** Names of series with their colours; what stands alone is named by the title. */
function legendOf({ series }: Panel, font: { family: string; size: number }) {
  return {
    display: series.some(({ name }) => name !== undefined),
    align: 'start' as const,
    labels: {
      ...{ font, color: '#444444', boxWidth: 14, boxHeight: 14 },
      // A bar below zero has another colour than its series.
      generateLabels: () =>
        series.map(({ name = '', tone }, index) => ({
          text: shorten(name, NAME_LENGTH),
          fillStyle: colourOf(index, tone),
          lineWidth: 0,
        })),
    },
  };
}

function unitOf({ unit }: Panel, display: DisplayContext): { scale: number; format: (value: number) => string } {
  const { money, say } = speechOf(display);
  return unit === 'money'
    ? { scale: 10 ** currencyDecimals(display.currency), format: money }
    : { scale: 1, format: (count) => say('charts.count', { count }) };
}

function sumsOf({ labels, series }: Panel): number[] {
  return labels.map((_, index) => series.reduce((sum, { values }) => sum + (values[index] ?? 0), 0));
}

/** Writes at the end of each bar what it comes to; a bar of nothing stays without. */
function valuesOver(sums: number[], textOf: (sum: number) => string): Plugin<'bar'> {
  return {
    id: 'values',
    afterDatasetsDraw(drawn) {
      const { ctx } = drawn;
      ctx.save();
      ctx.fillStyle = '#111111';
      ctx.font = `400 11px ${FAMILY}`;
      ctx.textAlign = 'center';
      const bars = drawn.getSortedVisibleDatasetMetas();
      bars[0]?.data.forEach(({ x }, index) => {
        const sum = sums[index] ?? 0;
        const ends = bars.flatMap(({ data }) => data[index]?.y ?? []);
        const y = sum < 0 ? Math.max(...ends) + 14 : Math.min(...ends) - 6;
        if (sum !== 0) ctx.fillText(textOf(sum), x, y, 70);
      });
      ctx.restore();
    },
  };
}

/** Money without decimals where there is no room for them. */
function shortened(value: MinorUnits, panel: Panel, display: DisplayContext): string {
  const text = unitOf(panel, display).format(value);
  return panel.unit === 'money' && text.length > 9 ? speechOf(display).wholeMoney(value) : text;
}

let registered = false;

/** No font of the system is assumed: the ones of the documents are used. */
function registerFonts(): void {
  if (registered) return;
  for (const script of FAMILIES) {
    for (const weight of [400, 700]) {
      GlobalFonts.register(Buffer.from(fontBytes(`noto-sans/${script}-${weight}`)), familyOf(script));
    }
  }
  registered = true;
}

function familyOf(script: (typeof FAMILIES)[number]): string {
  return `Settlebot Sans ${script}`;
}
