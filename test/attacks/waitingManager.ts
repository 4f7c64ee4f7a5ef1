import { setTimeout as delay } from 'node:timers/promises';

import type { TelegramStandIn } from '../support/telegram.ts';
import type { ChatVictim } from './chatVictim.ts';

/** Telegram takes one message a second for a chat. */
const EVERY_MS = 1_500;
const GIVE_UP_MS = 90_000;

/** A manager, linked in a Telegram chat, who asks something every other second and waits for the answer. */
export async function startManager(victim: ChatVictim, telegram: TelegramStandIn, chat: number) {
  const accountId = `boss${chat}`;
  await victim.platform.sendAll([{ type: 'account.updated', data: { accountId, role: 'manager', name: 'Olga' } }]);
  await known(victim, accountId);
  telegram.say(chat, `/start ${await victim.linkCode(accountId)}`);
  await answerAfter(telegram, chat, 0);
  const times: number[] = [];
  let isStopped = false;

  async function ask(): Promise<void> {
    while (!isStopped) {
      const before = telegram.fromBot(chat).length;
      const at = performance.now();
      telegram.say(chat, '/quarantine');
      await answerAfter(telegram, chat, before, () => isStopped);
      times.push(performance.now() - at);
      await delay(EVERY_MS);
    }
  }

  const asking = ask();
  return {
    /** How long each answer took; one that is still missing at the end counts with its wait until then. */
    stop: async (): Promise<number[]> => {
      isStopped = true;
      await asking;
      return times;
    },
  };
}

export async function known({ call }: ChatVictim, accountId: string): Promise<void> {
  while ((await call('GET', `/v1/accounts/${accountId}`)).status !== 200) await delay(20);
}

/** How long it takes until a chat has more messages of the bot than `before`. */
export async function answerAfter(
  telegram: TelegramStandIn,
  chat: number,
  before: number,
  isOver: () => boolean = () => false,
): Promise<number> {
  const at = performance.now();
  while (telegram.fromBot(chat).length <= before && performance.now() - at < GIVE_UP_MS && !isOver()) await delay(5);
  return performance.now() - at;
}
