import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import type { Api } from './api.ts';
import type { Formats } from './format.ts';
import type { Telegram } from './launch.ts';
import type { Say, TextKey } from './say.ts';
import type { Session } from './session.ts';

/** What every page has: who is there, how to ask the service, and how to say things to them. */
export type Console = {
  session: Session;
  api: Api;
  say: Say;
  /** Whether there is a text of this name, as the code of a refusal is one. */
  isText(key: string): key is TextKey;
  format: Formats;
  /** The service's clock, which the browser's need not agree with. */
  now(): Date;
  /** Reads anew who is there, and says everything in the language that they have now. */
  renew(): Promise<void>;
  /** Ends the visit: nobody is there any more. */
  leave(): void;
  /** Only where Telegram shows the page. */
  telegram: Telegram | undefined;
};

export const ConsoleContext = createContext<Console | null>(null);

/** Throws outside of the frame. */
export function useConsole(): Console {
  const found = useContext(ConsoleContext);
  if (found === null) throw new Error('no console around this');
  return found;
}
