import { type Logger, pino } from 'pino';
import { build as prettyStream } from 'pino-pretty';

/** JSON lines on standard output; readable ones when that is a terminal. */
export function createLog(level: string, readable: boolean): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime };
  if (!readable) return pino(options);
  return pino(options, prettyStream({ colorize: true, translateTime: 'SYS:HH:MM:ss', sync: true }));
}
