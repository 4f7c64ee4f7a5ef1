/**
 * What the console needs of Telegram's protocol between a Mini App and the app that shows it, without the script of another host:
 * https://core.telegram.org/bots/webapps. Native apps take events by a function that they put into the page, the web ones by messages.
 */
type Proxy = { postEvent(type: string, data: string): void };

/** Where Telegram's web apps live; they show us in a frame. */
const WEB_APP = 'https://web.telegram.org';

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

type Listener = (data: unknown) => void;
const listeners = new Map<string, Set<Listener>>();

/** Calls `listener` for each event of a type, as `back_button_pressed`; the function that is returned ends it. */
export function onEvent(type: string, listener: Listener): () => void {
  if (listeners.size === 0) listen();
  const ofType = listeners.get(type) ?? new Set();
  listeners.set(type, ofType.add(listener));
  return () => void ofType.delete(listener);
}

function listen(): void {
  const receive = (type: unknown, data: unknown) => {
    for (const listener of listeners.get(String(type)) ?? []) listener(data);
  };
  window.addEventListener('message', ({ origin, source, data }) => {
    if (source !== window.parent || origin !== WEB_APP) return;
    const event = parsed(data);
    receive(event.eventType, event.eventData);
  });
  // The names by which the native apps call, of now and of before.
  const view = { receiveEvent: receive };
  Object.assign(window, { Telegram: { WebView: view }, TelegramGameProxy: view });
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
