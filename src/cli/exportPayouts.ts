import { extname } from 'node:path';

import { isCycleDate } from '../affiliates/payouts/payoutCycle.ts';
import type { Config } from '../config.ts';
import { formatMoney, type MinorUnits } from '../kernel/money.ts';
import { makePrivate, readIfThere } from '../kernel/privateFiles.ts';
import { countOf } from '../notices/messages/message.ts';
import type { Part, PaymentFileView, Rest } from '../paymentFiles/fileView.ts';
import type { FileFormat } from '../paymentFiles/paymentFile.ts';
import type { WrittenPart } from '../paymentFiles/writeFile.ts';
import { refusalWords } from '../texts/refusals.ts';
import { commandActor } from './actor.ts';
import { type Business, catchUp, withBusiness } from './business.ts';
import { say } from './output.ts';

type Options = { format: FileFormat; out: string; further?: boolean };

/**
 * Makes the file that pays an approved batch, or takes the one that was made, and writes it to FILE for its owner alone; a file
 * of several parts to several, with their numbers. Never over another file. Exit code 0 when all of it is written.
 */
export async function exportPayouts(config: Config, cycle: string, options: Options): Promise<number> {
  if (!isCycleDate(cycle)) throw new Error(`${cycle} is no payday: the 1st or 16th of a month, as 2026-04-01`);
  const { file, isBefore, parts } = await withBusiness(config, 'writes', (business) =>
    taken(business, cycle, options).finally(business.core.thread.close),
  );
  const money = (amount: MinorUnits) => formatMoney(amount, file.currency);
  for (const part of parts) {
    const path = pathOf(options.out, part, parts.length);
    writeOnce(path, part.content);
    say(`${path}: ${payoutsOf(part, money)}, SHA-256 ${part.hash}`);
  }
  if (isBefore) say(`it was made before, by ${file.by} on ${file.madeAt.toISOString()}: this is the same file`);
  for (const line of restLines(file, money)) say(line);
  return 0;
}

async function taken(business: Business, cycle: string, { format, further = false }: Options) {
  const { paymentFiles, clock } = business.core;
  await catchUp(business);
  const wanted = { cycle, format, further, actor: commandActor() };
  const made = await paymentFiles.make(wanted, clock.now());
  if (made.kind === 'refused') throw new Error(reasonOf(made.reason, made.missing));
  const outcome = await paymentFiles.content({ cycle, format, number: made.file.number });
  if (outcome.kind === 'content') return { ...outcome, isBefore: made.kind === 'before' };
  if (outcome.kind === 'not-found') throw new Error(`there is no such file of ${cycle}`);
  throw new Error(reasonOf(outcome.reason, outcome.differs?.join(', ')));
}

function reasonOf(reason: Parameters<typeof refusalWords>[0], what: string | undefined): string {
  return `${refusalWords(reason)}${what === undefined ? '' : `: ${what}`}`;
}

/** `payouts.csv`, or of several parts `payouts-1.csv`, `payouts-2.csv`. */
function pathOf(out: string, { part }: WrittenPart, parts: number): string {
  if (parts === 1) return out;
  const extension = extname(out);
  return `${out.slice(0, out.length - extension.length)}-${part}${extension}`;
}

function writeOnce(path: string, content: Uint8Array): void {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);
  if (!makePrivate(path, text) && readIfThere(path) !== text) {
    throw new Error(`${path} is there and something else: nothing was written over it`);
  }
}

/** What of the batch is not in the file, a line for each kind. */
function restLines({ rest, leftOut }: PaymentFileView, money: (amount: MinorUnits) => string): string[] {
  const parts: [string, Part][] = [
    ...rest.otherMethods.map((part): [string, Part] => [`paid by ${part.method}`, part]),
    ...REST.map(([what, name]): [string, Part] => [name, rest[what]]),
  ];
  return [
    ...parts
      .filter(([, { count }]) => count > 0)
      .map(([name, part]) => `not in it, ${name}: ${payoutsOf(part, money)}`),
    ...leftOut.map(({ payoutId, amount, why }) => `left out: ${payoutId}, ${money(amount)} (${why})`),
  ];
}

const REST: [Exclude<keyof Rest, 'otherMethods'>, string][] = [
  ['withoutPayee', 'of accounts that have no payee'],
  ['held', 'held'],
  ['leftOut', 'left out, as this format cannot pay them'],
  ['notDue', 'in another file, paid or failed'],
];

function payoutsOf({ count, total }: Part, money: (amount: MinorUnits) => string): string {
  return `${countOf(count, 'payout')}, ${money(total)}`;
}
