import './styles/base.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/table.css';

import { render } from 'preact';

import { Ended, NotLoaded, Starting, Unavailable } from './app/Ended.tsx';
import { Start } from './app/Start.tsx';
import { isDark, linkIn, telegramIn, themeIn } from './launch.ts';
import { sayFrom } from './say.ts';
import { openSession, type WayIn } from './session.ts';
import { announceSignIn } from './signIns.ts';
import { onEvent, sayReady } from './telegram.ts';
import { languageOf, textsIn } from './texts.ts';

const IN_TELEGRAM = '/console/telegram';
/** Which colour of a theme stands where. It is needed at the start, before what is below the start is there. */
const THEME = [
  ['bg_color', '--page'],
  ['secondary_bg_color', '--ground'],
] as const;

/** After so long somebody wonders whether anything happens. */
const SLOW_MS = 2_000;
let isStarted = false;

const root = document.getElementById('console');
if (root === null) throw new Error('the page has no place for the console');
try {
  await start(root);
} catch (error) {
  // A file of it did not come: that of the texts, too, maybe.
  render(<NotLoaded />, root);
  throw error;
}

async function start(place: HTMLElement): Promise<void> {
  const { hash, pathname, origin } = location;
  const telegram = telegramIn(hash);
  const link = linkIn(hash);
  // A link is used once, and stays in no address and no history. What Telegram says stays, for when the page is loaded anew.
  if (hash !== '' && telegram === undefined) history.replaceState(null, '', location.pathname + location.search);
  if (telegram !== undefined) showInTelegram(telegram.theme);
  const isInTelegram = pathname === IN_TELEGRAM || pathname.startsWith(`${IN_TELEGRAM}/`);
  const base = isInTelegram ? IN_TELEGRAM : '/console';
  const wayIn: WayIn =
    telegram !== undefined ? { initData: telegram.initData } : link !== undefined ? { link } : { cookie: true };
  const slow = setTimeout(() => void showStarting(place), SLOW_MS);
  const session = await openSession(wayIn, origin).catch((error: unknown) => ({ error }));
  const language = languageOf(session !== null && 'language' in session ? [session.language] : navigator.languages);
  const texts = await textsIn(language);
  document.documentElement.lang = language;
  const say = sayFrom(texts, language);
  clearTimeout(slow);
  isStarted = true;
  if (session === null) {
    const why = telegram !== undefined || isInTelegram ? 'telegram' : link !== undefined ? 'link' : 'cookie';
    return render(<Ended say={say} why={why} />, place);
  }
  if ('error' in session) return render(<Unavailable say={say} />, place);
  if (link !== undefined) announceSignIn();
  render(<Start session={session} texts={texts} telegram={telegram} base={base} />, place);
}

/** Who is there is not known yet: in the browser's language. */
async function showStarting(place: HTMLElement): Promise<void> {
  const language = languageOf(navigator.languages);
  const texts = await textsIn(language);
  if (isStarted) return;
  document.documentElement.lang = language;
  render(<Starting say={sayFrom(texts, language)} />, place);
}

/** In the colours of the person's theme there, also when they choose another. */
function showInTelegram(theme: Readonly<Record<string, string>>): void {
  paint(theme);
  onEvent('theme_changed', (data) => paint(themeIn(data)));
  sayReady();
}

function paint(theme: Readonly<Record<string, string>>): void {
  const { dataset, style } = document.documentElement;
  dataset.theme = isDark(theme.bg_color) ? 'dark' : 'light';
  for (const [name, property] of THEME) {
    const colour = theme[name];
    if (colour !== undefined) style.setProperty(property, colour);
  }
}
