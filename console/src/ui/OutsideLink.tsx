import type { ComponentChildren } from 'preact';

import { useConsole } from '../context.ts';
import { openOutside } from '../telegram.ts';

/** A link to another host. Inside Telegram it opens outside, so that the console stays. */
export function OutsideLink({ url, children }: { url: string; children: ComponentChildren }) {
  const { telegram } = useConsole();
  return (
    <a
      class="button"
      href={url}
      target="_blank"
      rel="noopener noreferrer"
      onClick={(event) => {
        if (telegram === undefined) return;
        event.preventDefault();
        openOutside(url);
      }}
    >
      {children}
    </a>
  );
}
