import type { IncomingMessage } from 'node:http';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { routePath } from 'hono/route';
import { secureHeaders } from 'hono/secure-headers';
import type { Logger } from 'pino';
import { Counter, Histogram, type Registry } from 'prom-client';

import { isDatabaseTrouble } from '../src/database/trouble.ts';

import { DrawingBusy } from '../src/documents/drawingThreads.ts';
import { TooManySimulations } from '../src/eventSimulation.ts';
import type { Catalogue } from '../src/events/catalogue.ts';
import { NotYet } from '../src/events/handler.ts';
import type { Report } from '../src/kernel/activity.ts';
import { realMilliseconds } from '../src/kernel/clock.ts';
import { PayeesLocked } from '../src/payees/payees.ts';
import type { Policy } from '../src/policy.ts';
import type { Sources } from '../src/sources/sources.ts';
import type { SourceSignature } from '../src/sources/sourcesFile.ts';
import { addApi, newApiApp } from './api/api.ts';
import { addDescription } from './api/description.ts';
import { refusal } from './api/shared.ts';
import { addConsole, type ConsoleDeps } from './console/console.ts';
import { BUILT_PAGES, NOT_BUILT, readPages, TELEGRAM_PAGE } from './console/pages.ts';
import type { ApiApp, ApiDeps, ApiEnv, Inbox, TestClockControl } from './dependencies.ts';
import { addGuides } from './docs/guides.ts';
import { addDocs } from './docs/reference.ts';
import { createBodyReader } from './guard/body.ts';
import { createGuard, type Guard } from './guard/guard.ts';
import type { Unavailable } from './guard/unavailable.ts';
import { addLiveness, addOperations, type HealthDeps } from './health.ts';
import { authenticate } from './middleware/authenticate.ts';
import { readBodies } from './middleware/body.ts';
import { decideNow } from './middleware/decideNow.ts';
import { boundInHand } from './middleware/inHand.ts';
import { withinRights } from './middleware/rights.ts';
import { createWrongKeys } from './middleware/wrongKeys.ts';
import { HttpProblem, problem } from './problem.ts';
import { createReceiver } from './receiver/receive.ts';
import { createBatchReceiver } from './receiver/receiveBatch.ts';
import { createSourceReceiver } from './receiver/receiveFromSource.ts';
import { createScheme, standardWebhooks } from './receiver/schemes.ts';
import { createPlatformReader, type SignedRequestDeps } from './receiver/signedRequest.ts';
import { createTakeEvent } from './receiver/takeEvent.ts';
import { addRules } from './rules.ts';
import { addTestClock } from './testClock.ts';

export type AppDeps = Omit<ApiDeps, 'inbox'> & {
  webhookSecrets: string[];
  catalogue: Catalogue;
  inbox: ApiDeps['inbox'] & Pick<Inbox, 'receive'>;
  sources: Pick<Sources, 'list'>;
  /** How those sources are signed that may send. */
  sourceSignatures?: SourceSignature[];
  report: Report;
  testClock?: TestClockControl;
  telegramWebhook?: (request: Request) => Promise<Response>;
  metrics: Registry;
  /** The numbers of the business, where they are not the defaults. */
  policy?: Policy;
  /** Where people find the service, if that is configured. */
  publicUrl?: string | undefined;
  /** Where the pages of the console lie, unless where the build puts them. */
  consolePages?: string;
  telegramUser?: ConsoleDeps['telegramUser'];
  /** Whether `/readyz` and `/metrics` are served elsewhere, and not here. */
  operationsApart?: boolean;
  /** What the server's own limits know as well. */
  guard?: Guard;
  /** Whether people's decisions are taken now; always, unless told. */
  mayDecide?: () => boolean;
  log: Pick<Logger, 'error' | 'warn'> & Partial<Pick<Logger, 'trace'>>;
  stopping(): boolean;
};

/** Requests worked on at a time; the receiver has bounds of its own. */
const IN_HAND = 1_024;

