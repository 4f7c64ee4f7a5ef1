import { Client, Events, type Interaction, Options, Status } from 'discord.js';

import { waitAtMost } from '../../src/kernel/wait.ts';
import { type DiscordSettings, restOptions } from './api.ts';

export type GatewayDependencies = {
  settings: DiscordSettings;
  onInteraction: (interaction: Interaction) => void;
  /** Discord is there, for the first time or again. */
  onReady: () => void;
  /** Discord refuses the token. */
  onRefused: () => void;
  /** `reason` has no secrets. */
  onFault: (reason: string) => void;
  scrub: (text: string) => string;
};

/** Discord closes with this code when the token is wrong. */
const AUTHENTICATION_FAILED = 4_004;
const CLOSE_MS = 2_000;
/** The library reconnects by itself; a client that could not for this long is replaced. */
const LONGEST_RECONNECT_MS = 120_000;

/**
 * The connection on which interactions arrive. Open, it reconnects and resumes by itself; one that the library gives up
 * is replaced by the next `open`.
 */
export function createGateway(deps: GatewayDependencies) {
  let client: Client | null = null;
  let isReady = false;
  let readyAt = 0;

  /** Connects if there is no connection. Resolves when there is one or it failed, which `onFault` hears. */
  async function open(): Promise<void> {
    if (client !== null) {
      if (isReady || performance.now() - readyAt < LONGEST_RECONNECT_MS) return;
      await close();
    }
    const created = newClient();
    client = created;
    readyAt = performance.now();
    try {
      await created.login(deps.settings.token);
    } catch (error) {
      if (client === created) client = null;
      // Whatever the library does with it from here on must have no effect.
      retire(created);
      if (isRefusal(error)) deps.onRefused();
      else deps.onFault(deps.scrub(error instanceof Error ? error.message : String(error)));
    }
  }

  function newClient(): Client {
    const created = new Client({
      // Interactions arrive whatever the intents are, and we need nothing else.
      intents: [],
      rest: restOptions(deps.settings.apiRoot),
      makeCache: Options.cacheWithLimits({
        MessageManager: 0,
        UserManager: 0,
        GuildMemberManager: 0,
        ThreadManager: 0,
      }),
    });
    const ifCurrent = (action: () => void) => () => {
      if (client === created) action();
    };
    created.on(Events.InteractionCreate, (interaction) => ifCurrent(() => deps.onInteraction(interaction))());
    created.on(Events.ClientReady, ifCurrent(ready));
    created.on(Events.ShardReady, ifCurrent(ready));
    created.on(Events.ShardResume, ifCurrent(ready));
    created.on(Events.ShardReconnecting, ifCurrent(lost));
    created.on(Events.ShardError, (error) => ifCurrent(() => deps.onFault(deps.scrub(error.message)))());
    created.on(Events.Error, (error) => ifCurrent(() => deps.onFault(deps.scrub(error.message)))());
    created.on(Events.ShardDisconnect, ({ code }) =>
      ifCurrent(() => {
        client = null;
        isReady = false;
        retire(created);
        if (code === AUTHENTICATION_FAILED) deps.onRefused();
        else deps.onFault(`the gateway closed for good with ${code}`);
      })(),
    );
    return created;
  }

  function ready(): void {
    if (isReady) return;
    isReady = true;
    deps.onReady();
  }

  function lost(): void {
    if (isReady) readyAt = performance.now();
    isReady = false;
  }

  /** Nothing arrives any more. */
  async function close(): Promise<void> {
    const closing = client;
    client = null;
    isReady = false;
    if (closing === null) return;
    if (closing.ws.status === Status.Ready && closing.ws.shards.every((shard) => shard.status === Status.Ready)) {
      closing.removeAllListeners();
      closing.on(Events.Error, () => {});
      await waitAtMost(
        closing.destroy().catch(() => {}),
        CLOSE_MS,
      );
    } else {
      retire(closing);
    }
  }

  return { open, close, isReady: () => isReady };
}

/**
 * Releases a client that is not connected now. The library goes on connecting even when it is stopped in such a moment,
 * and a socket that is released while it connects brings down the process when it fails. So it may try once more, is
 * closed should it succeed, and waits for ever before any further try: for the session it asks for.
 */
function retire(client: Client): void {
  client.removeAllListeners();
  client.on(Events.Error, () => {});
  const end = () => void client.destroy().catch(() => {});
  client.on(Events.ShardReady, end);
  client.on(Events.ShardResume, end);
  for (const [id, shard] of client.ws.shards) {
    const withoutSession: typeof shard = Object.create(shard, {
      sessionInfo: { get: () => new Promise(() => {}), set: () => {} },
    });
    client.ws.shards.set(id, withoutSession);
  }
}

function isRefusal(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if ('code' in error && error.code === 'TokenInvalid') return true;
  return error instanceof Error && /^Authentication failed$/.test(error.message);
}
