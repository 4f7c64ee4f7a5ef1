/**
 * What the console needs of Telegram's protocol between a Mini App and the app that shows it, without the script of another host:
 * https://core.telegram.org/bots/webapps. Native apps take events by a function that they put into the page, the web ones by messages.
 */
export type Telegram = {
  /** What Telegram signed about who opened the page. The service checks it. */
  initData: string;
  isDark: boolean;
  /** The colours of the person's theme, as `bg_color`. */
  theme: Readonly<Record<string, string>>;
};

type Proxy = { postEvent(type: string, data: string): void };

/** Where Telegram's web apps live; they show us in a frame. */
const WEB_APP = 'https://web.telegram.org';

/** What Telegram says of itself in the fragment of the address; undefined where it did not open the page. */
export function telegramIn(hash: string): Telegram | undefined {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const initData = given.get('tgWebAppData');
  if (initData === null || initData === '') return undefined;
  const theme = themeOf(given.get('tgWebAppThemeParams'));
  return { initData, theme, isDark: isDark(theme.bg_color) };
}

/** Colours alone, whatever else stands there. */
export function themeOf(text: string | null): Record<string, string> {
  try {
    const parsed: unknown = JSON.parse(text ?? '{}');
    const entries = Object.entries(typeof parsed === 'object' && parsed !== null ? parsed : {});
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string' && COLOUR.test(entry[1])),
    );
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

const COLOUR = /^#[0-9a-f]{6}$/i;

function isDark(colour: string | undefined): boolean {
  if (colour === undefined) return false;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}

/** Says to Telegram that the page can be shown, as large as there is room. */
export function sayReady(): void {
  post('web_app_ready');
  post('web_app_expand');
}

/** Shows Telegram's own button that leads back, or hides it. */
export function showBack(isVisible: boolean): void {
  post('web_app_setup_back_button', { is_visible: isVisible });
}

/** Opens a page of another host outside. */
export function openOutside(url: string): void {
  post('web_app_open_link', { url });
}

/** Calls `listener` for each event of a type, as `back_button_pressed`; the function that is returned ends it. */
export function onEvent(type: string, listener: (data: unknown) => void): () => void {
  const receive = (given: unknown, data: unknown) => {
    if (given === type) listener(data);
  };
  const fromFrame = ({ origin, source, data }: MessageEvent) => {
    if (source !== window.parent || origin !== WEB_APP) return;
    const event = parsed(data);
    receive(event.eventType, event.eventData);
  };
  window.addEventListener('message', fromFrame);
  // The names by which the native apps call, of now and of before.
  const view = { receiveEvent: receive };
  Object.assign(window, { Telegram: { WebView: view }, TelegramGameProxy: view });
  return () => window.removeEventListener('message', fromFrame);
}

function post(type: string, data: object = {}): void {
  const { TelegramWebviewProxy: proxy } = window as { TelegramWebviewProxy?: Proxy };
  const { external } = window as unknown as { external?: { notify?(text: string): void } };
  if (proxy !== undefined) proxy.postEvent(type, JSON.stringify(data));
  else if (typeof external?.notify === 'function')
    external.notify(JSON.stringify({ eventType: type, eventData: data }));
  else if (window.parent !== window) {
    // Only to Telegram: another page that framed us is told nothing.
    window.parent.postMessage(JSON.stringify({ eventType: type, eventData: data }), WEB_APP);
  }
}

function parsed(data: unknown): { eventType?: unknown; eventData?: unknown } {
  try {
    const value: unknown = typeof data === 'string' ? JSON.parse(data) : null;
    return typeof value === 'object' && value !== null ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
