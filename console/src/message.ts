/** What a command answers, as in chat (`POST /v1/me/commands`). */
export type Message = {
  state?: MessageState;
  title?: string;
  paragraphs: string[];
  facts?: [label: string, value: string][];
  table?: MessageTable;
  footer?: string;
  buttons: MessageButton[][];
};

export type MessageState = 'done' | 'open' | 'overdue' | 'stopped' | 'info';

export type MessageTable = {
  header: string[];
  rows: string[][];
  /** The columns that hold amounts or counts. */
  numbers?: readonly number[];
  headings?: readonly { from: number; text: string }[];
};

export type MessageButton =
  | { label: string; command: string; weight?: 'main' | 'danger'; url?: never }
  | { label: string; url: string; weight?: never; command?: never };

/** The rows of a table in parts, each below its heading. */
export function partsOf({ rows, headings = [] }: MessageTable): { heading: string | undefined; rows: string[][] }[] {
  const starts = headings.some(({ from }) => from === 0) ? headings : [{ from: 0, text: undefined }, ...headings];
  return starts
    .map(({ from, text }, index) => ({ heading: text, rows: rows.slice(from, starts[index + 1]?.from) }))
    .filter((part) => part.rows.length > 0);
}
