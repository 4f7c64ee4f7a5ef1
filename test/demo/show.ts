import type { ShownFile } from '../support/httpBody.ts';

/** What there is to show of a message, in whichever chat. */
export type Shown = { from: 'bot' | 'person'; text: string; buttons: { label: string }[][]; files?: ShownFile[] };

const WIDTH = 100;

/** How the demo reads: the story flush left, chats indented, buttons as [Label]. */
export const show = { heading, story, press, message, edited, table, line };

function line(text = ''): void {
  process.stdout.write(`${text}\n`);
}

function heading(text: string): void {
  line();
  line(`== ${text} ${'='.repeat(Math.max(0, WIDTH - text.length - 4))}`);
}

function story(text: string): void {
  line();
  for (const part of wrapped(text, WIDTH)) line(part);
}

function press(name: string, label: string, times: number): void {
  const count = times === 1 ? '' : times === 2 ? ', twice in a row' : `, ${times} times in a row`;
  line();
  line(`    ${name} presses [${label}]${count}`);
}

/** A message in somebody's chat; `secret` in it is not shown. */
function message(name: string, shown: Shown, secret: string): void {
  const readable = secret === '' ? shown.text : shown.text.replaceAll(secret, '(the code)');
  line();
  if (shown.from === 'person') {
    line(`    ${name}: ${readable}`);
    return;
  }
  line(`    settlebot to ${name}:`);
  body({ ...shown, text: readable });
}

/** A message that stands in somebody's chat already and reads differently now. */
function edited(name: string, shown: Shown): void {
  line();
  line(`    settlebot edits its message to ${name}:`);
  body(shown);
}

function body({ text, buttons, files = [] }: Shown): void {
  for (const paragraph of text.split('\n')) {
    // A table is drawn already.
    const parts = / {2}/.test(paragraph.trim()) ? [paragraph] : wrapped(paragraph, WIDTH - 6);
    for (const part of parts) line(part === '' ? '' : `      ${part}`);
  }
  for (const file of files) {
    line(`      (file ${file.name})`);
    // A picture, or a document to print, says nothing here.
    if (!file.name.endsWith('.csv')) continue;
    for (const row of file.text.trim().split(/\r?\n/)) line(`        ${row}`);
  }
  for (const row of buttons) line(`      ${row.map(({ label }) => `[${label}]`).join(' ')}`);
}

/** A table with numbers to the right; `right` names those columns by position. */
function table(header: string[], rows: string[][], right: number[]): void {
  const widths = header.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const drawn = (cells: string[]): string =>
    cells
      .map((cell, column) =>
        right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  line();
  line(drawn(header));
  line(widths.map((width) => '-'.repeat(width)).join('  '));
  for (const row of rows) line(drawn(row));
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    if (current !== '' && current.length + word.length + 1 > width) {
      lines.push(current);
      current = word;
    } else current = current === '' ? word : `${current} ${word}`;
  }
  return [...lines, current];
}
