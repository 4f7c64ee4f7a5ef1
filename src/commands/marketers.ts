import type { Command } from './command.ts';
import { earningsCommand } from './earnings.ts';
import { marketerOrderCommands } from './orders.ts';
import { payoutsCommand } from './payouts.ts';

/** The commands of marketers; `/why` stands among those of models and is for both. */
export const marketerCommands: readonly Command[] = [...marketerOrderCommands, earningsCommand, payoutsCommand];
