import PDFDocument from 'pdfkit';

import { type DisplayContext, speechOf } from '../texts/speech.ts';
import { type Align, createTextLayout, type Style } from './textLayout.ts';

/** A column of a table; `width` is its share of the page. */
export type Column = { header: string; width: number; align?: Align };
export type Table = { columns: Column[]; rows: string[][]; sums?: [label: string, value: string][] };

/** A document's title, date and reader: `date` is when its subject happened, never the present. */
export type About = { title: string; subject: string; date: Date; display: DisplayContext };

export type Paper = ReturnType<typeof createPaper>;

/**
 * A document on A4 pages, written from the top; the same calls give the same bytes. All measures are points. What stands
 * on a page is noted first and drawn at the end, page by page: each can say how many there are, and none stays in memory.
 */
export function createPaper(about: About) {
  const { say, language } = speechOf(about.display);
  const document = new PDFDocument({
    size: 'A4',
    margin: 0,
    autoFirstPage: false,
    lang: language,
    displayTitle: true,
    pdfVersion: '1.7',
    info: {
      Title: about.title,
      Subject: about.subject,
      CreationDate: about.date,
      Creator: 'settlebot',
      Producer: 'settlebot',
    },
  });
  const bytes = collect(document);
  const { widthOf, linesOf, write: draw } = createTextLayout(document);
  const pages: Page[] = [[]];
  let y = TOP;

  /** Goes on to the next page when so much does not fit; true when it did. */
  function need(height: number): boolean {
    if (y + height <= BOTTOM) return false;
    pages.push([]);
    y = TOP;
    return true;
  }

  function write(...text: Parameters<typeof draw>): void {
    pages.at(-1)?.push({ text });
  }

  function lines(text: string, style: Style, width = WIDTH): void {
    const height = style.size * LINE;
    for (const line of linesOf(text, width, style)) {
      need(height);
      write(line, { x: LEFT, y: y + style.size }, style);
      y += height;
    }
  }

  /** What it is, large, and what it says in one line. */
  function title(text: string, subtitle: string): void {
    lines(text, TITLE);
    lines(subtitle, LEAD);
    y += GAP;
  }

  function section(text: string): void {
    y += GAP / 2;
    need(SECTION.size * LINE + 4 * BODY.size * LINE);
    lines(text, SECTION);
    y += GAP / 4;
  }

  function paragraph(text: string): void {
    lines(text, BODY);
    y += GAP / 2;
  }

  function small(text: string): void {
    lines(text, SMALL);
    y += GAP / 4;
  }

  /** Who it is from: the logo on the left, name and lines on the right. */
  function letterhead({ logo, name, lines: rest }: Letterhead): void {
    const top = y;
    if (logo !== undefined) pages.at(-1)?.push({ logo, y: top });
    const all = [{ text: name, style: HEAD }, ...rest.map((text) => ({ text, style: SMALL }))];
    for (const { text, style } of all) {
      for (const line of linesOf(text, WIDTH - LOGO_ROOM.width - GAP, style)) {
        write(line, { x: RIGHT, y: y + style.size }, style, 'right');
        y += style.size * LINE;
      }
    }
    y = Math.max(y, logo === undefined ? top : top + LOGO_ROOM.height) + GAP;
  }

  /** Labels with their values, one under the other; a value of several lines has them below each other. */
  function facts(list: [label: string, value: string | string[]][]): void {
    const labels = Math.max(...list.map(([label]) => widthOf(label, LABEL))) + GAP;
    for (const [label, value] of list) {
      const valueLines = [value].flat().flatMap((line) => linesOf(line, WIDTH - labels, BODY));
      need(valueLines.length * BODY.size * LINE);
      write(label, { x: LEFT, y: y + BODY.size }, LABEL);
      for (const line of valueLines) {
        write(line, { x: LEFT + labels, y: y + BODY.size }, BODY);
        y += BODY.size * LINE;
      }
    }
    y += GAP;
  }

  /** Rows under a header that is repeated on each page; sums stay together, under the last column. */
  function table({ columns, rows, sums = [] }: Table): void {
    const widths = widthsOf(columns, rows);
    const header = rowOf(
      columns.map((column) => column.header),
      widths,
      HEAD,
    );
    need(header.height + ROW_LEAST);
    drawRow(header, columns, widths, HEAD);
    rule(DARK);
    for (const cells of rows) {
      const row = rowOf(cells, widths, CELL);
      if (need(row.height)) {
        drawRow(header, columns, widths, HEAD);
        rule(DARK);
      }
      drawRow(row, columns, widths, CELL);
      rule(PALE);
    }
    drawSums(sums);
    y += GAP;
  }

  /** Amounts are not broken: what they need beyond their share, the columns of words give, which are broken anyway. */
  function widthsOf(columns: Column[], rows: string[][]): number[] {
    const whole = total(columns.map(({ width }) => width));
    const shares = columns.map(({ width }) => (width / whole) * WIDTH);
    const missing = columns.map(({ align }, index) => {
      if (align !== 'right') return 0;
      const longest = rows.reduce(
        (most, cells) => ((cells[index] ?? '').length > most.length ? (cells[index] ?? '') : most),
        '',
      );
      return Math.max(0, widthOf(longest, CELL) + CELL_GAP - (shares[index] ?? 0));
    });
    const ofWords = total(shares.filter((_, index) => columns[index]?.align !== 'right'));
    const given = Math.min(total(missing), ofWords / 2);
    if (given === 0) return shares;
    const part = given / total(missing);
    return shares.map((share, index) =>
      columns[index]?.align === 'right' ? share + (missing[index] ?? 0) * part : share * (1 - given / ofWords),
    );
  }

  function rowOf(cells: string[], widths: number[], style: Style) {
    const texts = cells.map((cell, index) => linesOf(cell, (widths[index] ?? 0) - CELL_GAP, style));
    return { texts, height: Math.max(...texts.map(({ length }) => length)) * style.size * LINE + ROW_GAP };
  }

  function drawRow(row: ReturnType<typeof rowOf>, columns: Column[], widths: number[], style: Style): void {
    let left = LEFT;
    row.texts.forEach((texts, index) => {
      const width = widths[index] ?? 0;
      const align = columns[index]?.align ?? 'left';
      const x = align === 'right' ? left + width - (index === columns.length - 1 ? 0 : CELL_GAP) : left;
      texts.forEach((line, number) => {
        write(line, { x, y: y + ROW_GAP / 2 + style.size + number * style.size * LINE }, style, align);
      });
      left += width;
    });
    y += row.height;
  }

  function drawSums(sums: [label: string, value: string][]): void {
    const height = CELL.size * LINE + ROW_GAP;
    need(sums.length * height);
    sums.forEach(([label, value], index) => {
      const style = index === sums.length - 1 ? HEAD : CELL;
      const valueWidth = Math.max(SUM_WIDTH, widthOf(value, style) + CELL_GAP);
      write(label, { x: RIGHT - valueWidth, y: y + ROW_GAP / 2 + style.size }, style, 'right');
      write(value, { x: RIGHT, y: y + ROW_GAP / 2 + style.size }, style, 'right');
      y += height;
    });
  }

  function rule(color: string): void {
    pages.at(-1)?.push({ ruleAt: y, color });
  }

  /** Draws the pages, numbered, and answers the file. */
  function end(): Promise<Uint8Array> {
    pages.forEach((page, index) => {
      document.addPage();
      for (const mark of page) {
        if ('text' in mark) draw(...mark.text);
        else if ('logo' in mark)
          document.image(Buffer.from(mark.logo), LEFT, mark.y, { fit: [LOGO_ROOM.width, LOGO_ROOM.height] });
        else
          document.moveTo(LEFT, mark.ruleAt).lineTo(RIGHT, mark.ruleAt).lineWidth(0.5).strokeColor(mark.color).stroke();
      }
      const numbers = say('documents.page', { page: index + 1, pages: pages.length });
      const room = WIDTH - widthOf(numbers, SMALL) - GAP;
      draw(linesOf(about.title, room, SMALL)[0] ?? '', { x: LEFT, y: FOOT }, SMALL);
      draw(numbers, { x: RIGHT, y: FOOT }, SMALL, 'right');
    });
    document.end();
    return bytes;
  }

  return { letterhead, title, section, paragraph, small, facts, table, end };
}

