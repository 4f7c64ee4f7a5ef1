import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { createBots } from '../bots/bots.ts';
import { createJobs } from '../jobs/jobs.ts';
import { createApp, createOperationsApp } from '../webhooks/app.ts';
import type { Readiness } from '../webhooks/dependencies.ts';
import { createGuard } from '../webhooks/guard/guard.ts';
import { addClockMetric, createActivityMetrics, createMetrics } from '../webhooks/metrics.ts';
import { createAnswers } from '../webhooks/middleware/keptAnswers.ts';
import { createAnchorPost } from '../webhooks/outgoing/anchors.ts';
import { createSender } from '../webhooks/outgoing/worker.ts';
import { listen } from '../webhooks/server.ts';
import { type Config, EXAMPLE_TRACKING_LINK, signaturesOf } from './config.ts';
import { type Core, createCore } from './core.ts';
import { type ClockWatch, createClockWatch } from './database/clockWatch.ts';
import { connectDatabase } from './database/connect.ts';
import { buildIndexes } from './database/indexes.ts';
import { migrate } from './database/migrations/migrate.ts';
import { MIGRATIONS } from './database/migrations/migrations.ts';
import type { Activity } from './kernel/activity.ts';
import { type BotCheck, CHECKS } from './kernel/checks.ts';
import type { Secret } from './kernel/cipher.ts';
import { createServiceClock, realMilliseconds } from './kernel/clock.ts';
import { logActivity } from './log.ts';
import type { ChannelLimits } from './notices/delivery/limiter.ts';
import { keysOfEnvironment } from './rights/scope.ts';
import { anchorFileOf } from './sealKeys.ts';
import { createAnchorFile } from './seals/anchorFile.ts';
import type { SealKey } from './seals/seal.ts';
import type { Secrets } from './secrets.ts';

/** `url` is where it listens, null when this process does not run `webhooks`. */
export type Service = { url: string | null; stop(): Promise<void> };

/**
 * The composition root: config → parts → start; `stop` releases in reverse. Throws when it cannot serve. Chats are
 * written to as often as their channel allows, unless `chatLimits` says otherwise.
 */
