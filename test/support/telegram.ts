import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { readBody, type ShownFile } from './httpBody.ts';
import { plainText } from './telegramHtml.ts';

/** A stand-in for Telegram: a real HTTP server that speaks the Bot API and enforces its limits. */

/** Pressing it sends `data`, opens `url`, or opens `app` as a Mini App. */
export type StandInButton = { label: string; data: string; url?: string; app?: string };
/** Below the text field, until another takes its place; null: taken away. */
export type StandInKeyboard = string[][] | null;
export type StandInMessage = {
  messageId: number;
  chat: string;
  from: 'bot' | 'person';
  /** As sent, and as a person sees it. */
  html: string;
  text: string;
  buttons: StandInButton[][];
  files?: ShownFile[];
  /** Shown as a picture, and not as a file. */
  isPhoto?: true;
  isSilent?: true;
  /** It can be neither forwarded nor saved. */
  isProtected?: true;
  /** The message that it answers, where that is still there. */
  repliesTo?: number;
  /** Milliseconds since the stand-in started. */
  at: number;
};

/** A fault to answer the next calls with. `chat` and `method` narrow it down; `times` is 1 unless told. */
export type Fault = { chat?: string; method?: string; times?: number } & (
  | { kind: 'retry-after'; seconds: number; scope?: 'chat' | 'bot' }
  | { kind: 'blocked' }
  | { kind: 'chat-not-found' }
  | { kind: 'status'; status: number }
  /** Accepts the call and never answers. `after`: the message is delivered all the same. */
  | { kind: 'hang'; after?: boolean }
  | { kind: 'not-json'; status?: number }
  | { kind: 'cut' }
);

export type TelegramOptions = {
  token?: string;
  port?: number;
  perSecond?: number;
  /** 1,000 is Telegram's own; 0 switches it off, for a demo in a hurry. */
  perChatMs?: number;
  username?: string;
  /** What everybody has set Telegram to. */
  language?: string;
  /** Answers only after so long, as a real network does. */
  latencyMs?: number;
};

export type TelegramStandIn = Awaited<ReturnType<typeof startTelegram>>;

/** What makes a service speak to a stand-in instead of Telegram. */
export function telegramEnvironment({ token, root }: Pick<TelegramStandIn, 'token' | 'root'>) {
  return { TELEGRAM_BOT_TOKEN: token, TELEGRAM_API_ROOT: root };
}

type Payload = Record<string, unknown>;
type Update = { update_id: number } & Payload;
type Answer = { status: number; body: unknown };

/** Methods that count as sending: the limits are for these. */
const SENDING = new Set(['sendMessage', 'editMessageText', 'editMessageReplyMarkup', 'sendPhoto', 'sendDocument']);
const CAPTION_LIMIT = 1_024;
const MEGABYTE = 1_024 * 1_024;
const HOLD_LIMIT_SECONDS = 50;
/** As tdlib has it. */
const FAR_BEYOND = 10;

