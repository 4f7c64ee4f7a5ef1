import { realMilliseconds } from '../kernel/clock.ts';
import { verifyInitData } from './initData.ts';
import type { InitDataUses } from './initDataUses.ts';

/**
 * Answers the Telegram user that `initData` proves, or null: where it proves nobody, has opened a session within the last minute, or
 * there is no bot. By the machine's own time, as Telegram's is.
 */
export function createTelegramUser(deps: {
  /** Of the bot whose Mini App it is. */
  botToken: string | undefined;
  uses: InitDataUses;
}) {
  return async function telegramUser(initData: string): Promise<string | null> {
    if (deps.botToken === undefined) return null;
    const now = new Date(realMilliseconds());
    const verified = verifyInitData(initData, { botToken: deps.botToken, now });
    if (verified.kind === 'refused') return null;
    return (await deps.uses.take(verified, now)) ? verified.userId : null;
  };
}
