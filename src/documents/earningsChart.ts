import { type Canvas, createCanvas, GlobalFonts } from '@napi-rs/canvas';
import { BarController, BarElement, CategoryScale, Chart, LinearScale, type Plugin } from 'chart.js';

import { currencyDecimals, type MinorUnits } from '../kernel/money.ts';
import { type DisplayContext, speechOf } from '../texts/speech.ts';
import { fontBytes } from './fonts.ts';

/** One bar: a period as it is named under it, and what was earned in it, in minor units. */
export type Bar = { label: string; amount: MinorUnits };

const [WIDTH, HEIGHT, SCALE] = [900, 450, 2];

/** What our own words are written in, each script from the first family that has it. */
const FAMILIES = ['latin', 'latin-ext', 'cyrillic', 'cyrillic-ext'] as const;
const FAMILY = FAMILIES.map((script) => `"${familyOf(script)}"`).join(', ');

/** What was earned, period by period, as a PNG. */
export async function earningsChart(title: string, bars: Bar[], display: DisplayContext): Promise<Uint8Array> {
  registerFonts();
  const canvas = createCanvas(WIDTH * SCALE, HEIGHT * SCALE);
  const context = canvas.getContext('2d');
  context.fillStyle = 'white';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.scale(SCALE, SCALE);
  context.fillStyle = '#111111';
  context.font = `700 20px ${FAMILY}`;
  context.fillText(title, 24, 36, WIDTH - 48);
  const picture = createCanvas(WIDTH, HEIGHT - TITLE_HEIGHT);
  const chart = draw(picture, bars, display);
  context.drawImage(picture, 0, TITLE_HEIGHT, WIDTH, HEIGHT - TITLE_HEIGHT);
  chart.destroy();
  return canvas.encode('png');
}

const TITLE_HEIGHT = 50;

/** Draws the bars; the chart has to be destroyed once its picture was taken. */
function draw(picture: Canvas, bars: Bar[], display: DisplayContext): Chart {
  Chart.register(BarController, BarElement, CategoryScale, LinearScale);
  const scale = 10 ** currencyDecimals(display.currency);
  const amounts = bars.map(({ amount }) => amount / scale);
  // Its types speak of a browser's canvas; what it calls is what this one has.
  return new Chart(picture as unknown as ConstructorParameters<typeof Chart>[0], {
    type: 'bar',
    data: {
      labels: bars.map(({ label }) => label),
      datasets: [
        {
          data: amounts,
          backgroundColor: amounts.map((amount) => (amount < 0 ? '#c0504d' : '#3b7dd8')),
          borderRadius: 3,
        },
      ],
    },
    options: {
      animation: false,
      responsive: false,
      devicePixelRatio: SCALE,
      font: { family: FAMILY, size: 13 },
      color: '#444444',
      layout: { padding: { top: 24, right: 24, bottom: 12, left: 16 } },
      scales: {
        x: { grid: { display: false }, ticks: { font: { family: FAMILY, size: 13 }, maxRotation: 0, autoSkip: false } },
        y: {
          grace: '5%',
          suggestedMax: amounts.every((amount) => amount <= 0) ? 1 : 0,
          ticks: {
            font: { family: FAMILY, size: 13 },
            maxTicksLimit: 6,
            callback: (value) => speechOf(display).money(Math.round(Number(value) * scale)),
          },
        },
      },
    },
    plugins: [valuesOver(bars, display)],
  });
}

/** Writes each amount at the end of its bar; a bar of nothing stays without. */
function valuesOver(bars: Bar[], display: DisplayContext): Plugin<'bar'> {
  return {
    id: 'values',
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.fillStyle = '#111111';
      ctx.font = `400 11px ${FAMILY}`;
      ctx.textAlign = 'center';
      chart.getDatasetMeta(0).data.forEach(({ x, y }, index) => {
        const amount = bars[index]?.amount ?? 0;
        if (amount !== 0) ctx.fillText(shortMoney(amount, display), x, y + (amount < 0 ? 14 : -5), 70);
      });
      ctx.restore();
    },
  };
}

/** Without decimals where there is no room for them. */
function shortMoney(amount: MinorUnits, display: DisplayContext): string {
  const { money, wholeMoney } = speechOf(display);
  const text = money(amount);
  return text.length > 9 ? wholeMoney(amount) : text;
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
