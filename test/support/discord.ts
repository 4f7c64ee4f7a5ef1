import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { createStandInGateway } from './discordGateway.ts';
import { createDiscordLimits } from './discordLimits.ts';
import { checkedMessage, listOf, type Payload, recordOf, type Shown, textOf } from './discordMessages.ts';
import { readBody, type ShownFile } from './httpBody.ts';

/** A stand-in for Discord: a real HTTP server and gateway on loopback that enforce Discord's limits. */

export type DiscordMessage = Shown & {
  messageId: string;
  channel: string;
  /** The user whose conversation with the bot it belongs to. */
  user: string;
  from: 'bot' | 'person';
  /** Only that user sees it. */
  ephemeral: boolean;
  /** Of an interaction that was acknowledged and has no answer yet. */
  thinking: boolean;
  /** The interaction that it answers. */
  interaction: string | null;
  nonce: string | null;
  isSilent?: true;
  /** The message that it answers, where that is still there. */
  repliesTo?: string;
  /** Milliseconds since the stand-in started. */
  at: number;
};

/** A fault to answer the next calls with. `path` narrows it down; `times` is 1 unless told. */
export type DiscordFault = { path?: RegExp; method?: string; times?: number } & (
  | { kind: 'status'; status: number; code?: number }
  /** Never answers. `after`: what was asked for is done all the same. */
  | { kind: 'hang'; after?: boolean }
  | { kind: 'cut'; after?: boolean }
);

export type DiscordOptions = {
  token?: string;
  applicationId?: string;
  /** What everybody has set Discord to. */
  locale?: string;
  port?: number;
  perSecond?: number;
  /** One call in so many is told to wait; 0 switches it off. */
  throttleEvery?: number;
  throttleSeconds?: number;
  heartbeatMs?: number;
  identifyMs?: number;
  /** Answers only after so long, as a real network does. */
  latencyMs?: number;
};

type InteractionRecord = {
  id: string;
  token: string;
  kind: 'command' | 'press' | 'autocomplete';
  user: string;
  channel: string;
  at: number;
  acknowledgedAt: number | null;
  message: DiscordMessage | null;
  choices: { name: string; value: string }[] | null;
};

/** A private thread: who sees it, beside the server's moderators. */
export type Thread = { parent: string; name: string; members: string[]; isArchived: boolean; isLocked: boolean };

type Answer = { status: number; body?: unknown; headers?: Record<string, string> };
type Call = { method: string; path: string; payload: Payload; at: number };

export type DiscordStandIn = Awaited<ReturnType<typeof startDiscord>>;

export const GUILD = '900000000000000001';

/** What makes a service speak to a stand-in instead of Discord. */
export function discordEnvironment({
  token,
  applicationId,
  root,
}: Pick<DiscordStandIn, 'token' | 'applicationId' | 'root'>) {
  return {
    DISCORD_BOT_TOKEN: token,
    DISCORD_APPLICATION_ID: applicationId,
    DISCORD_GUILD_ID: GUILD,
    DISCORD_API_ROOT: root,
  };
}
/** A file with a slash command, as the client uploaded it; `size` and `url` where Discord says otherwise. */
type AttachedFile = { content: Buffer | URL; size?: number; url?: string };
const ATTACHMENT = 11;
const GUILD_CHANNEL = '900000000000000002';
const ACKNOWLEDGE_MS = 3_000;
const TOKEN_MS = 15 * 60_000;
const NONCE_MS = 3 * 60_000;
const EPHEMERAL = 64;
const PRIVATE_THREAD = 12;
const SUPPRESS_NOTIFICATIONS = 4_096;
const CALLBACK = { deferred: 5, suggestions: 8, message: 4 };

