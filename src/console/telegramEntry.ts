import { realMilliseconds } from '../kernel/clock.ts';
import { type RefusedInitData, verifyInitData } from './initData.ts';
import type { InitDataUses } from './initDataUses.ts';
import type { createSessions, From, OpenOutcome } from './sessions.ts';

/** `off`: there is no bot of Telegram. `used`: this initData has opened a session within the last minute. */
export type TelegramOutcome = OpenOutcome | { kind: 'off' } | { kind: 'used' } | RefusedInitData;

/** The way into the console from Telegram: whoever opened the Mini App is let in as the chat user that Telegram says they are. */
export function createTelegramEntry(deps: {
  /** Of the bot whose Mini App it is. */
  botToken: string | undefined;
  uses: InitDataUses;
  openFor: ReturnType<typeof createSessions>['openFor'];
}) {
  /** Opens a session for the person whom `initData` names. */
  return async function openFromTelegram(initData: string, from: From): Promise<TelegramOutcome> {
    if (deps.botToken === undefined) return { kind: 'off' };
    const now = new Date(realMilliseconds());
    const verified = verifyInitData(initData, { botToken: deps.botToken, now });
    if (verified.kind === 'refused') return verified;
    if (!(await deps.uses.take(verified, now))) return { kind: 'used' };
    return deps.openFor({ channel: 'telegram', userId: verified.userId }, from);
  };
}
