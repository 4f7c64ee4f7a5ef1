/** Longest piece of a message, in characters: one never crowds out all others. */
export const PART_LENGTH = 1_500;
/** Stands for what was left out. */
export const MORE = '…';

const GAP = '\n\n';

/**
 * Whole parts, a blank line between them, as long as they fit `limit`: what comes first matters most. `lengthOf` counts as the
 * channel does, in UTF-16 units; only Telegram does not count what it is sent.
 */
export function fitParts(parts: string[], limit: number, lengthOf = (part: string) => part.length): string {
  const lengths = parts.map(lengthOf);
  const total = lengths.reduce((sum, length) => sum + length, 0) + GAP.length * Math.max(0, parts.length - 1);
  if (total <= limit) return parts.join(GAP);
  let left = limit - MORE.length;
  const fitting = parts.findIndex((_, index) => {
    left -= (lengths[index] ?? 0) + GAP.length;
    return left < 0;
  });
  return [...parts.slice(0, fitting), MORE].join(GAP);
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
