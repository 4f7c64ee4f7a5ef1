/**
 * The page of the console that a link opens, once. The token is in the fragment, which no server is sent, no log has, and no preview
 * of a messenger uses up. `console` is CONSOLE_URL.
 */
export function linkAddress(console: string, token: string): string {
  return `${withoutSlash(console)}/console/#link=${token}`;
}

/** The same pages, as Telegram frames them. */
export function miniAppAddress(console: string): string {
  return `${withoutSlash(console)}/console/telegram`;
}

/** Whether messengers take it for a button: they want https, and a host as the internet has them. */
export function isForButtons(console: string): boolean {
  const { protocol, hostname } = new URL(console);
  return protocol === 'https:' && hostname.includes('.');
}

/** A text that may quote a link, as the words of a channel that refused a message do, without what opens it. */
export function withoutLinkTokens(text: string): string {
  return text.replaceAll(/(#|%23)link(=|%3D)[\w-]+/gi, '#link=[token]');
}

function withoutSlash(address: string): string {
  return address.replace(/\/$/, '');
}
