import { setTimeout as delay } from 'node:timers/promises';

import { startTelegram, telegramEnvironment } from '../support/telegram.ts';
import { type ChatAttack, p95Of } from './chatAttack.ts';
import { startChatVictim } from './chatVictim.ts';
import { answerAfter, known, startManager } from './waitingManager.ts';

const GUESSERS = 200;
const CODES_EACH = 15;
const SECONDS = 20;
const FIRST_CHAT = 2_000;
const MANAGER = 1;
const NEWCOMER = 2;

export const guessedCodes: ChatAttack = {
  name: 'guessed-codes',
  about: `${GUESSERS} chats that try ${CODES_EACH} codes each within ${SECONDS} s; somebody with a right one comes last`,
  run: async (cli) => {
    const telegram = await startTelegram({ latencyMs: 50 });
    const victim = await startChatVictim(cli, telegramEnvironment(telegram));
    try {
      const manager = await startManager(victim, telegram, MANAGER);
      await victim.platform.sendAll([
        { type: 'account.updated', data: { accountId: 'ava', role: 'model', name: 'Ava' } },
      ]);
      await known(victim, 'ava');
      for (let code = 0; code < CODES_EACH && !victim.hasEnded(); code += 1) {
        for (let one = 0; one < GUESSERS; one += 1) telegram.say(FIRST_CHAT + one, `/start ${guess(code, one)}`);
        await delay((SECONDS * 1_000) / CODES_EACH);
      }
      telegram.say(NEWCOMER, `/start ${await victim.linkCode('ava')}`);
      const linkedMs = await answerAfter(telegram, NEWCOMER, 0);
      const welcome = telegram.fromBot(NEWCOMER)[0]?.text.split('\n')[0] ?? 'nothing';
      const times = await manager.stop();
      const metrics = await (await victim.call('GET', '/metrics')).text();
      const wrong = /^settlebot_wrong_link_codes_total (\d+)/m.exec(metrics)?.[1] ?? 'all';
      return {
        ...{ p95Ms: p95Of(times), recoveryMs: linkedMs, peakMebibytes: victim.peakMebibytes() },
        said: `${GUESSERS * CODES_EACH} guesses, ${wrong} looked up; the newcomer read “${welcome}”`,
      };
    } finally {
      await victim.stop();
      await telegram.close();
    }
  },
};

/** Of the form of a code. */
function guess(code: number, guesser: number): string {
  const characters = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789';
  const digits = Array.from({ length: 9 }, (_, place) => characters[(code * 7 + guesser * (place + 3)) % 31]);
  return `${digits.join('')}${characters[code % 31]}`;
}
