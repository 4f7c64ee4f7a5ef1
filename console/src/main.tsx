import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/table.css';

import { catalogues } from 'virtual:texts';
import { render } from 'preact';

import { Ended, Unavailable } from './app/Ended.tsx';
import { Start } from './app/Start.tsx';
import { linkIn, type Telegram, telegramIn } from './launch.ts';
import { sayFrom } from './say.ts';
import { openSession, type Session, type WayIn } from './session.ts';
import { sayReady } from './telegram.ts';

const IN_TELEGRAM = '/console/telegram';

const root = document.getElementById('console');
if (root === null) throw new Error('the page has no place for the console');
await start(root);

async function start(place: HTMLElement): Promise<void> {
  const { hash, pathname, origin } = location;
  const telegram = telegramIn(hash);
  const link = linkIn(hash);
  // What opens the session is used once, and stays in no address and no history.
  if (hash !== '') history.replaceState(null, '', location.pathname + location.search);
  if (telegram !== undefined) showInTelegram(telegram);
  const base = pathname.startsWith(IN_TELEGRAM) ? IN_TELEGRAM : '/console';
  const wayIn: WayIn =
    telegram !== undefined ? { initData: telegram.initData } : link !== undefined ? { link } : { cookie: true };
  const session = await openSession(wayIn, origin).catch((error: unknown) => ({ error }));
  const language = languageOf(session);
  const texts = await textsIn(language);
  document.documentElement.lang = language;
  const say = sayFrom(texts, language);
  if (session === null) {
    const why = telegram !== undefined ? 'telegram' : link !== undefined ? 'link' : 'cookie';
    return render(<Ended say={say} why={why} />, place);
  }
  if ('error' in session) return render(<Unavailable say={say} />, place);
  render(<Start session={session} texts={texts} telegram={telegram} base={base} />, place);
}

/** The reader's own where it is known, or else what their browser prefers. */
function languageOf(session: Session | null | { error: unknown }): string {
  const wanted = session !== null && 'language' in session ? [session.language] : navigator.languages;
  const known = Object.keys(catalogues);
  const found = wanted.map((one) => known.find((language) => language.split('-')[0] === one.split('-')[0]));
  return found.find((one) => one !== undefined) ?? 'en';
}

async function textsIn(language: string): Promise<Record<string, string>> {
  const load = catalogues[language];
  if (load === undefined) throw new Error(`no texts in ${language}`);
  return load();
}

/** In the colours of the person's theme there. */
function showInTelegram({ theme, isDark }: Telegram): void {
  const { dataset, style } = document.documentElement;
  dataset.theme = isDark ? 'dark' : 'light';
  for (const [name, property] of THEME) {
    const colour = theme[name];
    if (colour !== undefined) style.setProperty(property, colour);
  }
  sayReady();
}

const THEME = [
  ['bg_color', '--page'],
  ['secondary_bg_color', '--ground'],
] as const;
