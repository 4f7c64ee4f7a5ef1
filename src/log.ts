import { type DestinationStream, type LogFn, type Logger, pino } from 'pino';
import { build as prettyStream } from 'pino-pretty';

import type { Activity } from './kernel/activity.ts';
import { messageOf, unreachable } from './kernel/errors.ts';
import { oneLine } from './kernel/text.ts';

/** JSON lines on standard output; readable ones when that is a terminal. */
export function createLog(level: string, readable: boolean, destination?: DestinationStream): Logger {
  const options = {
    ...{ level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: whatFailed } },
    hooks: { logMethod: inOneLine },
  };
  if (!readable) return pino(options, destination ?? pino.destination(1));
  return pino(options, prettyStream({ colorize: true, translateTime: 'SYS:HH:MM:ss', sync: true }));
}

/** Of an error only what failed and where: the database's errors carry whole documents, bodies included. */
export function whatFailed(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: messageOf(error) };
  const { type, message, stack, code } = pino.stdSerializers.err(error);
  return { type, message, stack, ...(code === undefined ? {} : { code }) };
}

/** What others wrote may stand in a message; on a terminal it must not move the cursor or hide a line. */
function inOneLine(this: Logger, args: Parameters<LogFn>, method: LogFn): void {
  method.apply(this, args.map((arg) => (typeof arg === 'string' ? oneLine(arg) : arg)) as Parameters<LogFn>);
}

/**
 * A line for what the business did: what happened once in a while at `info`, what has to be looked at at `warn`, what
 * happens all the time at `debug`.
 */
export function logActivity(log: Pick<Logger, 'debug' | 'info' | 'warn'>, activity: Activity): void {
  switch (activity.kind) {
    case 'job': {
      const { kind: _, at, ms, ...job } = activity;
      const line = { ...job, at: at.toISOString(), ms: Math.round(ms) };
      // One that found nothing to do, or whose work is told of elsewhere, is news to nobody.
      if ((job.count ?? 0) > 0) log.info(line, 'a job ran');
      else log.debug(line, 'a job ran');
      return;
    }
    case 'events-applied':
      log.debug({ count: activity.count, ms: Math.round(activity.ms) }, 'events were worked on');
      return;
    case 'event-quarantined': {
      const { eventId, type, error } = activity;
      log.warn({ eventId, type, error: error.slice(0, LONGEST_ERROR) }, 'an event is in quarantine');
      return;
    }
    case 'decision': {
      const { actor, action, subject } = activity;
      if (AUTOMATIC.has(actor)) log.debug({ actor, action, subject }, 'a decision was carried out');
      else log.info({ actor, action, subject }, 'a decision was made');
      return;
    }
    case 'notice': {
      const { channel, outcome, waitedMs } = activity;
      log.debug({ channel, outcome, waitedMs }, 'a notice was sent');
      return;
    }
    case 'webhook-out':
      log.debug({ outcome: activity.outcome }, 'a webhook was sent');
      return;
    case 'day-sealed': {
      const { day, number, hash, root } = activity;
      log.info({ day, number, hash, root }, 'a day is sealed');
      return;
    }
    case 'anchor-out':
      if (activity.outcome === 'failed') log.warn({ error: activity.error }, 'ANCHOR_URL did not take an anchor');
      else log.debug('an anchor was posted');
      return;
    case 'chat-dropped':
      log.debug({ channel: activity.channel, reason: activity.reason }, 'something sent to a bot was left out');
      return;
    case 'wrong-code':
      log.debug('a wrong code to link a chat was tried');
      return;
    case 'shadow-week': {
      const { week, parts } = activity;
      const of = (kind: string) =>
        Object.fromEntries(parts.filter((part) => part.kind === kind).map(({ type, count }) => [type, count]));
      log.info({ week, webhooks: of('webhook'), messages: of('message') }, 'in shadow: what the week would have sent');
      return;
    }
    default:
      unreachable(activity);
  }
}

const LONGEST_ERROR = 500;
/** Acts without a person: the platform's own events, and what the service does by itself. */
const AUTOMATIC = new Set(['platform', 'issue', 'top-up']);
