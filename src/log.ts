import { type Logger, pino } from 'pino';
import { build as prettyStream } from 'pino-pretty';

import { messageOf } from './kernel/errors.ts';

/** JSON lines on standard output; readable ones when that is a terminal. */
export function createLog(level: string, readable: boolean): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: whatFailed } };
  if (!readable) return pino(options);
  return pino(options, prettyStream({ colorize: true, translateTime: 'SYS:HH:MM:ss', sync: true }));
}

/** Of an error only what failed and where: the database's errors carry whole documents, bodies included. */
export function whatFailed(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return { message: messageOf(error) };
  const { type, message, stack, code } = pino.stdSerializers.err(error);
  return { type, message, stack, ...(code === undefined ? {} : { code }) };
}