export async function startDiscord(options: DiscordOptions = {}) {
  const token = options.token ?? 'discord-test-token.abc.def';
  const applicationId = options.applicationId ?? '800000000000000001';
  const started = performance.now();
  const messages: DiscordMessage[] = [];
  const interactions = new Map<string, InteractionRecord>();
  const directChannels = new Map<string, string>();
  const threads = new Map<string, Thread>();
  /** Channels of the server in which the bot may write, and start threads. */
  const guildChannels = new Map<string, { mayWrite: boolean }>();
  /** Whose interactions a bot may leave without an answer. */
  const strangers = new Set<string>();
  /** What people attached, by its id; a URL leads on there. */
  const attachments = new Map<string, Buffer | URL>();
  const closedInboxes = new Set<string>();
  /** Users who are not on the server. */
  const outsiders = new Set<string>();
  const faults: DiscordFault[] = [];
  const calls: Call[] = [];
  const violations: string[] = [];
  const limits = createDiscordLimits({
    perSecond: options.perSecond ?? 50,
    throttle: { every: options.throttleEvery ?? 20, seconds: options.throttleSeconds ?? 0.2 },
    elapsed,
    onViolation: (what) => violations.push(what),
  });
  const unacknowledged: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let commands: Payload[] = [];
  let commandsOf: 'guild' | 'global' | null = null;
  let restIsDown = false;
  let refusals = 0;

  const server = createServer((request, response) => {
    serve(request, response).catch((error) => {
      if (!response.headersSent) send(response, { status: 500, body: { message: String(error) } });
    });
  });
  server.keepAliveTimeout = 60_000;
  const gateway = createStandInGateway(server, {
    token,
    applicationId,
    guildId: GUILD,
    heartbeatMs: options.heartbeatMs ?? 41_250,
    identifyMs: options.identifyMs ?? 5_000,
    onViolation: (what) => violations.push(what),
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const root = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`;

  function elapsed(): number {
    return performance.now() - started;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const path = decodeURIComponent((request.url ?? '').replace(/^\/api\/v10/, '').replace(/\?.*$/, ''));
    const { fields, files } = await readBody(request);
    const payload = fields.payload_json === undefined ? fields : recordOf(JSON.parse(String(fields.payload_json)));
    if (restIsDown) return refuse(request, response);
    const isOpen = /^\/(interactions|webhooks)\//.test(path);
    const attached = attachments.get((request.url ?? '').replace('/attachments/', ''));
    if (attached !== undefined) return serveAttachment(attached, response);
    if (!isOpen && request.headers.authorization !== `Bot ${token}`) {
      return send(response, { status: 401, body: { code: 0, message: '401: Unauthorized' } });
    }
    calls.push({ method, path, payload, at: elapsed() });
    const limited = limits.refusalOf(method, path);
    if (limited !== undefined) return send(response, limited);
    const fault = takeFault(method, path);
    if (fault !== undefined) return actOut(fault, request, response, () => answer(method, path, payload, files));
    if (options.latencyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, options.latencyMs));
    const answered = answer(method, path, payload, files);
    send(response, isOpen ? answered : { ...answered, headers: limits.headersOf(method, path) });
  }

  function serveAttachment(attached: Buffer | URL, response: ServerResponse): void {
    if (attached instanceof URL) response.writeHead(302, { location: attached.href }).end();
    else response.writeHead(200, { 'content-type': 'application/octet-stream' }).end(attached);
  }

  /** During an outage: sometimes nobody is there, sometimes somebody says that nobody is there. */
  function refuse(request: IncomingMessage, response: ServerResponse): void {
    refusals += 1;
    if (refusals % 2 === 0) request.socket.destroy();
    else response.writeHead(503, { 'content-type': 'text/html' }).end('<html>upstream connect error</html>');
  }

  function takeFault(method: string, path: string): DiscordFault | undefined {
    const index = faults.findIndex(
      (fault) => (fault.path?.test(path) ?? true) && (fault.method === undefined || fault.method === method),
    );
    const fault = faults[index];
    if (fault === undefined) return undefined;
    const left = (fault.times ?? 1) - 1;
    if (left <= 0) faults.splice(index, 1);
    else faults[index] = { ...fault, times: left };
    return fault;
  }

  function actOut(fault: DiscordFault, request: IncomingMessage, response: ServerResponse, act: () => Answer): void {
    switch (fault.kind) {
      case 'status':
        send(response, { status: fault.status, body: { code: fault.code ?? 0, message: 'as scripted' } });
        return;
      case 'hang':
        if (fault.after === true) act();
        return;
      case 'cut':
        if (fault.after === true) act();
        request.socket.destroy();
        return;
    }
  }

  function answer(method: string, path: string, payload: Payload, files: ShownFile[]): Answer {
    const route = `${method} ${path}`;
    const [, channel = '', message = ''] = /^\/channels\/(\d+)\/messages(?:\/(\d+))?$/.exec(path) ?? [];
    const [, webhookApplication = '', key = '', original] =
      /^\/webhooks\/(\d+)\/([^/]+)(\/messages\/@original)?$/.exec(path) ?? [];
    const [, interaction, secret = ''] = /^\/interactions\/(\d+)\/([^/]+)\/callback$/.exec(path) ?? [];
    if (route === 'GET /gateway/bot') return { status: 200, body: gatewayInformation(gateway.url()) };
    if (route === 'GET /users/@me') return { status: 200, body: botUser(applicationId) };
    if (route === 'POST /users/@me/channels') return openChannel(textOf(payload.recipient_id));
    if (/^\/applications\/\d+(\/guilds\/\d+)?\/commands$/.test(path) && method === 'PUT')
      return register(path, payload);
    if (interaction !== undefined && method === 'POST') return callback(interaction, secret, payload);
    if (key !== '' && webhookApplication === applicationId)
      return webhook(method, key, original !== undefined, payload, files);
    const [, parent = ''] = /^\/channels\/(\d+)\/threads$/.exec(path) ?? [];
    const [, thread = '', member = ''] = /^\/channels\/(\d+)\/thread-members\/(\d+)$/.exec(path) ?? [];
    const [, changed = ''] = /^\/channels\/(\d+)$/.exec(path) ?? [];
    if (parent !== '' && method === 'POST') return startThread(parent, payload);
    if (thread !== '' && method === 'PUT') return addMember(thread, member);
    if (changed !== '' && method === 'PATCH') return changeThread(changed, payload);
    if (channel !== '' && message === '' && method === 'POST') return create(channel, payload, files);
    if (channel !== '' && message === '' && method === 'GET') return latest(channel);
    if (channel !== '' && message !== '' && method === 'PATCH') return edit(channel, message, payload, files);
    return refusal(404, 0, '404: Not Found');
  }

  function openChannel(user: string): Answer {
    if (!/^\d{1,20}$/.test(user)) return refusal(400, 50_033, 'Invalid Recipient(s)');
    return {
      status: 200,
      body: { id: directChannel(user), type: 1, recipients: [{ id: user, username: `user${user}` }] },
    };
  }

  function directChannel(user: string): string {
    const known = directChannels.get(user) ?? snowflake();
    directChannels.set(user, known);
    return known;
  }

  function startThread(parent: string, { name, type, invitable }: Payload): Answer {
    const channel = guildChannels.get(parent);
    if (channel === undefined) return refusal(404, 10_003, 'Unknown Channel');
    if (!channel.mayWrite) return refusal(403, 50_001, 'Missing Access');
    if (!isLength(textOf(name), 1, 100)) return invalid('name: must be 1 to 100 in length');
    if (type !== PRIVATE_THREAD || invitable !== false) violations.push(`a thread that others can see or enter`);
    const id = snowflake();
    threads.set(id, { parent, name: textOf(name), members: [], isArchived: false, isLocked: false });
    return { status: 201, body: { id, type, parent_id: parent, name } };
  }

  function addMember(id: string, user: string): Answer {
    const thread = threads.get(id);
    if (thread === undefined) return refusal(404, 10_003, 'Unknown Channel');
    if (thread.isArchived) return refusal(400, 50_083, 'Thread is archived');
    if (outsiders.has(user)) return refusal(404, 10_007, 'Unknown Member');
    if (!thread.members.includes(user)) thread.members.push(user);
    return { status: 204 };
  }

  function changeThread(id: string, { archived }: Payload): Answer {
    const thread = threads.get(id);
    if (thread === undefined) return refusal(404, 10_003, 'Unknown Channel');
    if (thread.isLocked) return refusal(403, 50_013, 'Missing Permissions');
    thread.isArchived = archived === true;
    return { status: 200, body: { id, type: PRIVATE_THREAD } };
  }

  /** Who reads there first: a person of their own, or in a channel of the server nobody in particular. Or why nothing may be written. */
  function readerOf(channel: string): Answer | string {
    const thread = threads.get(channel);
    const guildChannel = guildChannels.get(channel);
    if (thread?.isLocked === true) return refusal(403, 160_005, 'Thread is locked');
    if ((guildChannel ?? guildChannels.get(thread?.parent ?? ''))?.mayWrite === false)
      return refusal(403, 50_001, 'Missing Access');
    const user = thread?.members[0] ?? (guildChannel === undefined ? userOfChannel(channel) : channel);
    if (user === undefined) return refusal(404, 10_003, 'Unknown Channel');
    // A message opens an archived thread by itself.
    if (thread !== undefined) thread.isArchived = false;
    return user;
  }

  function userOfChannel(channel: string): string | undefined {
    return [...directChannels].find(([, id]) => id === channel)?.[0];
  }

  function register(path: string, payload: Payload): Answer {
    if (!path.startsWith(`/applications/${applicationId}/`)) return refusal(403, 20_012, 'You are not authorized');
    const given = listOf(Object.values(payload));
    const fault = commandsFault(given);
    if (fault !== undefined) return invalid(fault);
    commands = given;
    commandsOf = path.includes('/guilds/') ? 'guild' : 'global';
    return { status: 200, body: given.map((command) => ({ ...command, id: snowflake() })) };
  }

  function callback(id: string, secret: string, payload: Payload): Answer {
    const interaction = interactions.get(id);
    if (interaction === undefined || interaction.token !== secret) return refusal(404, 10_062, 'Unknown interaction');
    if (elapsed() - interaction.at > ACKNOWLEDGE_MS) return refusal(404, 10_062, 'Unknown interaction');
    if (interaction.acknowledgedAt !== null) {
      return refusal(400, 40_060, 'Interaction has already been acknowledged.');
    }
    const data = recordOf(payload.data);
    if (interaction.kind === 'autocomplete') {
      const choices = listOf(data.choices).map(({ name, value }) => ({ name: textOf(name), value: textOf(value) }));
      const isValid = choices.every(({ name, value }) => isLength(name, 1, 100) && isLength(value, 1, 100));
      if (payload.type !== CALLBACK.suggestions || choices.length > 25 || !isValid) return invalid('data.choices');
      interaction.choices = choices;
    } else if (payload.type === CALLBACK.deferred || payload.type === CALLBACK.message) {
      const shown = payload.type === CALLBACK.deferred ? NOTHING : checkedMessage(data, []);
      if ('error' in shown) return invalid(shown.error);
      const isEphemeral = (Number(data.flags ?? 0) & EPHEMERAL) !== 0;
      interaction.message = keep(interaction, shown, isEphemeral, payload.type === CALLBACK.deferred);
    } else return invalid('type');
    interaction.acknowledgedAt = elapsed();
    return { status: 204 };
  }

  function keep(interaction: InteractionRecord, shown: Shown, ephemeral: boolean, thinking: boolean): DiscordMessage {
    const message: DiscordMessage = {
      ...shown,
      messageId: snowflake(),
      channel: interaction.channel,
      user: interaction.user,
      from: 'bot',
      ephemeral,
      thinking,
      interaction: interaction.id,
      nonce: null,
      at: elapsed(),
    };
    messages.push(message);
    return message;
  }

  function webhook(method: string, key: string, isOriginal: boolean, payload: Payload, files: ShownFile[]): Answer {
    const interaction = [...interactions.values()].find((one) => one.token === key);
    if (interaction === undefined) return refusal(404, 10_015, 'Unknown Webhook');
    if (elapsed() - interaction.at > TOKEN_MS) return refusal(401, 50_027, 'Invalid Webhook Token');
    const original = interaction.message;
    if (original === null) return refusal(404, 10_008, 'Unknown Message');
    if (method === 'DELETE') {
      messages.splice(messages.indexOf(original), 1);
      return { status: 204 };
    }
    const shown = checkedMessage(payload, files);
    if ('error' in shown) return invalid(shown.error);
    if (method === 'PATCH' && isOriginal) {
      Object.assign(original, shown, { thinking: false, at: original.thinking ? elapsed() : original.at });
      return { status: 200, body: asDiscord(original) };
    }
    // A follow-up is seen by whom its own flag says.
    const isEphemeral = (Number(payload.flags ?? 0) & EPHEMERAL) !== 0;
    return { status: 200, body: asDiscord(keep(interaction, shown, isEphemeral, false)) };
  }

  function create(channel: string, payload: Payload, files: ShownFile[]): Answer {
    const user = readerOf(channel);
    if (typeof user !== 'string') return user;
    if (directChannels.get(user) === channel && closedInboxes.has(user))
      return refusal(403, 50_007, 'Cannot send messages to this user');
    const nonce = textOf(payload.nonce);
    if (nonce.length > 25) return invalid('nonce: must be 25 or fewer in length');
    const before = payload.enforce_nonce === true ? withNonce(channel, nonce) : undefined;
    if (before !== undefined) return { status: 200, body: asDiscord(before) };
    const shown = checkedMessage(payload, files);
    if ('error' in shown) return invalid(shown.error);
    const reply = replyOf(channel, recordOf(payload.message_reference));
    if ('status' in reply) return reply;
    const isSilent = (Number(payload.flags ?? 0) & SUPPRESS_NOTIFICATIONS) !== 0;
    const message: DiscordMessage = {
      ...{ ...shown, ...reply },
      ...(isSilent ? { isSilent: true as const } : {}),
      messageId: snowflake(),
      channel,
      user,
      from: 'bot',
      ephemeral: false,
      thinking: false,
      interaction: null,
      nonce: nonce === '' ? null : nonce,
      at: elapsed(),
    };
    messages.push(message);
    return { status: 200, body: asDiscord(message) };
  }

  /** A reply to what is not in this channel is refused, unless it may go without. */
  function replyOf(
    channel: string,
    { message_id: id, fail_if_not_exists: mustBe }: Payload,
  ): Answer | { repliesTo?: string } {
    if (id === undefined) return {};
    const isThere = messages.some((one) => one.messageId === id && one.channel === channel);
    if (isThere) return { repliesTo: textOf(id) };
    return mustBe === false ? {} : invalid('message_reference: Unknown message');
  }

  function withNonce(channel: string, nonce: string): DiscordMessage | undefined {
    return messages.find((one) => one.channel === channel && one.nonce === nonce && elapsed() - one.at < NONCE_MS);
  }

  function latest(channel: string): Answer {
    if (guildChannels.get(channel)?.mayWrite === false) return refusal(403, 50_001, 'Missing Access');
    const there = messages
      .filter((one) => one.channel === channel && !one.ephemeral)
      .slice(-50)
      .reverse();
    return { status: 200, body: there.map(asDiscord) };
  }

  function edit(channel: string, messageId: string, payload: Payload, files: ShownFile[]): Answer {
    const message = messages.find((one) => one.channel === channel && one.messageId === messageId && !one.ephemeral);
    if (threads.get(channel)?.isArchived === true) return refusal(400, 50_083, 'Thread is archived');
    if (message === undefined) return refusal(404, 10_008, 'Unknown Message');
    const shown = checkedMessage(payload, files);
    if ('error' in shown) return invalid(shown.error);
    Object.assign(message, shown);
    return { status: 200, body: asDiscord(message) };
  }

  function asDiscord(message: DiscordMessage): Payload {
    return {
      id: message.messageId,
      channel_id: message.channel,
      type: 0,
      content: message.content,
      embeds: message.embeds,
      components: message.buttons.map((row) => ({
        type: 1,
        components: row.map(({ label, customId, style, url }) => ({
          ...{ type: 2, style, label },
          ...(url === undefined ? { custom_id: customId } : { url }),
        })),
      })),
      attachments: message.files.map(({ name }) => ({ id: snowflake(), filename: name, size: 1, url: '' })),
      author: botUser(applicationId),
      flags: message.ephemeral ? EPHEMERAL : 0,
      timestamp: new Date(0).toISOString(),
      edited_timestamp: null,
      mentions: [],
      mention_roles: [],
      mention_everyone: false,
      pinned: false,
      tts: false,
    };
  }

  /** What Discord would not take is our fault, and counted. */
  function invalid(what: string): Answer {
    violations.push(`invalid: ${what}`);
    return refusal(400, 50_035, `Invalid Form Body: ${what}`);
  }

  function interact(kind: InteractionRecord['kind'], user: string, channel: string, body: Payload): InteractionRecord {
    const interaction: InteractionRecord = {
      id: snowflake(),
      token: `interaction-${snowflake()}`,
      kind,
      user,
      channel,
      at: elapsed(),
      acknowledgedAt: null,
      message: null,
      choices: null,
    };
    interactions.set(interaction.id, interaction);
    const person = {
      id: user,
      username: `user${user}`,
      discriminator: '0',
      avatar: null,
      global_name: `Person ${user}`,
    };
    const isDirect = channel !== GUILD_CHANNEL && !guildChannels.has(channel) && !threads.has(channel);
    const isHeard = gateway.dispatch('INTERACTION_CREATE', {
      id: interaction.id,
      application_id: applicationId,
      token: interaction.token,
      version: 1,
      channel_id: channel,
      channel: { id: channel, type: isDirect ? 1 : 0 },
      locale: options.locale ?? 'en-US',
      entitlements: [],
      authorizing_integration_owners: {},
      ...(isDirect
        ? { user: person, context: 1 }
        : {
            guild_id: GUILD,
            context: 0,
            member: { user: person, roles: [], permissions: '0', joined_at: new Date(0).toISOString(), flags: 0 },
          }),
      ...body,
    });
    const timer = setTimeout(() => {
      timers.delete(timer);
      if (interaction.acknowledgedAt !== null) return;
      unacknowledged.push(interaction.id);
      // Nobody can answer while there is no connection; then it is no fault of the bot's.
      if (isHeard && !restIsDown && !strangers.has(user))
        violations.push(`interaction ${interaction.id} was not acknowledged within 3 s`);
    }, ACKNOWLEDGE_MS);
    timer.unref();
    timers.add(timer);
    return interaction;
  }

  /** A person sends a slash command, in the guild unless `direct`. Answers the interaction's id. */
  function slash(
    user: string | number,
    name: string,
    given: Record<string, string> = {},
    { direct = false, unchecked = false, file }: { direct?: boolean; unchecked?: boolean; file?: AttachedFile } = {},
  ): string {
    const command = commands.find((one) => one.name === name);
    if (command === undefined) throw new Error(`no command ${name}: ${commands.map((one) => one.name).join(', ')}`);
    const known = listOf(command.options);
    for (const option of known) {
      const isGiven = option.type === ATTACHMENT ? file !== undefined : textOf(option.name) in given;
      if (option.required === true && !isGiven && !unchecked) {
        throw new Error(`/${name} needs ${textOf(option.name)}`);
      }
    }
    for (const option of Object.keys(given)) {
      if (!known.some((one) => one.name === option)) throw new Error(`/${name} has no ${option}`);
    }
    const id = String(user);
    const channel = direct ? directChannel(id) : GUILD_CHANNEL;
    const shown = [`/${name}`, ...Object.entries(given).map(([option, value]) => `${option}: ${value}`)].join(' ');
    messages.push(said(id, channel, shown, snowflake(), elapsed()));
    const values: Payload[] = Object.entries(given).map(([option, value]) => ({ name: option, type: 3, value }));
    const attached = file === undefined ? undefined : attach(file);
    if (attached !== undefined) values.push({ name: 'file', type: ATTACHMENT, value: attached.id });
    const resolved = attached === undefined ? {} : { resolved: { attachments: { [attached.id]: attached } } };
    return interact('command', id, channel, {
      type: 2,
      data: { id: snowflake(), name, type: 1, options: values, ...resolved },
    }).id;
  }

  function attach({ content, size, url }: AttachedFile) {
    const id = snowflake();
    attachments.set(id, content);
    return {
      id,
      filename: 'results.csv',
      size: size ?? (content instanceof URL ? 1 : content.length),
      url: url ?? new URL(`/attachments/${id}`, root).href,
      proxy_url: '',
    };
  }

  /** What is suggested while a person types an option. */
  async function autocomplete(user: string | number, name: string, option: string, typed: string) {
    const interaction = interact('autocomplete', String(user), GUILD_CHANNEL, {
      type: 4,
      data: { id: snowflake(), name, type: 1, options: [{ name: option, type: 3, value: typed, focused: true }] },
    });
    const end = performance.now() + ACKNOWLEDGE_MS;
    while (interaction.choices === null && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    return interaction.choices;
  }

  /** A person presses a button of a message that they see, named by its label or how that begins. */
  function press(user: string | number, messageId: string, label: string): string {
    const id = String(user);
    const message = messages.find(
      (one) => one.messageId === messageId && (one.user === id || guildChannels.has(one.channel)),
    );
    const buttons = message?.buttons.flat() ?? [];
    const button = buttons.find((one) => one.label === label) ?? buttons.find((one) => one.label.startsWith(label));
    if (message === undefined || button === undefined) {
      throw new Error(`no button ${label} on ${messageId}: ${buttons.map((one) => one.label).join(', ')}`);
    }
    return pressId(id, message, button.customId);
  }

  /** A press with an id of one's own choice, as a forged client could send it. */
  function pressId(user: string | number, message: DiscordMessage, customId: string): string {
    return interact('press', String(user), message.channel, {
      type: 3,
      message: asDiscord(message),
      data: { component_type: 2, custom_id: customId },
    }).id;
  }

  /** Everything that a user sees: what is in their conversation with the bot and what only they see elsewhere. */
  function messagesOf(user: string | number): DiscordMessage[] {
    const id = String(user);
    return messages.filter((one) => one.user === id || one.channel === id);
  }

  async function close(): Promise<void> {
    for (const timer of timers) clearTimeout(timer);
    gateway.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  return {
    root,
    token,
    applicationId,
    gateway,
    slash,
    autocomplete,
    press,
    pressId,
    messages: messagesOf,
    fromBot: (user: string | number) => messagesOf(user).filter((one) => one.from === 'bot' && !one.thinking),
    /** The answer to an interaction, once it is there. */
    answerTo: (interaction: string) => {
      const message = interactions.get(interaction)?.message ?? undefined;
      return message === undefined || message.thinking ? undefined : message;
    },
    /** From here on nobody has to answer this user. */
    mayLeave: (user: string | number) => void strangers.add(String(user)),
    /** What went out as direct messages. */
    sent: () => messages.filter((one) => one.from === 'bot' && one.interaction === null),
    transcript: (user: string | number, names: { person?: string; bot?: string } = {}) =>
      messagesOf(user)
        .map((message) => drawn(message, names))
        .join('\n\n'),
    drawn,
    commands: () => commands,
    commandsOf: () => commandsOf,
    /** A channel of the server; `mayWrite` false: the bot lacks a permission there. */
    guildChannel: (id: string, { mayWrite = true }: { mayWrite?: boolean } = {}) =>
      void guildChannels.set(id, { mayWrite }),
    removeChannel: (id: string) => {
      guildChannels.delete(id);
      threads.delete(id);
    },
    /** The threads that there are, by their ids. */
    threads,
    leaveServer: (user: string | number) => void outsiders.add(String(user)),
    /** What stands in a channel or thread. */
    inChannel: (id: string) => messages.filter((one) => one.channel === id && !one.ephemeral),
    closeInbox: (user: string | number) => closedInboxes.add(String(user)),
    openInbox: (user: string | number) => closedInboxes.delete(String(user)),
    fail: (fault: DiscordFault) => faults.push(fault),
    clearFaults: () => faults.splice(0),
    /** Everything is away: calls are refused and the gateway is gone. `forget`: nothing can be resumed afterwards. */
    goDown: ({ forget = false }: { forget?: boolean } = {}) => {
      restIsDown = true;
      gateway.goDown(forget);
      server.closeAllConnections();
    },
    comeUp: () => {
      restIsDown = false;
      gateway.comeUp();
    },
    calls,
    violations,
    unacknowledged,
    throttled: limits.throttled,
    close,
  };
}

const NOTHING: Shown = { content: '', embeds: [], text: '', buttons: [], files: [] };

function said(user: string, channel: string, text: string, messageId: string, at: number): DiscordMessage {
  const apart = { ephemeral: false, thinking: false, interaction: null, nonce: null };
  return { ...NOTHING, content: text, text, messageId, channel, user, from: 'person', ...apart, at };
}

/** One message as text: who, what, the files and the buttons below it. */
function drawn(message: DiscordMessage, names: { person?: string; bot?: string } = {}): string {
  const who = message.from === 'bot' ? (names.bot ?? 'settlebot') : (names.person ?? 'person');
  const seen = message.ephemeral ? ' (only you see this)' : '';
  const body = (message.thinking ? 'is thinking…' : message.text).split('\n').map((line) => `  ${line}`.trimEnd());
  const files = message.files.map((file) => `  (file ${file.name})`);
  const rows = message.buttons.map((row) => `  ${row.map((button) => `[${button.label}]`).join(' ')}`);
  return [`${who}${seen}:`, ...body, ...files, ...rows].join('\n');
}

const LOCALES = new Set(
  (
    'id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja ' +
    'zh-TW ko'
  ).split(' '),
);

/** What Discord would not take as commands. */
function commandsFault(commands: Payload[]): string | undefined {
  if (commands.length > 100) return 'at most 100 commands';
  if (new Set(commands.map(({ name }) => name)).size < commands.length) return 'name: must be unique';
  for (const command of commands) {
    let isOptional = false;
    for (const { name, description, description_localizations, required } of [command, ...listOf(command.options)]) {
      if (!/^[-_\p{Ll}\d]{1,32}$/u.test(textOf(name))) return `name: ${textOf(name)}`;
      if (!isLength(textOf(description), 1, 100)) return `description of ${textOf(name)}`;
      for (const [locale, text] of Object.entries((description_localizations ?? {}) as Payload)) {
        if (!LOCALES.has(locale) || !isLength(textOf(text), 1, 100)) return `${locale}: ${textOf(name)}`;
      }
      if (name === command.name && description === command.description) continue;
      if (required === true && isOptional) return `required options first: ${textOf(command.name)}`;
      isOptional ||= required !== true;
    }
  }
  return undefined;
}

function botUser(id: string): Payload {
  return { id, username: 'settlebot', discriminator: '0', avatar: null, bot: true };
}

function gatewayInformation(url: string): Payload {
  return { url, shards: 1, session_start_limit: { total: 1_000, remaining: 999, reset_after: 0, max_concurrency: 1 } };
}

function isLength(text: string, least: number, most: number): boolean {
  return text.length >= least && text.length <= most;
}

let lastSnowflake = 0n;

/** Ids as Discord makes them: by time, and each one greater. */
function snowflake(): string {
  const made = BigInt(Math.floor(performance.timeOrigin + performance.now()) - 1_420_070_400_000) << 22n;
  lastSnowflake = made > lastSnowflake ? made : lastSnowflake + 1n;
  return String(lastSnowflake);
}

function refusal(status: number, code: number, message: string): Answer {
  return { status, body: { code, message } };
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  if (body === undefined) {
    response.writeHead(status, headers).end();
    return;
  }
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), ...headers })
    .end(text);
}
