import { createEventStream } from './eventStream.ts';
import { isOld } from './liveTopics.ts';
import { hasSameRights, headersOf, keepToken, openSession, type Session } from './session.ts';

/** Whether what is shown follows what happens. */
export type LiveState = 'connecting' | 'live' | 'lost';

type Options = {
  origin: string;
  session: Session;
  /** Marks as old what `isOld` says, so that it is read again. */
  readAgain(isOld: (operation: unknown) => boolean): void;
  /** The service knows the session no more (`over`), or it may do something else now (`changed`). */
  onEnded(why: 'over' | 'changed'): void;
  onState(state: LiveState): void;
  /** While somebody chooses among rows, nothing is to move under them. */
  isHeld(): boolean;
};

/** Milliseconds. */
const REFRESH_MS = 1_000;
const HIDDEN_MS = 120_000;
/** The service says every 15 seconds that it is there. */
const SILENCE_MS = 40_000;
const WAIT_MS = { first: 500, most: 30_000 };

/**
 * Reads again what is on the screen as the service says that it has changed: once a second at most, and not while rows are chosen; the
 * rest when it is looked at. Goes on where it stopped when it comes back, tries again ever more slowly, and rests while nobody has
 * looked for long. Whenever the stream ends it asks who is there: a role that was lost ends the page. Answers what ends it.
 */
export function startLive({ readAgain, onEnded, onState, isHeld, ...from }: Options): () => void {
  const over = new AbortController();
  const topics = new Set<string>();
  const refreshing = setInterval(refresh, REFRESH_MS);
  let lastId: string | undefined;

  function refresh(): void {
    if (topics.size === 0 || isHeld()) return;
    const changed = new Set(topics);
    topics.clear();
    readAgain((operation) => isOld(operation, changed));
  }

  async function run(): Promise<void> {
    for (let waitMs = WAIT_MS.first; !over.signal.aborted; ) {
      const seen = watchSeen(over.signal);
      const hasBegun = await listen(from, lastId, AbortSignal.any([over.signal, seen.hiddenLong]), {
        onBegin: () => onState('live'),
        onEvent: ({ id, data }) => {
          lastId = id ?? lastId;
          if (data !== '') topics.add((JSON.parse(data) as { topic: string }).topic);
        },
      });
      await seen.shown();
      if (over.signal.aborted) return;
      if (!hasBegun) onState('lost');
      const ended = await endOf(from);
      if (over.signal.aborted) return;
      if (ended !== null) return onEnded(ended);
      waitMs = hasBegun ? WAIT_MS.first : Math.min(WAIT_MS.most, waitMs * 2);
      await pause(waitMs, over.signal);
    }
  }

  void run();
  return () => {
    over.abort();
    clearInterval(refreshing);
  };
}

type From = Pick<Options, 'origin' | 'session'>;
type Heard = { onBegin(): void; onEvent(event: { id?: string; data: string }): void };

/** Listens until the stream ends, or is silent for too long; whether it had begun. A fetch, because an EventSource sends no header. */
async function listen(
  { origin, session }: From,
  lastId: string | undefined,
  end: AbortSignal,
  heard: Heard,
): Promise<boolean> {
  const silent = new AbortController();
  let silence = setTimeout(() => silent.abort(), SILENCE_MS);
  let hasBegun = false;
  try {
    const response = await fetch(`${origin}/v1/live`, {
      headers: { ...headersOf(session.token), ...(lastId === undefined ? {} : { 'last-event-id': lastId }) },
      signal: AbortSignal.any([end, silent.signal]),
    });
    keepToken(session, response);
    if (!response.ok || response.body === null) return false;
    hasBegun = true;
    heard.onBegin();
    const stream = createEventStream();
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(silence);
      silence = setTimeout(() => silent.abort(), SILENCE_MS);
      for (const event of stream.take(part.value)) heard.onEvent(event);
    }
  } catch (error) {
    // The connection broke, or was ended here.
    if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
  } finally {
    clearTimeout(silence);
  }
  return hasBegun;
}

/** What has ended: nobody is there any more, or somebody who may do something else. A service that does not answer has ended nothing. */
async function endOf({ origin, session }: From): Promise<'over' | 'changed' | null> {
  try {
    const now = await openSession({ cookie: true }, origin, session.token);
    if (now === null) return 'over';
    return hasSameRights(now, session) ? null : 'changed';
  } catch {
    return null;
  }
}

/** `hiddenLong` when nobody has looked at the page for long; `shown` resolves when somebody does. */
function watchSeen(over: AbortSignal) {
  const hidden = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = () => {
    clearTimeout(timer);
    timer = document.hidden ? setTimeout(() => hidden.abort(), HIDDEN_MS) : undefined;
  };
  look();
  document.addEventListener('visibilitychange', look, { signal: over });

  async function shown(): Promise<void> {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', look);
    if (!document.hidden || over.aborted) return;
    await new Promise<void>((resolve) => {
      document.addEventListener('visibilitychange', () => resolve(), { once: true, signal: over });
      over.addEventListener('abort', () => resolve());
    });
  }

  return { hiddenLong: hidden.signal, shown };
}

function pause(ms: number, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    over.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
