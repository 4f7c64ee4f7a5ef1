import type { Role } from '../events/catalogue.ts';
import { chunksOf } from '../kernel/group.ts';
import { LANGUAGES } from '../texts/languages.ts';
import { type Say, sayIn } from '../texts/speech.ts';
import type { Reader } from './core/usable.ts';
import { usableCommands } from './registry.ts';

/** The commands that each role gives most, none of which changes anything by itself. */
const KEYBOARDS = {
  model: ['invoices', 'balance', 'standing', 'myorders', 'settings', 'help'],
  marketer: ['orders', 'earnings', 'payouts', 'settings', 'help'],
  affiliate: ['commissions', 'nextpayday', 'earnings', 'payouts', 'settings', 'help'],
  manager: ['overdue', 'review', 'cycle', 'quarantine', 'health', 'settings'],
} as const satisfies Record<Role, string[]>;

type KeyboardCommand = (typeof KEYBOARDS)[Role][number];

/** Before each label: what stands on a key is nothing that people write otherwise. */
const KEY_SIGNS: { [C in KeyboardCommand]: string } = {
  invoices: '📄',
  balance: '💰',
  standing: '📊',
  myorders: '🎯',
  orders: '📥',
  earnings: '📈',
  payouts: '🏦',
  commissions: '🧾',
  nextpayday: '📅',
  overdue: '⏰',
  review: '⚖️',
  cycle: '🗓️',
  quarantine: '🚧',
  health: '🩺',
  settings: '⚙️',
  help: '❓',
};

const KEYS_IN_A_ROW = 3;

/** What the keys say that somebody has below the text field, row by row. */
export function keyboardOf(reader: Reader, say: Say): string[][] {
  const usable = new Set<string>(usableCommands(reader).map(({ name }) => name));
  const labels = KEYBOARDS[reader.role].filter((name) => usable.has(name)).map((name) => labelOf(name, say));
  return chunksOf(labels, KEYS_IN_A_ROW);
}

let commands: ReadonlyMap<string, KeyboardCommand> | undefined;

/**
 * The command of a key that was pressed, which arrives as the words that stand on it: in any language and of any role, because old
 * keyboards stay in chats. Null for everything else that people write.
 */
export function keyboardCommand(text: string): string | null {
  commands ??= new Map(
    LANGUAGES.flatMap((language) => {
      const all = Object.values(KEYBOARDS).flat();
      return all.map((command): [string, KeyboardCommand] => [plain(labelOf(command, sayIn(language))), command]);
    }),
  );
  return commands.get(plain(text)) ?? null;
}

function labelOf(command: KeyboardCommand, say: Say): string {
  return `${KEY_SIGNS[command]} ${say(`bots.keyboard.${command}`)}`;
}

/** A client may leave out what chooses the form of a sign, or write letters in another form. */
function plain(text: string): string {
  return text.normalize('NFC').replaceAll('\ufe0f', '').trim();
}
