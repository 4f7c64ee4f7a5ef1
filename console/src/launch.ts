/** How the page was opened, as the fragment of its address says: by a link of the chat, or by Telegram as a Mini App. */
/** The token of a link from the fragment of an address, as `#link=…`; undefined where there is none. */
export function linkIn(hash: string): string | undefined {
  return new URLSearchParams(hash.replace(/^#/, '')).get('link') ?? undefined;
}

/** What Telegram says of itself and of who opened the page. */
export type Telegram = {
  /** What Telegram signed about who opened the page. The service checks it. */
  initData: string;
  /** The colours of the person's theme, as `bg_color`. */
  theme: Readonly<Record<string, string>>;
};

/** What Telegram says of itself in the fragment of the address; undefined where it did not open the page. */
export function telegramIn(hash: string): Telegram | undefined {
  const given = new URLSearchParams(hash.replace(/^#/, ''));
  const initData = given.get('tgWebAppData');
  if (initData === null || initData === '') return undefined;
  const theme = themeOf(given.get('tgWebAppThemeParams'));
  return { initData, theme };
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

/** The colours of an event `theme_changed`. */
export function themeIn(data: unknown): Record<string, string> {
  const params = typeof data === 'object' && data !== null && 'theme_params' in data ? data.theme_params : null;
  return themeOf(JSON.stringify(params));
}

const COLOUR = /^#[0-9a-f]{6}$/i;

/** Whether text on it has to be light. */
export function isDark(colour: string | undefined): boolean {
  if (colour === undefined) return false;
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128;
}
