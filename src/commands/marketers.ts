import type { Command } from './core/command.ts';
import { marketerOrderCommands } from './orders/marketerCommands.ts';
import { earningsCommand } from './payouts/earnings.ts';

/** The commands of marketers alone. */
export const marketerCommands: readonly Command[] = [...marketerOrderCommands, earningsCommand];
