import type { ComponentChildren } from 'preact';

/** How something stands: good, waiting for somebody or something, wrong, ended, or just so. */
export type Tone = 'good' | 'waiting' | 'bad' | 'ended' | 'plain';

/** Each tone has a sign, so that nobody needs its colour. */
const SIGNS: Record<Tone, string> = { good: '✓', waiting: '◷', bad: '!', ended: '×', plain: '•' };

/** A state in a word, with a sign and a colour. */
export function Status({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return (
    <span class={`status ${tone}${isShort(children) ? ' whole' : ''}`}>
      <span class="sign" aria-hidden="true">
        {SIGNS[tone]}
      </span>
      {children}
    </span>
  );
}

/** A word or two stay in one line, whatever room there is. */
function isShort(children: ComponentChildren): boolean {
  return typeof children === 'string' && children.length <= 12;
}