/** Everything that is served over HTTP (docs/api.md). Throws when a webhook secret is malformed. */
export function createApp(deps: AppDeps): ApiApp {
  const app = newApiApp();
  const count = requestCounter(deps.metrics, deps.log);
  const { guard = createGuard({ log: deps.log, registry: deps.metrics }) } = deps;
  const readBody = createBodyReader(guard);
  addReceiver(app, { ...deps, guard, readBody }, count);
  addSources(app, { ...deps, guard, readBody }, count);
  app.use('*', headers, boundInHand(guard, IN_HAND));
  if (deps.shadow.isOn) app.use('*', SAY_SHADOW);
  addLiveness(app);
  if (deps.operationsApart !== true) addOperations(app, deps);
  const wrongKeys = createWrongKeys({ log: deps.log, registry: deps.metrics, now: realMilliseconds });
  const keyed = authenticate(deps, wrongKeys);
  const bounded = readBodies(guard, readBody);
  const rights = withinRights(app, deps);
  const decides = decideNow(deps.mayDecide, guard.unavailable);
  for (const path of ['/v1/*', '/test/*']) app.use(path, counted(count), keyed, rights, decides, bounded);
  addApi(app, deps);
  if (deps.testClock !== undefined) addTestClock(app, deps.testClock);
  if (deps.consoleUrl !== undefined) {
    const pages = readPages(deps.consolePages ?? BUILT_PAGES);
    if (pages.size === 0) deps.log.warn(NOT_BUILT);
    addConsole(app, deps, { pages, wrongKeys, counted: counted(count), bounded });
  }
  const { telegramWebhook } = deps;
  if (telegramWebhook !== undefined) {
    app.post('/telegram/webhook', async (c) => {
      const response = await telegramWebhook(c.req.raw);
      if (response.status === 503) guard.unavailable.note('other');
      return response;
    });
  }
  addDescription(app, { publicUrl: deps.publicUrl });
  addDocs(app);
  const rules = { ...deps, currency: deps.platform.currency };
  addGuides(app, rules);
  addRules(app, rules);
  refuseTheRest(app, deps.log, guard.unavailable);
  return app;
}

/** What whoever runs the service asks for, on a port of its own. */
export function createOperationsApp(deps: HealthDeps & Pick<AppDeps, 'log'>): ApiApp {
  const app = newApiApp();
  app.use('*', HEADERS);
  addLiveness(app);
  addOperations(app, deps);
  refuseTheRest(app, deps.log);
  return app;
}

/** A proxy decides whether there is TLS at all. */
const HEADERS = secureHeaders({ strictTransportSecurity: false, xFrameOptions: 'DENY', referrerPolicy: 'no-referrer' });

/** Telegram shows one page in a frame, and opens it from a window of its own: what may do so, the page's own policy says. */
const FRAMED = secureHeaders({
  ...{ strictTransportSecurity: false, xFrameOptions: false, referrerPolicy: 'no-referrer' },
  crossOriginOpenerPolicy: false,
});

const headers = createMiddleware<ApiEnv>((c, next) => (c.req.path === TELEGRAM_PAGE ? FRAMED : HEADERS)(c, next));

/** Whoever acts on an answer can see that nobody else does. */
const SAY_SHADOW = createMiddleware<ApiEnv>(async (c, next) => {
  await next();
  c.header('settlebot-shadow', '1');
});

function refuseTheRest(app: ApiApp, log: AppDeps['log'], unavailable?: Unavailable): void {
  app.notFound(() => problem(404, 'There is nothing at this address.'));
  app.onError((error, c) => {
    if (error instanceof HttpProblem) return error.response;
    if (error instanceof HTTPException) return problem(error.status, error.message || 'The request was refused.');
    if (error instanceof PayeesLocked) return lockedPayees(error);
    if (isPassing(error)) {
      if (isDatabaseTrouble(error)) unavailable?.noteTrouble(error);
      else unavailable?.note('busy');
      return problem(503, 'The service cannot answer now; try again.', {}, { 'retry-after': '5' });
    }
    log.error({ err: error, method: c.req.method, path: c.req.path }, 'a request failed');
    return problem(500, 'The request failed; the log of the service says why.');
  });
}

