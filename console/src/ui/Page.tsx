import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { takeFocus } from '../app/focus.ts';

type Props = {
  title: string;
  /** One sentence below the title. */
  lead?: ComponentChildren;
  /** Beside the title: what can be done with the page as a whole. */
  actions?: ComponentChildren;
  children: ComponentChildren;
};

/** A page with its heading, which the window is called after, and which gets the focus when somebody has come here. */
export function Page({ title, lead, actions, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · settlebot`;
  }, [title]);
  useEffect(() => takeFocus(heading.current), []);
  return (
    <>
      <header class="page-head">
        <div>
          <h1 ref={heading} tabIndex={-1}>
            {title}
          </h1>
          {lead !== undefined && <p class="lead">{lead}</p>}
        </div>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {children}
    </>
  );
}

/** A part of a page with a heading of its own. */
export function Section({ title, actions, children }: Omit<Props, 'lead'>) {
  return (
    <section class="section">
      <header class="section-head">
        <h2>{title}</h2>
        {actions !== undefined && <div class="actions">{actions}</div>}
      </header>
      {children}
    </section>
  );
}
