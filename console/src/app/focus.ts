let isFirst = true;

/**
 * Moves the focus to the heading of a page that was gone to, so that whoever listens hears where they are. The first page of a visit
 * leaves it where the browser has it.
 */
export function takeFocus(heading: HTMLElement | null): void {
  if (!isFirst) heading?.focus({ preventScroll: true });
  isFirst = false;
}

/**
 * Where what has the focus is taken away, as a button whose thing is done, the focus goes to the heading of the nearest part that is left
 * of where it was. Else it would fall to the beginning of the page, and whoever listens would hear nothing. Answers what ends it.
 */
export function keepFocus(root: HTMLElement): () => void {
  const over = new AbortController();
  // What has the focus, and what it stands in, from the inside.
  let chain: Element[] = [];
  const isNowhere = () => document.activeElement === null || document.activeElement === document.body;
  const note = ({ target }: Event) => {
    chain = chainOf(target);
  };
  const leave = () =>
    queueMicrotask(() => {
      // Somebody has left it by themselves where it is still there.
      if (isNowhere() && chain[0]?.isConnected === true) chain = [];
    });
  root.addEventListener('focusin', note, { signal: over.signal });
  root.addEventListener('focusout', leave, { signal: over.signal });
  const observer = new MutationObserver(() => {
    if (chain.length === 0 || chain[0]?.isConnected === true || !isNowhere()) return;
    const heading = chain
      .filter((one) => one.isConnected && root.contains(one))
      .map(headingOf)
      .find(Boolean);
    chain = [];
    if (heading === undefined || heading === null) return;
    if (!heading.hasAttribute('tabindex')) heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
  });
  observer.observe(root, { childList: true, subtree: true });
  return () => {
    over.abort();
    observer.disconnect();
  };
}

function chainOf(target: EventTarget | null): Element[] {
  const chain: Element[] = [];
  for (let one = target instanceof Element ? target : null; one !== null; one = one.parentElement) chain.push(one);
  return chain;
}

function headingOf(part: Element): HTMLElement | null {
  return part.querySelector<HTMLElement>('h1, h2, h3');
}