/** Whatever was asked for: it needs a key that somebody has to name. Which one, the log of the start and `verify` say as well. */
function lockedPayees({ accountIds, keyIds }: PayeesLocked): Response {
  const members = { accounts: accountIds.length, lacking: keyIds };
  return refusal({ state: 'locked', reason: 'payee_locked' }, members).response;
}

/** What passes by itself: a database that does not answer, or a step of another process that comes first. */
function isPassing(error: Error): boolean {
  return (
    error instanceof NotYet ||
    error instanceof DrawingBusy ||
    error instanceof TooManySimulations ||
    isDatabaseTrouble(error)
  );
}

/** The receiver comes first and without middleware: it has to be fast. */
function addReceiver(app: ApiApp, deps: AppDeps & Pick<SignedRequestDeps, 'guard' | 'readBody'>, count: CountRequest) {
  const scheme = standardWebhooks(deps.webhookSecrets, realMilliseconds);
  const takeEvent = createTakeEvent({ ...deps, countWarnings: warningCounter(deps.metrics) });
  const shared = { ...deps, readSigned: createPlatformReader(scheme, deps), takeEvent };
  addWayIn(app, RECEIVER_PATH, createReceiver(shared), count);
  addWayIn(app, BATCH_PATH, createBatchReceiver(shared), count);
}

/** The ways in of sources, each at its own address (docs/sources.md). */
function addSources(
  app: ApiApp,
  deps: AppDeps & Pick<SignedRequestDeps, 'guard' | 'readBody'>,
  count: CountRequest,
): void {
  const signatures = new Map((deps.sourceSignatures ?? []).map((signature) => [signature.name, signature]));
  for (const source of deps.sources.list) {
    const signature = signatures.get(source.name);
    const receive =
      signature === undefined
        ? async () => problem(404, `The source ${source.name} is not set up here: it has no secret.`)
        : createSourceReceiver(source, createScheme(signature, realMilliseconds), deps);
    addWayIn(app, `/webhooks/${source.name}`, receive, count);
  }
}

type Receive = (request: Request, incoming?: IncomingMessage) => Promise<Response>;

function addWayIn(app: ApiApp, path: string, receive: Receive, count: CountRequest): void {
  app.post(path, async (c) => {
    const started = performance.now();
    const response = await receive(c.req.raw, c.env?.incoming);
    count(path, 'POST', response.status, performance.now() - started);
    return response;
  });
  app.all(path, () => problem(405, 'Events are sent with POST.', {}, { allow: 'POST' }));
}

const RECEIVER_PATH = '/webhooks/platform';
const BATCH_PATH = `${RECEIVER_PATH}/batch`;

function warningCounter(metrics: Registry) {
  const counter = new Counter({
    name: 'settlebot_event_warnings_total',
    help: 'Unknown fields that senders were warned of, by type of event; all of unknown types together',
    labelNames: ['type'],
    registers: [metrics],
  });
  return (type: string, count: number) => counter.inc({ type }, count);
}

type CountRequest = (route: string, method: string, status: number, ms: number) => void;

function requestCounter(metrics: Registry, log: AppDeps['log']): CountRequest {
  const counter = new Counter({
    name: 'settlebot_http_requests_total',
    help: 'HTTP requests answered, by route, method and status.',
    labelNames: ['route', 'method', 'status'],
    registers: [metrics],
  });
  const latency = new Histogram({
    name: 'settlebot_http_request_seconds',
    help: 'How long HTTP requests took, by route and method.',
    labelNames: ['route', 'method'],
    buckets: [0.005, 0.025, 0.1, 0.5, 2, 10],
    registers: [metrics],
  });
  return (route, method, status, ms) => {
    counter.inc({ route, method, status });
    latency.observe({ route, method }, ms / 1_000);
    // The route and not the address, which has ids.
    log.trace?.({ route, method, status, ms: Math.round(ms) }, 'a request was answered');
  };
}

/** Counts by route and not by path, whose number has no bound. */
function counted(count: CountRequest) {
  return createMiddleware<ApiEnv>(async (c, next) => {
    const started = performance.now();
    await next();
    count(routePath(c, -1), c.req.method, c.res.status, performance.now() - started);
  });
}
