import { printable } from '../kernel/text.ts';

/** What a command answers, on standard output. What others wrote stands in it: nothing of that moves a terminal's cursor. */
export function say(text: string): void {
  process.stdout.write(`${printable(text)}\n`);
}

/** What is told besides, on the error output, in one line. */
export function tell(line: string): void {
  process.stderr.write(`${printable(line.replaceAll('\n', ' '))}\n`);
}
