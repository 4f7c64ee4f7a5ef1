import { QueryClientProvider } from '@tanstack/preact-query';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Router } from 'wouter-preact';
import { useBrowserLocation } from 'wouter-preact/use-browser-location';

import { createConsoleApi } from '../api.ts';
import { type Console, ConsoleContext } from '../context.ts';
import { createFormats } from '../format.ts';
import type { Telegram } from '../launch.ts';
import { type LiveState, startLive } from '../live.ts';
import { createQueries } from '../queries.ts';
import { isKey, sayFrom } from '../say.ts';
import { hasSameRights, openSession, type Session } from '../session.ts';
import { languageOf, textsIn } from '../texts.ts';
import { hasChosenRows } from '../ui/selection.ts';
import { Changed, Ended } from './Ended.tsx';
import { Frame } from './Frame.tsx';
import { Paused } from './Paused.tsx';
import { useLocationInTelegram } from './telegramLocation.ts';
import { type Typed, useTyped } from './typed.ts';

export type StartProps = {
  session: Session;
  texts: Readonly<Record<string, string>>;
  telegram: Telegram | undefined;
  /** Below what all addresses are. */
  base: string;
};

/**
 * Why nothing is shown any more. After `left`, and `changed` for what somebody may do, all that was read is dropped. Where a session is
 * `over`, nothing of it is seen either, but the page stays as it is for when the same person comes in again.
 */
type Over = { why: 'left' | 'changed' | 'over'; typed: readonly Typed[] };

/** The console of somebody who is there, until their session ends. */
export function Start({ telegram, base, ...first }: StartProps) {
  const [over, setOver] = useState<Over>();
  const typed = useTyped();
  const isOver = useRef(false);
  const [{ session, texts }, setWho] = useState<Pick<StartProps, 'session' | 'texts'>>(first);
  const queries = useMemo(createQueries, []);
  const end = (why: Over['why']) => {
    isOver.current = true;
    // Whoever has left for good comes back to nothing.
    setOver((before) => (before === undefined || why === 'left' ? { why, typed: typed() } : before));
  };
  // One for the whole visit: it knows the token that comes after the first.
  const api = useMemo(
    () =>
      createConsoleApi({
        ...{ origin: location.origin, session: first.session },
        ...{ isOver: () => isOver.current, onEnded: () => end('over') },
      }),
    [],
  );
  const [liveState, setLiveState] = useState<LiveState>('connecting');
  const tools = useMemo<Console>(
    () => ({
      session,
      telegram,
      api,
      renew: async () => {
        const now = await api.session();
        const language = languageOf([now.language]);
        const spoken = await textsIn(language);
        document.documentElement.lang = language;
        // The token that it has by now stays in it.
        setWho({ session: Object.assign(first.session, now), texts: spoken });
      },
      leave: () => end('left'),
      say: sayFrom(texts, session.language),
      isText: (key) => isKey(texts, key),
      format: createFormats(session),
      now: clockFrom(session.now),
    }),
    [session, telegram, texts, api],
  );
  useEffect(() => {
    if (over !== undefined) return;
    // By the service's clock, from when it said so: the browser's may be wrong.
    const left = Date.parse(session.expiresAt) - Date.parse(session.now);
    const timer = setTimeout(() => end('over'), Math.min(Math.max(0, left), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  }, [session, over]);
  useEffect(() => {
    if (over !== undefined) return;
    return startLive({
      ...{ origin: location.origin, session, onState: setLiveState, isHeld: hasChosenRows },
      onEnded: end,
      readAgain: (isOld) =>
        void queries.invalidateQueries({ predicate: ({ queryKey: [operation] }) => isOld(operation) }),
    });
  }, [session, queries, over]);

  /** Whether somebody is in again: the same person finds the page as it was, and anybody else one of their own. */
  async function goOn(): Promise<boolean> {
    const wayIn = telegram === undefined ? ({ cookie: true } as const) : { initData: telegram.initData };
    const now = await openSession(wayIn, location.origin).catch(() => null);
    if (now === null) return false;
    if (!hasSameRights(now, session)) {
      location.reload();
      return true;
    }
    Object.assign(first.session, now);
    isOver.current = false;
    setOver(undefined);
    await queries.invalidateQueries();
    return true;
  }

  if (over?.why === 'left') return <Ended say={tools.say} why="session" />;
  if (over?.why === 'changed') return <Changed say={tools.say} typed={over.typed} />;
  return (
    <>
      <div hidden={over !== undefined}>
        <ConsoleContext.Provider value={tools}>
          <QueryClientProvider client={queries}>
            <Router base={base} hook={telegram === undefined ? useBrowserLocation : useLocationInTelegram}>
              <Frame isLive={liveState !== 'lost'} onSignedOut={() => end('left')} />
            </Router>
          </QueryClientProvider>
        </ConsoleContext.Provider>
      </div>
      {over !== undefined && (
        <Paused say={tools.say} typed={over.typed} isInTelegram={telegram !== undefined} goOn={goOn} />
      )}
    </>
  );
}

/** Runs on from an instant that the service said. */
function clockFrom(instant: string): () => Date {
  const started = performance.now();
  return () => new Date(Date.parse(instant) + performance.now() - started);
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
