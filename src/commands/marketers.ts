import type { Command } from './command.ts';
import { earningsCommand } from './earnings.ts';
import { marketerOrderCommands } from './orders.ts';

/** The commands of marketers alone. */
export const marketerCommands: readonly Command[] = [...marketerOrderCommands, earningsCommand];
