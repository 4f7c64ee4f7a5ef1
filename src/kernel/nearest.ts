/** Longer names are compared with nothing: comparing takes the product of their lengths. */
const LONGEST = 64;

/**
 * The name that somebody who wrote `written` may have meant: the one of the same letters whatever their case and signs, as
 * `timeZone` of `time_zone`, or else the nearest by edits, of which every three letters allow one. Undefined where none is near;
 * of several as near the first.
 */
export function nearestOf(written: string, names: readonly string[]): string | undefined {
  if (written.length > LONGEST) return undefined;
  const letters = lettersOf(written);
  let nearest: { name: string; edits: number } | undefined;
  for (const name of names) {
    const others = lettersOf(name);
    const longer = Math.max(letters.length, others.length);
    const allowed = Math.min(Math.floor(longer / 3), (nearest?.edits ?? longer) - 1);
    // As many edits at least as one is longer.
    if (Math.abs(letters.length - others.length) > allowed) continue;
    const edits = editsBetween(letters, others);
    if (edits <= allowed) nearest = { name, edits };
  }
  return nearest?.name;
}

function lettersOf(name: string): string {
  return name.toLowerCase().replace(/[^\p{Letter}\p{Number}]/gu, '');
}

/** How many letters have to be put in, left out, changed, or swapped with the next one, to make one word of the other. */
function editsBetween(from: string, to: string): number {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      const isSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      const swapped = isSwapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed, swapped));
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
}
