import { isCycleDate } from '../../affiliates/payouts/payoutCycle.ts';
import { type MinorUnits, sum } from '../../kernel/money.ts';
import { cycleButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import type { Button, Message } from '../../notices/messages/message.ts';
import type { Part, PaymentFileView } from '../../paymentFiles/fileView.ts';
import type { MakeOutcome } from '../../paymentFiles/makeFiles.ts';
import { FILE_FORMATS, type FileFormat, isFileFormat } from '../../paymentFiles/paymentFile.ts';

import { refusalWords } from '../../texts/refusals.ts';
import type { Say } from '../../texts/speech.ts';
import type { Command, Question, Request } from '../core/command.ts';

/**
 * The files that a payday is paid by, for managers: what there is to make, and making one. A file itself never goes through a
 * chat, which is somebody else's: it has everybody's account. The answer says what is in it, its hash, and where it is.
 */
export const exportCommand: Command = {
  name: 'export',
  arguments: 'DATE [FORMAT]',
  roles: ['manager'],
  scope: 'payouts.prepare',
  description: 'commands.export.description',
  changes: true,
  asksOnceMore: { always: true, question: whetherToMake },
  run(request) {
    const { cycle, format } = exportIn(request);
    return format === null ? overview(request, cycle) : make(request, cycle, format);
  },
};

async function overview(request: Request, cycle: string): Promise<Message> {
  const { deps, now, speech } = request;
  const { say, money, date, instant } = speech;
  const { isApproved, methods, files, withoutPayee, held } = await deps.paymentFiles.overview(cycle, now);
  const part = ({ count, total }: Part) => say('payoutCommands.cycle.part', { count, total: money(total) });
  const total = money(sum(methods.map((method) => method.total)));
  const toMake = FILE_FORMATS.filter((format) => methods.some(({ method }) => method === format));
  const count = methods.reduce((all, method) => all + method.count, 0);
  return {
    title: say('payoutCommands.export.overviewTitle', { payday: date(cycle), total }),
    paragraphs: [
      isApproved ? say('payoutCommands.export.overview', { count }) : say('payoutCommands.export.notApproved'),
    ],
    facts: [
      ...methods.map((one): [string, string] => [methodName(one.method, say), part(one)]),
      ...labelled(say('payoutCommands.export.withoutPayee'), withoutPayee, part),
      ...labelled(say('payoutCommands.export.held'), held, part),
      ...files.map((file): [string, string] => [
        methodName(file.format, say),
        say('payoutCommands.export.madeOn', { count: file.count, total: money(file.total), at: instant(file.madeAt) }),
      ]),
    ],
    buttons: [
      ...(isApproved ? [...toMake, ...(count > 0 ? (['generic'] as const) : [])] : []).map((format): Button[] => [
        exportButton(say, cycle, format),
      ]),
      [cycleButton(say, cycle)],
    ],
  };
}

function labelled(label: string, part: Part, words: (part: Part) => string): [string, string][] {
  return part.count === 0 ? [] : [[label, words(part)]];
}

async function make(request: Request, cycle: string, format: FileFormat): Promise<Message> {
  const { deps, actor, now } = request;
  const outcome = await deps.paymentFiles.make({ cycle, format, actor }, now);
  return outcome.kind === 'refused' ? refusedMessage(request, cycle, format, outcome) : made(request, outcome);
}

function made(request: Request, { kind, file }: Exclude<MakeOutcome, { kind: 'refused' }>): Message {
  const { say, money, date, instant } = request.speech;
  const { cycle, format, count, total, hash, parts } = file;
  const others = restOf(file);
  return {
    state: 'done',
    title: say('payoutCommands.export.madeTitle', { total: money(total), format: methodName(format, say) }),
    paragraphs: [
      say('payoutCommands.export.made', { count, payday: date(cycle) }),
      ...(kind === 'before' ? [say('payoutCommands.export.before', { at: instant(file.madeAt) })] : []),
      ...(others.count === 0
        ? []
        : [say('payoutCommands.export.notIn', { count: others.count, total: money(others.total) })]),
      say('payoutCommands.export.fetch', {
        parts: parts.length,
        path: copyable(`GET /v1/payout-cycles/${cycle}/export?format=${format}`),
      }),
    ],
    facts: [[say('payoutCommands.export.hash'), copyable(hash)]],
    buttons: [[cycleButton(say, cycle)]],
  };
}

function refusedMessage(
  { speech: { say, date } }: Request,
  cycle: string,
  format: FileFormat,
  { reason }: Extract<MakeOutcome, { kind: 'refused' }>,
): Message {
  return {
    title: say('payoutCommands.export.refusedTitle', { payday: date(cycle), format: methodName(format, say) }),
    paragraphs: [say('payoutCommands.export.refused', { why: refusalWords(reason, say) })],
    buttons: [[cycleButton(say, cycle)]],
  };
}

/** Asks only where a file would be made now. */
async function whetherToMake(request: Request): Promise<Question | Message | null> {
  const { deps, actor, now, speech } = request;
  const { say, money, date } = speech;
  const { cycle, format } = exportIn(request);
  if (format === null) return overview(request, cycle);
  const outcome = await deps.paymentFiles.make({ cycle, format, actor, simulate: true }, now);
  if (outcome.kind === 'refused') return refusedMessage(request, cycle, format, outcome);
  if (outcome.kind === 'before') return made(request, outcome);
  const { count, total } = outcome.file;
  return {
    about: date(cycle),
    words: [cycle, format],
    title: say('payoutCommands.export.askTitle', { total: money(total), format: methodName(format, say) }),
    paragraphs: [say('payoutCommands.export.ask', { count, payday: date(cycle) })],
    label: exportButton(say, cycle, format).label,
    beside: cycleButton(say, cycle),
  };
}

/** What of the batch is not in a file. */
function restOf({ rest }: Pick<PaymentFileView, 'rest'>): { count: number; total: MinorUnits } {
  const parts = [...rest.otherMethods, rest.withoutPayee, rest.held, rest.leftOut, rest.notDue];
  return { count: sum(parts.map(({ count }) => count)), total: sum(parts.map(({ total }) => total)) };
}

function exportButton(say: Say, cycle: string, format: FileFormat): Button {
  const label = say('payoutCommands.buttons.export', { what: methodName(format, say) });
  return { label, command: `/export ${cycle} ${format}` };
}

/** What people call a way to be paid, and its file. */
function methodName(method: string, say: Say): string {
  return NAMES[method] ?? say(method === 'generic' ? 'payoutCommands.export.generic' : 'payoutCommands.export.other');
}

const NAMES: Partial<Record<string, string>> = {
  sepa: 'SEPA',
  wise: 'Wise',
  paypal: 'PayPal',
  'usdt-trc20': 'USDT (TRC20)',
};

/** The arguments, which are checked before. */
function exportIn({ words: [cycle = '', format = ''] }: Request): { cycle: string; format: FileFormat | null } {
  if (!isCycleDate(cycle)) throw new Error(`an export of ${cycle} was not refused`);
  const named = format.toLowerCase();
  return { cycle, format: isFileFormat(named) ? named : null };
}