export async function startTelegram(options: TelegramOptions = {}) {
  const token = options.token ?? '4711:test-token';
  const limits = { perSecond: options.perSecond ?? 30, perChatMs: options.perChatMs ?? 1_000 };
  const bot = { id: 4711, is_bot: true, first_name: 'settlebot', username: options.username ?? 'settlebot_test_bot' };
  const started = performance.now();
  const chats = new Map<string, StandInMessage[]>();
  const keyboards = new Map<string, StandInKeyboard>();
  const lastSent = new Map<string, number>();
  const silentUntil = new Map<string, number>();
  const faults: Fault[] = [];
  const callbacks = new Map<string, { at: number; answered: boolean }>();
  const calls: { method: string; payload: Payload; at: number }[] = [];
  const violations: string[] = [];
  const pollers = new Set<() => void>();
  let recent: number[] = [];
  let updates: Update[] = [];
  // As Telegram does after a quiet week: anywhere.
  let nextUpdate = 1_000 + Math.floor(Math.random() * 1e8);
  let nextMessage = 1;
  let throttled = 0;
  let webhook: { url: string; secret: string } | undefined;
  let polling = 0;
  let polls = 0;

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => {
      if (!response.headersSent) send(response, { status: 500, body: { ok: false, description: String(error) } });
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, given, method = ''] = /^\/bot([^/]*)\/(\w+)/.exec(request.url ?? '') ?? [];
    const { fields: payload, files } = await readBody(request);
    if (given !== token) return send(response, refusal(401, 'Unauthorized'));
    const now = performance.now() - started;
    if (method !== 'getUpdates') calls.push({ method, payload, at: now });
    const chat = String(payload.chat_id ?? '');
    const limited = SENDING.has(method) ? overLimit(chat, now) : undefined;
    if (limited !== undefined) return send(response, limited);
    const fault = takeFault(method, chat);
    if (fault !== undefined) return actOut(fault, { request, response, method, payload, files, chat, now });
    if (options.latencyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.latencyMs));
    if (method === 'getUpdates') return poll(payload, response);
    send(response, answer({ method, payload, files, now }));
  }

  /** Strict windows: any second, any chat, and silence means silence. */
  function overLimit(chat: string, now: number): Answer | undefined {
    for (const scope of ['bot', chat]) {
      const until = silentUntil.get(scope) ?? 0;
      if (now < until) return violation(`inside retry_after of ${scope}`, (until - now) / 1_000);
    }
    recent = recent.filter((at) => now - at < 1_000);
    if (recent.length >= limits.perSecond) return violation(`more than ${limits.perSecond} in a second`, 1);
    const last = lastSent.get(chat);
    if (last !== undefined && now - last < limits.perChatMs) return violation(`too soon for chat ${chat}`, 1);
    recent.push(now);
    lastSent.set(chat, now);
    return undefined;
  }

  function violation(what: string, seconds: number): Answer {
    violations.push(`${what} at ${Math.round(performance.now() - started)} ms`);
    return tooMany(seconds);
  }

  function tooMany(seconds: number): Answer {
    throttled += 1;
    const retryAfter = Math.max(1, Math.ceil(seconds));
    return refusal(429, `Too Many Requests: retry after ${retryAfter}`, { retry_after: retryAfter });
  }

  function takeFault(method: string, chat: string): Fault | undefined {
    const index = faults.findIndex(
      (fault) =>
        (fault.chat === undefined || fault.chat === chat) &&
        (fault.method === undefined ? SENDING.has(method) : fault.method === method),
    );
    const fault = faults[index];
    if (fault === undefined) return undefined;
    const left = (fault.times ?? 1) - 1;
    if (left <= 0) faults.splice(index, 1);
    else faults[index] = { ...fault, times: left };
    return fault;
  }

  type Call = {
    request: IncomingMessage;
    response: ServerResponse;
    method: string;
    payload: Payload;
    files: ShownFile[];
    chat: string;
    now: number;
  };

  function actOut(fault: Fault, call: Call): void {
    const { request, response, chat, now } = call;
    switch (fault.kind) {
      case 'retry-after':
        silentUntil.set(fault.scope === 'bot' ? 'bot' : chat, now + fault.seconds * 1_000);
        send(response, tooMany(fault.seconds));
        return;
      case 'blocked':
        send(response, refusal(403, 'Forbidden: bot was blocked by the user'));
        return;
      case 'chat-not-found':
        send(response, refusal(400, 'Bad Request: chat not found'));
        return;
      case 'status':
        send(response, { status: fault.status, body: refusal(fault.status, 'Internal Server Error').body });
        return;
      case 'hang':
        if (fault.after === true) answer(call);
        return;
      case 'cut':
        request.socket.destroy();
        return;
      case 'not-json':
        response.writeHead(fault.status ?? 404, { 'content-type': 'text/html' }).end('<html>not telegram</html>');
        return;
    }
  }

  function answer({ method, payload, files, now }: Pick<Call, 'method' | 'payload' | 'files' | 'now'>): Answer {
    switch (method) {
      case 'getMe':
        return success(bot);
      case 'sendMessage':
        return sendMessage(payload, now);
      case 'sendPhoto':
      case 'sendDocument':
        return sendFile(method, payload, files, now);
      case 'editMessageText':
      case 'editMessageReplyMarkup':
        return editMessage(method, payload);
      case 'answerCallbackQuery':
        return answerCallback(payload, now);
      case 'setWebhook':
        webhook = { url: String(payload.url), secret: String(payload.secret_token ?? '') };
        deliverByWebhook();
        return success(true);
      case 'deleteWebhook':
        webhook = undefined;
        return success(true);
      case 'setMyCommands':
      case 'deleteMyCommands':
        return commandsFault(payload) ?? success(true);
      default:
        return refusal(404, 'Not Found: method not found');
    }
  }

  function sendMessage(payload: Payload, now: number): Answer {
    const checked = check(payload, { text: String(payload.text ?? ''), most: 4_096 });
    if ('status' in checked) return checked;
    if (checked.text.trim() === '') return refusal(400, 'Bad Request: message text is empty');
    return deliver(payload, now, checked);
  }

  function sendFile(method: string, payload: Payload, files: ShownFile[], now: number): Answer {
    const [what, most] = method === 'sendPhoto' ? ['photo', 10] : ['document', 50];
    const [file] = files;
    if (files.length !== 1 || file === undefined)
      return refusal(400, `Bad Request: there is no ${what} in the request`);
    if (file.bytes.length > most * MEGABYTE) return refusal(413, 'Request Entity Too Large');
    if (method === 'sendPhoto' && !isPicture(file.bytes)) return refusal(400, 'Bad Request: PHOTO_INVALID_DIMENSIONS');
    const checked = check(payload, { text: String(payload.caption ?? ''), most: CAPTION_LIMIT });
    if ('status' in checked) return checked;
    return deliver(payload, now, { ...checked, files, ...(method === 'sendPhoto' ? { isPhoto: true as const } : {}) });
  }

  function deliver(
    payload: Payload,
    now: number,
    shown: Pick<StandInMessage, 'html' | 'text' | 'buttons'> & Partial<StandInMessage>,
  ): Answer {
    const chat = String(payload.chat_id);
    const reply = replyOf(payload, chat);
    if ('status' in reply) return reply;
    const isSilent = isTrue(payload.disable_notification);
    const message: StandInMessage = {
      ...{ messageId: nextMessage++, chat, from: 'bot', at: now, ...shown, ...reply },
      ...(isSilent ? { isSilent: true } : {}),
      ...(isTrue(payload.protect_content) ? { isProtected: true } : {}),
    };
    conversation(chat).push(message);
    const keyboard = chatKeyboardOf(payload.reply_markup);
    if (keyboard !== undefined) keyboards.set(chat, keyboard);
    return success(asTelegram(message));
  }

  /** A reply to what is not there is refused, unless it may go without. */
  function replyOf(payload: Payload, chat: string): Answer | { repliesTo?: number } {
    const { message_id: id, allow_sending_without_reply: mayGo } = objectOf(payload.reply_parameters) ?? {};
    if (id === undefined) return {};
    if (conversation(chat).some((one) => one.messageId === id)) return { repliesTo: Number(id) };
    return mayGo === true ? {} : refusal(400, 'Bad Request: message to be replied not found');
  }

  function editMessage(method: string, payload: Payload): Answer {
    const message = chats
      .get(String(payload.chat_id))
      ?.find((one) => one.messageId === Number(payload.message_id) && one.from === 'bot');
    if (message === undefined) return refusal(400, 'Bad Request: message to edit not found');
    if (message.files !== undefined) return refusal(400, 'Bad Request: there is no text in the message to edit');
    const text = method === 'editMessageText' ? String(payload.text ?? '') : message.html;
    const checked = check(payload, { text, most: 4_096 });
    if ('status' in checked) return checked;
    if (checked.text.trim() === '') return refusal(400, 'Bad Request: message text is empty');
    if (checked.html === message.html && JSON.stringify(checked.buttons) === JSON.stringify(message.buttons)) {
      return refusal(400, 'Bad Request: message is not modified');
    }
    Object.assign(message, checked);
    return success(asTelegram(message));
  }

  /** What Telegram would not take. */
  function check(
    payload: Payload,
    { text: html, most }: { text: string; most: number },
  ): Answer | { html: string; text: string; buttons: StandInButton[][] } {
    const parsed = payload.parse_mode === 'HTML' ? plainText(html) : { text: html };
    if ('error' in parsed) return refusal(400, `Bad Request: can't parse entities: ${parsed.error}`);
    const isCaption = most === CAPTION_LIMIT;
    if (parsed.text.length > most)
      return refusal(400, `Bad Request: message ${isCaption ? 'caption ' : ''}is too long`);
    const keyboard = keyboardOf(payload.reply_markup);
    if (keyboard === undefined) return refusal(400, 'Bad Request: object expected as reply markup');
    if (chatKeyboardOf(payload.reply_markup)?.flat().includes(''))
      return refusal(400, 'Bad Request: reply keyboard button text must be non-empty');
    for (const { label, data, url, app } of keyboard.flat()) {
      if (label === '') return refusal(400, 'Bad Request: text buttons are unallowed in the inline keyboard');
      if (app !== undefined) {
        const fault = appFault(app, Number(payload.chat_id));
        if (fault === undefined) continue;
        violations.push(`a Mini App ${app} in chat ${String(payload.chat_id)}: ${fault}`);
        return refusal(400, `Bad Request: ${fault}`);
      }
      if (url !== undefined && hasDot(url)) continue;
      if (url !== undefined)
        return refusal(400, `Bad Request: inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
      if (Buffer.byteLength(data) > 64 || data === '') return refusal(400, 'Bad Request: BUTTON_DATA_INVALID');
    }
    if (keyboard.flat().length > 100) return refusal(400, 'Bad Request: reply markup is too long');
    return { html, text: parsed.text, buttons: keyboard };
  }

  function answerCallback(payload: Payload, now: number): Answer {
    const callback = callbacks.get(String(payload.callback_query_id));
    if (callback === undefined || callback.answered || now - callback.at > 15_000) {
      return refusal(400, 'Bad Request: query is too old and response timeout expired or query ID is invalid');
    }
    if (String(payload.text ?? '').length > 200) return refusal(400, 'Bad Request: MESSAGE_TOO_LONG');
    callback.answered = true;
    return success(true);
  }

  async function poll(payload: Payload, response: ServerResponse): Promise<void> {
    if (webhook !== undefined)
      return send(response, refusal(409, "Conflict: can't use getUpdates while webhook is active"));
    if (polling > 0) return send(response, refusal(409, 'Conflict: terminated by other getUpdates request'));
    const offset = Number(payload.offset ?? 0);
    polls += 1;
    // An offset far beyond the newest update means nothing to Telegram: it answers from the head and forgets nothing.
    if (offset <= nextUpdate - 1 + FAR_BEYOND) updates = updates.filter((update) => update.update_id >= offset);
    const holdMs = Math.min(Number(payload.timeout ?? 0), HOLD_LIMIT_SECONDS) * 1_000;
    if (updates.length === 0 && holdMs > 0) {
      polling += 1;
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          pollers.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, holdMs);
        pollers.add(wake);
        response.once('close', wake);
      });
      polling -= 1;
    }
    if (!response.destroyed) send(response, success(updates.slice(0, Number(payload.limit ?? 100))));
  }

  function push(update: Payload): number {
    const numbered = { update_id: nextUpdate++, ...update };
    updates.push(numbered);
    for (const wake of [...pollers]) wake();
    deliverByWebhook();
    return numbered.update_id;
  }

  let delivering = false;
  async function deliverByWebhook(): Promise<void> {
    if (delivering) return;
    delivering = true;
    while (webhook !== undefined && updates[0] !== undefined) {
      const [update] = updates;
      const ok = await postUpdate(webhook, update).catch(() => false);
      if (ok) updates = updates.filter((one) => one !== update);
      else await new Promise((resolve) => setTimeout(resolve, 100));
    }
    delivering = false;
  }

  function conversation(chat: string): StandInMessage[] {
    let messages = chats.get(chat);
    if (messages === undefined) {
      messages = [];
      chats.set(chat, messages);
    }
    return messages;
  }

  /** A person types something. `chat` is their chat and user id; a negative one is a group. Answers the update's id. */
  function say(chat: string | number, text: string): number {
    const id = Number(chat);
    const at = performance.now() - started;
    const messageId = nextMessage++;
    conversation(String(chat)).push({
      messageId,
      chat: String(chat),
      from: 'person',
      html: text,
      text,
      buttons: [],
      at,
    });
    const isCommand = text.startsWith('/');
    return push({
      message: {
        message_id: messageId,
        date: 0,
        from: person(id, options.language),
        chat: chatOf(id),
        text,
        ...(isCommand
          ? { entities: [{ type: 'bot_command', offset: 0, length: text.split(/\s/)[0]?.length ?? 1 }] }
          : {}),
      },
    });
  }

  /** A person presses a button of a message, named by its label or how that begins. Answers the update's id. */
  function press(chat: string | number, messageId: number, label: string): number {
    const message = chats.get(String(chat))?.find((one) => one.messageId === messageId);
    const buttons = message?.buttons.flat() ?? [];
    const button = buttons.find((one) => one.label === label) ?? buttons.find((one) => one.label.startsWith(label));
    if (message === undefined || button === undefined) {
      throw new Error(`no button ${label} on message ${messageId}: ${buttons.map((one) => one.label).join(', ')}`);
    }
    return pressData(chat, messageId, button.data);
  }

  /** A press with data of one's own choice, as a forged client could send it. */
  function pressData(chat: string | number, messageId: number, data: string): number {
    const id = String(nextUpdate);
    callbacks.set(id, { at: performance.now() - started, answered: false });
    return push({
      callback_query: {
        id,
        from: person(Number(chat), options.language),
        chat_instance: '1',
        data,
        message: { message_id: messageId, date: 0, chat: chatOf(Number(chat)) },
      },
    });
  }

  /** A chat as a person sees it, with buttons drawn as [Label]. */
  function transcript(chat: string | number, names: { person?: string; bot?: string } = {}): string {
    return (chats.get(String(chat)) ?? []).map((message) => drawn(message, names)).join('\n\n');
  }

  async function close(): Promise<void> {
    webhook = undefined;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  return {
    root,
    token,
    bot,
    say,
    press,
    pressData,
    /** Anything else Telegram could send, without its update_id. */
    push,
    /** Sends the last updates once more, as Telegram does when it saw no answer. */
    repeat: (update: Payload & { update_id: number }) => {
      updates.push(update);
      for (const wake of [...pollers]) wake();
      deliverByWebhook();
    },
    fail: (fault: Fault) => faults.push(fault),
    clearFaults: () => faults.splice(0),
    messages: (chat: string | number) => [...(chats.get(String(chat)) ?? [])],
    fromBot: (chat: string | number) => (chats.get(String(chat)) ?? []).filter((message) => message.from === 'bot'),
    sent: () => [...chats.values()].flat().filter((message) => message.from === 'bot'),
    chats: () => [...chats.keys()],
    calls,
    violations,
    throttled: () => throttled,
    pendingUpdates: () => updates.length,
    /** How often updates were asked for. */
    polls: () => polls,
    /** As after a week without updates: ids go on from anywhere, here from a smaller one. */
    restartIds: () => {
      nextUpdate = Math.max(1, nextUpdate - 900);
    },
    /** What stands below the text field of a chat: undefined before anything was put there. */
    keyboard: (chat: string | number) => keyboards.get(String(chat)),
    unansweredPresses: () => [...callbacks.values()].filter((callback) => !callback.answered).length,
    webhook: () => webhook,
    transcript,
    drawn,
    close,
  };
}

/** One message as text: who, what, and the buttons below it. */
function drawn(message: StandInMessage, names: { person?: string; bot?: string } = {}): string {
  const who = message.from === 'bot' ? (names.bot ?? 'settlebot') : (names.person ?? 'person');
  const body = message.text.split('\n').map((line) => `  ${line}`.trimEnd());
  const rows = message.buttons.map((row) => `  ${row.map((button) => `[${button.label}]`).join(' ')}`);
  return [`${who}:`, ...body, ...rows].join('\n');
}

function keyboardOf(given: unknown): StandInButton[][] | undefined {
  const markup = objectOf(given);
  if (given === undefined || given === null) return [];
  if (markup === undefined) return undefined;
  if (chatKeyboardOf(given) !== undefined) return [];
  if (!Array.isArray(markup.inline_keyboard)) return undefined;
  const rows: unknown[] = markup.inline_keyboard;
  return rows.map((row) =>
    (Array.isArray(row) ? row : []).map((button: Payload) => ({
      label: String(button.text ?? ''),
      data: String(button.callback_data ?? ''),
      ...(typeof button.url === 'string' ? { url: button.url } : {}),
      ...(objectOf(button.web_app) === undefined ? {} : { app: String(objectOf(button.web_app)?.url ?? '') }),
    })),
  );
}

/** Why Telegram does not take a Mini App: they are on https alone, and in private chats. */
function appFault(app: string, chat: number): string | undefined {
  if (chat < 0) return 'BUTTON_TYPE_INVALID';
  if (!app.startsWith('https://') || !hasDot(app))
    return `inline keyboard button Web App URL '${app}' is invalid: Only HTTPS links are allowed`;
  return undefined;
}

/** Telegram takes no address whose host has no dot, as `localhost`. */
function hasDot(url: string): boolean {
  return /^https?:\/\/[^/:]+\.[^/:]+/.test(url);
}

function isTrue(value: unknown): boolean {
  return value === true || value === 'true';
}

/** The keyboard that a message brings to its chat; null where it takes one away, undefined where it does neither. */
function chatKeyboardOf(given: unknown): StandInKeyboard | undefined {
  const { keyboard, remove_keyboard: isRemoved } = objectOf(given) ?? {};
  if (isRemoved === true) return null;
  if (!Array.isArray(keyboard)) return undefined;
  return keyboard.map((row: Payload[]) => row.map(({ text }) => String(text ?? '')));
}

/** As it came in JSON, or written as JSON into a form. */
function objectOf(value: unknown): Payload | undefined {
  const parsed: unknown = typeof value === 'string' && value.startsWith('{') ? JSON.parse(value) : value;
  return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
}

/** What Telegram takes as a picture: width and height 10,000 in all, neither more than twenty times the other. */
function isPicture(bytes: Buffer): boolean {
  if (bytes.length < 24 || bytes.toString('latin1', 1, 4) !== 'PNG') return false;
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  return width + height <= 10_000 && Math.max(width, height) <= 20 * Math.min(width, height);
}

function commandsFault(payload: Payload): Answer | undefined {
  const commands: unknown[] = Array.isArray(payload.commands) ? payload.commands : [];
  for (const one of commands) {
    const { command, description } = one as { command?: unknown; description?: unknown };
    if (!/^[a-z0-9_]{1,32}$/.test(String(command))) return refusal(400, 'Bad Request: BOT_COMMAND_INVALID');
    const length = String(description ?? '').length;
    if (length < 1 || length > 256) return refusal(400, 'Bad Request: BOT_COMMAND_DESCRIPTION_INVALID');
  }
  const { language_code: language = '' } = payload;
  if (!/^([a-z]{2})?$/.test(String(language))) return refusal(400, 'Bad Request: invalid language code specified');
  return undefined;
}

function asTelegram(message: StandInMessage) {
  return { message_id: message.messageId, date: 0, chat: chatOf(Number(message.chat)), text: message.text };
}

function person(id: number, language: string | undefined) {
  return {
    id,
    is_bot: false,
    first_name: `Person ${id}`,
    ...(language === undefined ? {} : { language_code: language }),
  };
}

function chatOf(id: number) {
  return id < 0 ? { id, type: 'group', title: 'A group' } : { id, type: 'private', first_name: `Person ${id}` };
}

function success(result: unknown): Answer {
  return { status: 200, body: { ok: true, result } };
}

function refusal(status: number, description: string, parameters?: { retry_after: number }): Answer {
  return {
    status,
    body: { ok: false, error_code: status, description, ...(parameters === undefined ? {} : { parameters }) },
  };
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
    .end(text);
}

async function postUpdate(webhook: { url: string; secret: string }, update: Update | undefined): Promise<boolean> {
  const response = await fetch(webhook.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-telegram-bot-api-secret-token': webhook.secret },
    body: JSON.stringify(update),
    signal: AbortSignal.timeout(5_000),
  });
  await response.arrayBuffer();
  return response.ok;
}
