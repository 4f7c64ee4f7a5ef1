import { ROLES, type Role } from '../events/catalogue.ts';
import { chunksOf } from '../kernel/group.ts';
import { commandButton } from '../notices/messages/buttons.ts';
import { copyable } from '../notices/messages/marks.ts';
import type { Message } from '../notices/messages/message.ts';
import type { Say } from '../texts/speech.ts';
import { chartCommands } from './charts/charts.ts';
import { type Command, namedArguments } from './core/command.ts';
import { type Reader, scopeLacking } from './core/usable.ts';
import { invoiceExplainer } from './invoices/explainInvoice.ts';
import { managerInvoiceCommands } from './invoices/managerCommands.ts';
import { modelInvoiceCommands } from './invoices/modelCommands.ts';
import { promiseCommand } from './invoices/promise.ts';
import { refuseCommand } from './invoices/refuse.ts';
import { remindCommand } from './invoices/remind.ts';
import { orderExplainer } from './orders/explainOrder.ts';
import { managerOrderCommands } from './orders/managerCommands.ts';
import { marketerOrderCommands } from './orders/marketerCommands.ts';
import { myOrdersCommand } from './orders/myOrders.ts';
import { adjustCommand } from './payouts/adjust.ts';
import { affiliateCommands } from './payouts/affiliateCommands.ts';
import { cycleCommands } from './payouts/cycleCommands.ts';
import { adjustmentExplainer } from './payouts/explainAdjustment.ts';
import { commissionExplainer } from './payouts/explainCommission.ts';
import { payoutExplainer } from './payouts/explainPayouts.ts';
import { exportCommand } from './payouts/export.ts';
import { marketerEarningsCommand } from './payouts/marketerEarnings.ts';
import { payoutCommands } from './payouts/ownPayouts.ts';
import { resultsCommand } from './payouts/results.ts';
import { returnedCommand } from './payouts/returned.ts';
import { graceCommand } from './standing/grace.ts';
import { modelCommand } from './standing/model.ts';
import { overdueCommand } from './standing/overdue.ts';
import { keepCommand, reviewCommand } from './standing/review.ts';
import { standingCommand } from './standing/standing.ts';
import { terminateCommand } from './standing/terminate.ts';
import { consoleCommand } from './system/console.ts';
import { contactCommands } from './system/contact.ts';
import { healthCommand } from './system/health.ts';
import { quarantineCommands } from './system/quarantine.ts';
import { receiptCommand } from './system/receipt.ts';
import { settingsCommand } from './system/settings.ts';
import { createWhyCommand } from './system/why.ts';

const helpCommand: Command = {
  name: 'help',
  arguments: '',
  roles: ROLES,
  scope: null,
  description: 'commands.help.description',
  run: async ({ account: { role }, scopes, speech: { say } }) => ({
    title: say('commands.help.description'),
    paragraphs: [],
    ...helpFor({ role, scopes }, say),
  }),
};

const unlinkCommand: Command = {
  name: 'unlink',
  arguments: '',
  roles: ROLES,
  scope: null,
  description: 'commands.unlink.description',
  changes: true,
  async run({ deps, person, account, actor, now, speech: { say } }) {
    const subject = `account:${account.accountId}`;
    await deps.accounts.endLinks(account.accountId, person, async ([before]) => {
      await deps.audit.record({ actor, action: 'chat.unlinked', subject, before, at: now });
    });
    return {
      title: say('linking.unlinked.title'),
      paragraphs: [say('linking.unlinked.what', { account: `${account.name} (${copyable(account.accountId)})` })],
      buttons: [],
    };
  },
};

const modelCommands: readonly Command[] = [
  ...modelInvoiceCommands,
  promiseCommand,
  standingCommand,
  myOrdersCommand,
  chartCommands.model,
];

const marketerCommands: readonly Command[] = [
  ...marketerOrderCommands,
  marketerEarningsCommand,
  chartCommands.marketer,
];

const managerCommands: readonly Command[] = [
  overdueCommand,
  chartCommands.manager,
  remindCommand,
  graceCommand,
  refuseCommand,
  modelCommand,
  reviewCommand,
  terminateCommand,
  keepCommand,
  ...managerInvoiceCommands,
  ...managerOrderCommands,
  ...contactCommands,
  ...quarantineCommands,
  healthCommand,
  ...cycleCommands,
  returnedCommand,
  adjustCommand,
  exportCommand,
  resultsCommand,
];

/** What `/why` can explain. */
export const EXPLAINERS = [
  invoiceExplainer,
  orderExplainer,
  commissionExplainer,
  payoutExplainer,
  adjustmentExplainer,
] as const;

/** All commands, of all roles, in the order of the help. Linking stands apart: it is for those who have no role yet. */
export const COMMANDS: readonly Command[] = [
  ...modelCommands,
  ...marketerCommands,
  ...affiliateCommands,
  ...payoutCommands,
  ...managerCommands,
  receiptCommand,
  createWhyCommand(EXPLAINERS),
  consoleCommand,
  settingsCommand,
  helpCommand,
  unlinkCommand,
];

/** The commands of a role; one name is one command for each role. */
export function commandsOf(role: Role): Command[] {
  return COMMANDS.filter((command) => command.roles.includes(role));
}

/** Those of them that somebody may use: a manager sees none that would only be refused. */
export function usableCommands(reader: Reader): Command[] {
  return commandsOf(reader.role).filter((command) => scopeLacking(command, reader) === null);
}

/** The help for somebody: their commands, and those that need no id as buttons. */
export function helpFor(reader: Reader, say: Say): Pick<Message, 'facts' | 'buttons' | 'menu'> {
  const commands = usableCommands(reader);
  const alone = commands
    .filter(({ takesFile }) => takesFile !== true)
    .filter(({ name, arguments: needs }) => needsNothing(needs) && name !== 'help' && name !== 'unlink')
    .map(({ name }) => commandButton(say, name));
  return {
    facts: commands.map(({ name, arguments: needs, description }) => [
      `/${name}${shown(needs, say)}`,
      say(description),
    ]),
    buttons: chunksOf(alone, BUTTONS_IN_A_ROW),
    menu: true,
  };
}

function needsNothing(needs: string): boolean {
  return namedArguments(needs).every(({ isOptional }) => isOptional);
}

/** Cursors are for buttons, not for people; a lone argument needs no brackets to be understood. */
function shown(needs: string, say: Say): string {
  const names = namedArguments(needs).flatMap(({ name, isOptional }) =>
    name === 'AFTER' ? [] : [{ word: say(`arguments.names.${name}`), isOptional }],
  );
  return names.map(({ word, isOptional }) => (isOptional && names.length > 1 ? ` [${word}]` : ` ${word}`)).join('');
}

const BUTTONS_IN_A_ROW = 4;

/** Somebody's commands for a channel's menu; null is for somebody who is not linked yet. */
export function menuOf(reader: Reader | null, say: Say): { command: string; description: string }[] {
  if (reader === null) return [{ command: 'start', description: say('commands.start.description') }];
  return usableCommands(reader).map(({ name, description }) => ({ command: name, description: say(description) }));
}
