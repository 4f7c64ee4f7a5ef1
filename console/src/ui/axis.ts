/** What the axis of days shows, in seconds. */

const DAY = 86_400;

/** Steps between its marks, none of them shorter than a day, as each mark says one. */
export const DAY_STEPS: number[] = [1, 2, 3, 5, 7, 14, 28, 56, 91, 182, 364, 728, 1_820].map((days) => days * DAY);

/** From the first to the last of its points; a point alone has a day on either side. */
export function daysShown(first: number, last: number): [number, number] {
  return first === last ? [first - DAY, last + DAY] : [first, last];
}

/** Its marks, which stand below points from the first on. */
export function marksOf(first: number, last: number, step: number): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, index) => first + index * step);
}
