/** Longest piece of a message, in characters: one never crowds out all others. */
export const PART_LENGTH = 1_500;
/** Stands for what was left out. */
export const MORE = '…';

const GAP = '\n\n';

/** Whole parts, a blank line between them, as long as they fit `limit` characters: what comes first matters most. */
export function fitParts(parts: string[], limit: number): string {
  let text = '';
  for (const part of parts) {
    const longer = text === '' ? part : `${text}${GAP}${part}`;
    if (longer.length > limit - GAP.length - MORE.length) return `${text}${GAP}${MORE}`.trimStart();
    text = longer;
  }
  return text;
}

/** Lines that belong together, in parts that can be left out at the end without losing all. */
export function joinLines(lines: string[]): string[] {
  const parts: string[] = [];
  let part = '';
  for (const line of lines) {
    if (part !== '' && part.length + line.length + 1 > PART_LENGTH) {
      parts.push(part);
      part = '';
    }
    part = part === '' ? line : `${part}\n${line}`;
  }
  return part === '' ? parts : [...parts, part];
}