/** Who a document is from; `logo` is a PNG or JPEG. */
type Letterhead = { logo?: Uint8Array | undefined; name: string; lines: string[] };

/** What stands on a page: texts as they are written, lines across it, a picture. */
type Page = (
  | { text: Parameters<ReturnType<typeof createTextLayout>['write']> }
  | { ruleAt: number; color: string }
  | { logo: Uint8Array; y: number }
)[];

/** Of measures, which need not be whole as amounts are. */
function total(points: number[]): number {
  return points.reduce((all, one) => all + one, 0);
}

function collect(document: InstanceType<typeof PDFDocument>): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Uint8Array[] = [];
    document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    document.on('error', reject);
    document.on('end', () => resolve(Buffer.concat(chunks)));
  });
}

const [LEFT, RIGHT, TOP, BOTTOM, FOOT] = [48, 547, 56, 780, 812];
const WIDTH = RIGHT - LEFT;
const LINE = 1.4;
const GAP = 14;
const CELL_GAP = 8;
const ROW_GAP = 6;
const ROW_LEAST = 20;
const SUM_WIDTH = 90;
const LOGO_ROOM = { width: 180, height: 60 };

const DARK = '#333333';
const PALE = '#dddddd';
const TITLE: Style = { size: 19, weight: 'bold', color: '#111111' };
const LEAD: Style = { size: 12, weight: 'regular', color: '#444444' };
const SECTION: Style = { size: 12, weight: 'bold', color: '#111111' };
const BODY: Style = { size: 9.5, weight: 'regular', color: '#111111' };
const LABEL: Style = { ...BODY, color: '#666666' };
const HEAD: Style = { size: 8.5, weight: 'bold', color: '#111111' };
const CELL: Style = { size: 8.5, weight: 'regular', color: '#111111' };
const SMALL: Style = { size: 8, weight: 'regular', color: '#666666' };
