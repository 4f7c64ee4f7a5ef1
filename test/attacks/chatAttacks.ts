import type { ChatAttack, ChatResult } from './chatAttack.ts';
import { guessedCodes } from './guessedCodes.ts';
import { largeEvents } from './largeEvents.ts';
import { strangers } from './strangers.ts';

/** The attacks by chat, each against a service of its own, with stand-ins of the channels. */
export const CHAT_ATTACKS: ChatAttack[] = [strangers, guessedCodes, largeEvents];

const GOAL = { p95Ms: 2_000, peakMebibytes: 512 };

/** A row of figures each; answers whether all goals are met. */
export async function attackByChat(attacks: ChatAttack[], cli: string): Promise<boolean> {
  process.stdout.write(
    '| attack | answers to linked people, p95 | memory | next answer after | |\n|---|---|---|---|---|\n',
  );
  let isHeld = true;
  for (const attack of attacks) {
    const result = await attack.run(cli);
    process.stdout.write(`${rowOf(attack, result)}\n`);
    isHeld &&= result.p95Ms < GOAL.p95Ms && result.peakMebibytes <= GOAL.peakMebibytes;
  }
  return isHeld;
}

function rowOf({ name }: ChatAttack, { p95Ms, peakMebibytes, recoveryMs, said }: ChatResult): string {
  const memory = Number.isFinite(peakMebibytes) ? `${Math.round(peakMebibytes)} MiB` : 'abort';
  const cells = [name, `${(p95Ms / 1_000).toFixed(1)} s`, memory, `${(recoveryMs / 1_000).toFixed(1)} s`, said];
  return `| ${cells.join(' | ')} |`;
}
