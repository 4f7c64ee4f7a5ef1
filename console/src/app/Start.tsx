import { QueryClientProvider } from '@tanstack/preact-query';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { Router } from 'wouter-preact';

import { createConsoleApi } from '../api.ts';
import { type Console, ConsoleContext } from '../context.ts';
import { createFormats } from '../format.ts';
import type { Telegram } from '../launch.ts';
import { type LiveState, startLive } from '../live.ts';
import { createQueries } from '../queries.ts';
import { isKey, sayFrom } from '../say.ts';
import type { Session } from '../session.ts';
import { hasChosenRows } from '../ui/selection.ts';
import { Ended } from './Ended.tsx';
import { Frame } from './Frame.tsx';

export type StartProps = {
  session: Session;
  texts: Readonly<Record<string, string>>;
  telegram: Telegram | undefined;
  /** Below what all addresses are. */
  base: string;
};

/** The console of somebody who is there, until their session ends. */
export function Start({ session, texts, telegram, base }: StartProps) {
  const [hasEnded, setEnded] = useState(false);
  const queries = useMemo(createQueries, []);
  const [liveState, setLiveState] = useState<LiveState>('connecting');
  const tools = useMemo<Console>(
    () => ({
      session,
      telegram,
      api: createConsoleApi({ origin: location.origin, session, onEnded: () => setEnded(true) }),
      say: sayFrom(texts, session.language),
      isText: (key) => isKey(texts, key),
      format: createFormats(session),
      now: clockFrom(session.now),
    }),
    [session, telegram, texts],
  );
  useEffect(() => {
    // By the service's clock, from when it said so: the browser's may be wrong.
    const left = Date.parse(session.expiresAt) - Date.parse(session.now);
    const timer = setTimeout(() => setEnded(true), Math.min(Math.max(0, left), LONGEST_TIMER_MS));
    return () => clearTimeout(timer);
  }, [session]);
  useEffect(
    () =>
      startLive({
        ...{ origin: location.origin, session, onState: setLiveState, isHeld: hasChosenRows },
        onEnded: () => setEnded(true),
        readAgain: (isOld) =>
          void queries.invalidateQueries({ predicate: ({ queryKey: [operation] }) => isOld(operation) }),
      }),
    [session, queries],
  );
  // What was read is dropped with the session: nobody reads on a screen that was left what is no longer theirs to see.
  if (hasEnded) return <Ended say={tools.say} why="session" />;
  return (
    <ConsoleContext.Provider value={tools}>
      <QueryClientProvider client={queries}>
        <Router base={base}>
          <Frame isLive={liveState !== 'lost'} onSignedOut={() => setEnded(true)} />
        </Router>
      </QueryClientProvider>
    </ConsoleContext.Provider>
  );
}

/** Runs on from an instant that the service said. */
function clockFrom(instant: string): () => Date {
  const started = performance.now();
  return () => new Date(Date.parse(instant) + performance.now() - started);
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;
