import type { Page } from 'playwright-core';

/** Remembers what listens to clicks, before a page has any script of its own. */
export async function noteClicks(page: Page): Promise<void> {
  await page.addInitScript(NOTES);
}

const NOTES = `{
  const listening = (window.listening = new Set());
  const { addEventListener } = EventTarget.prototype;
  EventTarget.prototype.addEventListener = function (type, ...more) {
    if (type === 'click' && this instanceof Element) listening.add(this);
    return addEventListener.call(this, type, ...more);
  };
}`;

/**
 * Goes through a page, or the dialog that is open, by Tab from where the focus is until it comes round, or by Shift+Tab. Answers what is
 * wrong: what can be clicked and is never come to, what has the focus and does not show it, is out of sight or lies below something
 * else, and where the way jumps back.
 */
export async function walk(page: Page, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<string[]> {
  const count = await page.evaluate<number>(BEGIN);
  const wrong = new Set<string>();
  // A date has several fields of its own, and what is moved within itself is stopped at, too.
  for (let presses = 0; presses < count * 4 + 20; presses += 1) {
    await page.keyboard.press(key);
    const { isRound, faults } = await page.evaluate<{ isRound: boolean; faults: string[] }>(STEP[key]);
    for (const fault of faults) wrong.add(fault);
    if (isRound) return [...wrong, ...(await page.evaluate<string[]>(MISSED))];
  }
  return [...wrong, `the way does not come round: ${await page.evaluate(`document.activeElement.outerHTML`)}`];
}

/** What is to be come to, in the order of the page. */
const BEGIN = `(() => {
  const root = document.querySelector('dialog[open]') ?? document.body;
  const all = [...root.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex]'), ...window.listening];
  const wanted = [...new Set(all)].filter((one) => root.contains(one) && one !== root && one.checkVisibility({ visibilityProperty: true })
    && !one.disabled && one.closest('[aria-hidden="true"]') === null && one.getAttribute('tabindex') !== '-1' && one.getAttribute('role') !== 'option');
  // The way may begin in the middle of it, as that of a dialog with a field to be filled in first, and goes on at its beginning.
  window.way = { root, wanted: new Set(wanted), come: new Set(), last: undefined, leaves: 0, ends: [wanted[0], wanted.at(-1)] };
  return wanted.length;
})()`;

const STEP = { Tab: stepOf(true), 'Shift+Tab': stepOf(false) };

function stepOf(isForward: boolean): string {
  return `(() => {
    const { way } = window;
    const one = document.activeElement;
    const faults = [];
    if (one === null || one === document.body || !way.root.contains(one)) {
      way.leaves += way.come.size > 0 ? 1 : 0;
      way.last = undefined;
      return { isRound: way.leaves > 1, faults };
    }
    if (way.come.has(one) && one !== way.last?.one) return { isRound: true, faults };
    if (one === way.ends[${isForward ? 0 : 1}]) way.last = undefined;
    const words = one.outerHTML.slice(0, 160);
    // A field for files is drawn by its label.
    const shown = one.type === 'file' ? one.closest('label') : one;
    const { outlineStyle, outlineWidth } = getComputedStyle(shown);
    if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) faults.push('the focus is not seen on ' + words);
    const box = shown.getBoundingClientRect();
    const [x, y] = [box.left + Math.min(box.width / 2, 20), box.top + Math.min(box.height / 2, 20)];
    if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) faults.push('out of sight: ' + words);
    else {
      const top = document.elementFromPoint(x, y);
      if (top === null || !(shown.contains(top) || top.contains(shown))) faults.push('covered by ' + top?.outerHTML.slice(0, 80) + ': ' + words);
    }
    const at = { top: box.top + scrollY, bottom: box.bottom + scrollY, left: box.left, right: box.right };
    const before = way.last?.at;
    // Back to a line before is right at the top of a column that stands beside.
    const [earlier, later] = ${isForward} ? [before, at] : [at, before];
    if (before !== undefined && later.bottom <= earlier.top && later.left < earlier.right) faults.push('jumps back: ' + words);
    way.come.add(one);
    way.last = { one, at };
    return { isRound: false, faults };
  })()`;
}

const MISSED = `[...window.way.wanted].filter((one) => one.isConnected && !window.way.come.has(one)
  && ![...window.way.come].some((come) => one.contains(come) || come.contains(one)))
  .map((one) => 'never come to: ' + one.outerHTML.slice(0, 160))`;
