let isFirst = true;

/**
 * Moves the focus to the heading of a page that was gone to, so that whoever listens hears where they are. The first page of a visit
 * leaves it where the browser has it.
 */
export function takeFocus(heading: HTMLElement | null): void {
  if (!isFirst) heading?.focus({ preventScroll: true });
  isFirst = false;
}
