import { createConsoleLinks } from './links.ts';
import { createSessions } from './sessions.ts';
import type { ConsoleStore } from './store.ts';

export type Console = ReturnType<typeof createConsole>;

/**
 * The way into the console (docs/console.md): links that a chat user asks for, and the sessions that they open. Nothing here knows what
 * anybody may do.
 */
export function createConsole({
  store,
  ...deps
}: Omit<Parameters<typeof createSessions>[1], 'links'> & { store: ConsoleStore }) {
  const links = createConsoleLinks(store);
  const { unfinished, ...sessions } = createSessions(store, { ...deps, links });
  return { links: { create: links.create }, sessions, unfinished };
}
