import { setTimeout as delay } from 'node:timers/promises';

import { startTelegram, telegramEnvironment } from '../support/telegram.ts';
import { type ChatAttack, p95Of } from './chatAttack.ts';
import { startChatVictim } from './chatVictim.ts';
import { answerAfter, startManager } from './waitingManager.ts';

const STRANGERS = 100;
const SECONDS = 20;
const FIRST_CHAT = 1_000;
const MANAGER = 1;

export const strangers: ChatAttack = {
  name: 'strangers',
  about: `${STRANGERS} chats that are not linked, with one message a second each`,
  run: async (cli) => {
    const telegram = await startTelegram({ latencyMs: 50 });
    const victim = await startChatVictim(cli, telegramEnvironment(telegram));
    try {
      const manager = await startManager(victim, telegram, MANAGER);
      for (let second = 0; second < SECONDS && !victim.hasEnded(); second += 1) {
        for (let stranger = 0; stranger < STRANGERS; stranger += 1)
          telegram.say(FIRST_CHAT + stranger, `hello ${second}`);
        await delay(1_000);
      }
      const times = await manager.stop();
      const before = telegram.fromBot(MANAGER).length;
      telegram.say(MANAGER, '/help');
      const recoveryMs = await answerAfter(telegram, MANAGER, before);
      const answers = Array.from({ length: STRANGERS }, (_, index) => telegram.fromBot(FIRST_CHAT + index).length);
      const sum = answers.reduce((total, one) => total + one, 0);
      return {
        ...{ p95Ms: p95Of(times), recoveryMs, peakMebibytes: victim.peakMebibytes() },
        said: `${STRANGERS * SECONDS} messages of strangers, ${sum} answered, ${Math.max(...answers)} of one chat at most; ${times.length} answers to the manager`,
      };
    } finally {
      await victim.stop();
      await telegram.close();
    }
  },
};
