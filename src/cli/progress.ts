import { MultiBar, Presets } from 'cli-progress';

import { printable } from '../kernel/text.ts';
import { tell } from './output.ts';

export type Progress = {
  /** So many bytes are done, of another total than was thought where one is given. */
  reach(bytes: number, total?: number): void;
  /** What is going on beside. */
  note(text: string): void;
  /** A line that stays. */
  say(line: string): void;
  stop(): void;
};

/** How far the work on `total` bytes is: a bar when the error output is a terminal, else only the lines. */
export function createProgress(total: number): Progress {
  const { stderr } = process;
  const say = (line: string): void => {
    tell(line);
  };
  if (stderr.isTTY !== true) return { reach: () => {}, note: () => {}, say, stop: () => {} };
  const format = ' {bar} {percentage}% | {eta_formatted} left | {note}';
  const bars = new MultiBar(
    { format, stream: stderr, hideCursor: true, stopOnComplete: false },
    Presets.shades_classic,
  );
  const bar = bars.create(Math.max(1, total), 0, { note: '' });
  return {
    reach: (bytes, total) => {
      if (total !== undefined) bar.setTotal(Math.max(1, total));
      bar.update(bytes);
    },
    note: (note) => bar.update({ note }),
    say: (line) => bars.log(`${printable(line)}\n`),
    stop: () => {
      if (bars.isActive) bars.stop();
    },
  };
}
