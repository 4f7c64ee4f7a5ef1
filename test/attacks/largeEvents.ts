import { setTimeout as delay } from 'node:timers/promises';

import { discordEnvironment, startDiscord } from '../support/discord.ts';
import { type ChatAttack, p95Of } from './chatAttack.ts';
import { startChatVictim } from './chatVictim.ts';
import { known } from './waitingManager.ts';

const EVENTS = 500;
const EVENT_BYTES = 250 * 1_024;
const LOOKS = 10;
const GIVE_UP_MS = 60_000;
const MANAGER = '1';

export const largeEvents: ChatAttack = {
  name: 'large-events',
  about: `${EVENTS} signed events of 250 KiB in quarantine, then lists of them, and a manager typing in /replay`,
  run: async (cli) => {
    const discord = await startDiscord({ latencyMs: 20 });
    const victim = await startChatVictim(cli, discordEnvironment(discord));
    try {
      await victim.platform.sendAll([
        { type: 'account.updated', data: { accountId: 'boss', role: 'manager', name: 'Olga' } },
        { type: 'account.updated', data: { accountId: 'kim', role: 'affiliate', name: 'Kim' } },
      ]);
      await Promise.all([known(victim, 'boss'), known(victim, 'kim')]);
      await answered(discord, () => discord.slash(MANAGER, 'link', { code: 'PLACE' }));
      const code = await victim.linkCode('boss');
      await answered(discord, () => discord.slash(MANAGER, 'link', { code }));
      // Of an account that has no balance to top up: each is quarantined.
      for (let sent = 0; sent < EVENTS; sent += 10) {
        await victim.platform.sendAll(
          Array.from({ length: 10 }, (_, index) => topUp(sent + index)),
          4,
        );
      }
      const times: number[] = [];
      let status = 0;
      let bytes = 0;
      for (let look = 0; look < LOOKS && !victim.hasEnded(); look += 1) {
        const at = performance.now();
        const [list] = await Promise.all([
          listOf(victim),
          discord.autocomplete(MANAGER, 'replay', 'id', ''),
          answered(discord, () => discord.slash(MANAGER, 'quarantine')),
        ]);
        times.push(performance.now() - at);
        status = list.status;
        bytes = Math.max(bytes, list.bytes);
      }
      const at = performance.now();
      if (!victim.hasEnded()) await answered(discord, () => discord.slash(MANAGER, 'help'));
      return {
        ...{ p95Ms: p95Of(times), recoveryMs: performance.now() - at, peakMebibytes: victim.peakMebibytes() },
        said: `GET /v1/events?limit=500 answered ${status} with ${Math.ceil(bytes / 1_024)} KiB`,
      };
    } finally {
      await victim.stop();
      await discord.close();
    }
  },
};

function topUp(number: number) {
  const data = { topUpId: `t${number}`, accountId: 'kim', amount: 100, toppedUpAt: new Date(0), pad: '' };
  return { id: `large-${number}`, type: 'balance.topped_up', data: { ...data, pad: 'x'.repeat(EVENT_BYTES) } };
}

async function listOf({
  call,
}: Awaited<ReturnType<typeof startChatVictim>>): Promise<{ status: number; bytes: number }> {
  try {
    const answer = await call('GET', '/v1/events?limit=500');
    return { status: answer.status, bytes: (await answer.arrayBuffer()).byteLength };
  } catch {
    // Cut off: the service has died.
    return { status: 0, bytes: 0 };
  }
}

/** Resolves when the interaction that `act` makes is answered, or it is too late; before the gateway is there it tries again. */
async function answered(discord: Awaited<ReturnType<typeof startDiscord>>, act: () => string): Promise<void> {
  const until = performance.now() + GIVE_UP_MS;
  while (performance.now() < until) {
    const interaction = tryToAct(act);
    for (const end = performance.now() + 3_000; performance.now() < end; await delay(10)) {
      if (interaction !== undefined && discord.answerTo(interaction) !== undefined) return;
      if (interaction === undefined) break;
    }
    await delay(100);
  }
}

/** Undefined while the commands are not registered yet. */
function tryToAct(act: () => string): string | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