export async function startService(
  config: Config,
  secrets: Secrets & { sealKeys: readonly SealKey[]; payeeKeys: readonly Secret[] },
  log: Logger,
  chatLimits?: ChannelLimits,
): Promise<Service> {
  const onError = (error: unknown) => log.error({ err: error }, 'work in the background failed');
  const release: (() => unknown)[] = [];
  let stopping = false;

  async function stop(): Promise<void> {
    stopping = true;
    for (const step of release.reverse()) {
      try {
        await step();
      } catch (error) {
        onError(error);
      }
    }
  }

  try {
    const database = await connectDatabase({
      ...{ mongodbUri: config.MONGODB_URI, dataDir: config.DATA_DIR },
      ...{ waitMs: START_WAIT_MS, report: (line) => log.warn(line) },
    });
    release.push(database.close);
    const clock = createServiceClock();
    const registry = new Registry();
    const clocks = createClockWatch({ connection: database.connection, warn: (line) => log.warn(line), onError });
    release.push(clocks.stop);
    await clocks.start();
    addClockMetric(registry, clocks.offsetMs);
    const countActivity = createActivityMetrics(registry);
    const report = (activity: Activity) => {
      logActivity(log, activity);
      countActivity(activity);
    };
    const say = (line: string) => log.info(line);
    await database.patiently((connection) =>
      migrate({ connection, migrations: MIGRATIONS, clock, apply: true, report: say }),
    );
    const postAnchors = createAnchorPost(config);
    release.push(postAnchors.stop);
    if (config.SHADOW) log.warn(IN_SHADOW);
    const seals = {
      keys: secrets.sealKeys,
      anchors: createAnchorFile(anchorFileOf(config)),
      post: config.SHADOW ? undefined : postAnchors.post,
    };
    const { payeeKeys } = secrets;
    const core = createCore({ database, config, clock, onError, report, seals, payeeKeys, mayDecide: clocks.agrees });
    release.push(core.documents.close, core.thread.close, core.sources.close);
    const bots = await createBots({ config, core, log, limits: chatLimits });
    const testClock = config.TEST_CLOCK ? { startsAt: config.TEST_CLOCK_START } : null;
    const sender = config.SHADOW ? undefined : createSender({ ...core, config, onError });
    const jobs = createJobs({ core, clock, testClock, sender, botsQuiet: bots.quiet, onError });
    const answers = createAnswers(core.connection, realMilliseconds);
    await database.patiently((connection) => buildIndexes(core.connection, connection));

    if (config.RUN.includes('jobs')) {
      await jobs.catchUp();
      release.push(jobs.stop);
      await jobs.start();
    } else await jobs.standStill();
    await clocks.whenAgreed(core.notePolicy);
    release.push(bots.stop);
    bots.start();
    for (const key of await core.payees.lackingKeys()) {
      log.warn(
        `payees were stored under the key ${key}, which PAYEE_KEYS does not name: they cannot be read (docs/paydays.md)`,
      );
    }
    if (config.TRACKING_LINK === EXAMPLE_TRACKING_LINK) {
      log.warn('TRACKING_LINK is not set: the links of orders lead to example.com, where no fan is counted');
    }
    if (secrets.ownerKeys.length === 0) {
      log.warn('OWNER_API_KEYS is not set: no key of API_KEYS has the scope admin');
    }
    if (config.SHADOW) await warnOfHeld(core, log);
    else if (sender === undefined) log.info('webhooks to the platform are off: PLATFORM_WEBHOOK_URL is not set');
    for (const reason of bots.off) log.info(reason);
    if (config.RUN.includes('webhooks')) {
      const names = secrets.apiKeys.map(({ name }) => name);
      await core.rights.keys.noteEnvironment(keysOfEnvironment(names, secrets.ownerKeys));
    }
    const guard = createGuard({ log, registry });
    const operations = {
      readiness: () => readinessOf(core, clocks, bots.states()),
      metrics: createMetrics({
        ...{ ...core, registry, channels: bots.states, onError },
        sealAgeSeconds: () => core.seals.ageSeconds(clock.now()),
        isShadow: config.SHADOW,
      }),
      log,
      stopping: () => stopping,
    };
    if (config.OPS_PORT !== undefined) {
      const host = config.OPS_HOST ?? config.HOST;
      const limits = { connections: OPS_CONNECTIONS, connectionsPerAddress: OPS_CONNECTIONS };
      const server = await listen(createOperationsApp(operations), { host, port: config.OPS_PORT, limits, guard });
      release.push(server.close);
      log.info(`health and metrics on ${urlOf(host, server.port)}`);
    }
    if (!config.RUN.includes('webhooks')) return { url: null, stop };

    const app = createApp({
      ...core,
      ...secrets,
      ...core.invoicing,
      ...core.standing,
      answers,
      policy: config.policy,
      sourceSignatures: signaturesOf(config),
      publicUrl: config.PUBLIC_URL,
      consoleUrl: config.CONSOLE_URL,
      telegramBotUsername: () => bots.telegram?.username(),
      ...(bots.telegram?.webhook ? { telegramWebhook: bots.telegram.webhook } : {}),
      ...(jobs.testClock === undefined ? {} : { testClock: jobs.testClock }),
      jobStates: jobs.states,
      ...operations,
      operationsApart: config.OPS_PORT !== undefined,
      guard,
    });
    const limits = {
      connections: config.MAX_CONNECTIONS,
      connectionsPerAddress: config.MAX_CONNECTIONS_PER_ADDRESS,
    };
    const server = await listen(app, { host: config.HOST, port: config.PORT, limits, guard });
    release.push(server.close, core.inbox.stop, core.live.stop);
    return { url: urlOf(config.HOST, server.port), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const IN_SHADOW =
  'SHADOW=1: this service is in SHADOW. It takes events and decides, but sends NOTHING to people or platform; see /v1/shadow';

/** What was on its way before the shadow began is neither sent nor lost: it goes out when the shadow is off. */
async function warnOfHeld({ outgoing, noticeStore }: Core, log: Logger): Promise<void> {
  const [{ due }, messages] = await Promise.all([outgoing.counts(), noticeStore.countDocuments({ state: 'due' })]);
  if (due + messages === 0) return;
  log.warn(
    `${due} webhooks and ${messages} messages from before the shadow are held; they are sent when SHADOW is off`,
  );
}

/** An election takes up to twelve seconds, and a server that starts with us may take longer. */
const START_WAIT_MS = 60_000;

/** Of whoever watches the service: a few collectors and load balancers. */
const OPS_CONNECTIONS = 256;

function urlOf(host: string, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/**
 * Ready when the database commits what it is given, and decisions can be made; a bot that cannot reach its channel is reported, but does
 * not count.
 */
async function readinessOf(
  { commits, shadow }: Pick<Core, 'commits' | 'shadow'>,
  clocks: ClockWatch,
  bots: { telegram: BotCheck; discord: BotCheck },
): Promise<Readiness> {
  await commits.check();
  const seconds = Math.round(clocks.offsetMs() / 1_000);
  const clock = clocks.agrees() ? 'agrees' : `is ${seconds} s away from the database's: nothing is decided`;
  const inShadow = shadow.isOn ? { shadow: CHECKS.shadow[0] } : {};
  return {
    ready: clocks.agrees(),
    checks: { database: 'commits', clock, ...bots, ...inShadow },
    clockOffsetSeconds: seconds,
  };
}
