import { useEffect, useRef, useState } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';

import { useConsole } from '../context.ts';
import { type PageRoute, routesOf } from '../routes.ts';
import { endSession } from '../session.ts';
import { onEvent, showBack } from '../telegram.ts';
import { Status } from '../ui/Status.tsx';
import { Content } from './Content.tsx';
import { keepFocus } from './focus.ts';
import { SearchBox } from './SearchBox.tsx';

/** What stands around every page: where one can go, who is there, and the search. */
export function Frame({ isLive, onSignedOut }: { isLive: boolean; onSignedOut(): void }) {
  const { session, say, format, telegram } = useConsole();
  const [path] = useLocation();
  const [isOpen, setOpen] = useState(false);
  const frame = useRef<HTMLDivElement>(null);
  const page = useRef<HTMLElement>(null);
  const routes = routesOf(session);
  useEffect(() => setOpen(false), [path]);
  useEffect(() => (frame.current === null ? undefined : keepFocus(frame.current)), []);
  useTelegramBack(path !== '/' && path !== routes[0]?.path);
  const { name, role } = session.account;
  return (
    <div ref={frame} class="frame">
      {/* biome-ignore lint/a11y/useValidAnchor: it leads within the page, and leaves the address as it is */}
      <a
        class="skip"
        href="#page"
        onClick={(event) => {
          // Inside Telegram the fragment says who is there.
          event.preventDefault();
          page.current?.focus();
        }}
      >
        {say('frame.skip')}
      </a>
      <header class="top">
        <Link class="brand" href="/">
          settlebot
        </Link>
        {role === 'manager' && <SearchBox />}
        <button
          type="button"
          class="menu"
          aria-expanded={isOpen}
          aria-controls="navigation"
          onClick={() => setOpen(!isOpen)}
        >
          {say('frame.menu')}
        </button>
      </header>
      <div id="navigation" class={isOpen ? 'side open' : 'side'}>
        <nav aria-label={say('frame.pages')}>
          <ul>
            {routes
              .filter(({ inNavigation }) => inNavigation !== false)
              .map((route) => (
                <li key={route.path}>
                  <Link href={route.path} aria-current={isWithin(path, route) ? 'page' : undefined}>
                    {say(route.title)}
                  </Link>
                </li>
              ))}
          </ul>
        </nav>
        <section class="who" aria-label={say('frame.session')}>
          <p>{say('frame.account', { name, role: role === 'affiliate' ? 'other' : role })}</p>
          <p title={say('frame.endsLong', { time: format.time(session.expiresAt) })}>
            {say('frame.ends', { time: format.time(session.expiresAt) })}
          </p>
          {telegram === undefined && (
            <button
              type="button"
              class="quiet"
              onClick={() => endSession(session.token, location.origin).finally(onSignedOut)}
            >
              {say('frame.signOut')}
            </button>
          )}
        </section>
      </div>
      <main ref={page} id="page" tabIndex={-1}>
        <div role="status">{!isLive && <Status tone="waiting">{say('frame.notLive')}</Status>}</div>
        <Content routes={routes} />
      </main>
    </div>
  );
}

/** A page, and those of its things: an invoice is within the invoices. */
function isWithin(path: string, { path: of }: PageRoute): boolean {
  return path === of || (of !== '/' && path.startsWith(`${of}/`));
}

/** Telegram's own button leads back, on every page but the first, which somebody's home is. */
function useTelegramBack(leadsBack: boolean): void {
  const { telegram } = useConsole();
  useEffect(() => {
    if (telegram === undefined) return;
    showBack(leadsBack);
    return onEvent('back_button_pressed', () => history.back());
  }, [telegram, leadsBack]);
}
