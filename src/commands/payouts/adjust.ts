import { balanceOf, parseNamed } from '../../adjustments/adjustment.ts';
import { type AdjustmentOutcome, type AdjustmentRefusal, adjustmentIdOf } from '../../adjustments/adjustments.ts';
import { itemKindOf } from '../../affiliates/items.ts';
import type { MinorUnits } from '../../kernel/money.ts';
import { commandButton, modelButton } from '../../notices/messages/buttons.ts';
import { type Button, type Message, quotedEnd, shorten } from '../../notices/messages/message.ts';
import { notFound } from '../core/answers.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { whyButton } from '../core/explanation.ts';
import { modelName } from '../core/modelNames.ts';
import { parseSignedAmount, parseText } from '../core/parseArguments.ts';
import { anybody } from '../core/suggestions.ts';

/** How managers correct a balance by hand (docs/chat.md, rules 6.8). */
export const adjustCommand: Command = {
  name: 'adjust',
  arguments: 'ACCOUNT AMOUNT REASON',
  example: 'commands.adjust.example',
  roles: ['manager'],
  scope: 'payouts.prepare',
  description: 'commands.adjust.description',
  signedAmount: true,
  changes: true,
  asksOnceMore: { always: true, question: whetherToAdjust },
  suggest: anybody,
  async run(request): Promise<Message> {
    const { deps, actor, now } = request;
    const { id, ...wanted } = wantedIn(request);
    const outcome = await deps.adjustments.make(id, wanted, actor, now);
    return outcomeMessage(request, wanted, outcome);
  },
};

type Wanted = { account: string; amount: MinorUnits; reason: string };

async function outcomeMessage(request: Request, wanted: Wanted, outcome: AdjustmentOutcome): Promise<Message> {
  const { say, money } = request.speech;
  switch (outcome.kind) {
    case 'done':
    case 'already': {
      const { adjustment, balance } = outcome;
      const named = await namedIn(request, adjustment.account, adjustment.amount);
      const title = say(adjustment.amount > 0 ? 'payoutCommands.adjust.added' : 'payoutCommands.adjust.taken', named);
      const has = { balance: money(balance) };
      return {
        state: 'done',
        title,
        paragraphs: [
          outcome.kind === 'done' ? say('payoutCommands.adjust.done', has) : say('payoutCommands.adjust.already', has),
          paydaySentence(request, adjustment.payday),
        ],
        buttons: [[whyButton(adjustment.adjustmentId, request.speech)]],
      };
    }
    case 'other':
      return refusedMessage(request, wanted, 'other');
    default:
      return refusalMessage(request, wanted, outcome);
  }
}

async function refusalMessage(request: Request, wanted: Wanted, outcome: AdjustmentRefusal): Promise<Message> {
  const { speech } = request;
  switch (outcome.kind) {
    case 'not-found':
      return notFound(speech, 'account', wanted.account);
    case 'no-balance':
      return refusedMessage(request, wanted, NO_BALANCE[outcome.why]);
    case 'refused': {
      if (outcome.reason === 'account_erased') return refusedMessage(request, wanted, 'erased');
      const { account } = await namedIn(request, wanted.account, wanted.amount);
      const { balance, missing } = outcome;
      return {
        state: 'overdue',
        title: speech.say('payoutCommands.adjust.shortTitle', { account }),
        paragraphs: [
          speech.say('payoutCommands.adjust.short', { balance: speech.money(balance), missing: speech.money(missing) }),
        ],
        buttons: [],
      };
    }
  }
}

const NO_BALANCE = { manager: 'manager', 'not-a-model': 'model', 'not-a-balance': 'other' } as const;

function refusedMessage(
  { speech: { say } }: Request,
  { account }: Wanted,
  why: 'manager' | 'model' | 'erased' | 'other',
): Message {
  return {
    title: say('payoutCommands.adjust.refusedTitle', { account: shorten(account, 80) }),
    paragraphs: [say('payoutCommands.adjust.refused', { why })],
    buttons: [],
  };
}

async function whetherToAdjust(request: Request): Promise<Question | Message | null> {
  const { deps, actor, now } = request;
  const { say, money } = request.speech;
  const { id, ...wanted } = wantedIn(request);
  // Asked again after it was too late, it may have been done.
  if ((await deps.adjustments.get(id)) !== null) return null;
  const preview = await deps.adjustments.preview(wanted, actor, now);
  if (preview.kind !== 'would') return refusalMessage(request, wanted, preview);
  const { account, amount, payday } = preview.adjustment;
  const named = await namedIn(request, account, amount);
  return {
    about: named.account,
    words: [account, ...wordsAfter(request, id), wanted.reason],
    title: say(amount > 0 ? 'payoutCommands.adjust.askAdd' : 'payoutCommands.adjust.askTake', named),
    paragraphs: [
      say('payoutCommands.adjust.balances', { before: money(preview.before), after: money(preview.after) }),
      paydaySentence(request, payday),
      say('payoutCommands.adjust.reason', { reason: quotedEnd(wanted.reason) }),
    ],
    label: say('payoutCommands.adjust.button', named),
    beside: seeButton(request, account),
  };
}

/** The amount as it was typed, and what makes the press the same adjustment however often. */
function wordsAfter({ words: [, ...others], display }: Request, id: string): string[] {
  const rest = parseSignedAmount(others, display.currency)?.rest ?? [];
  return [...others.slice(0, others.length - rest.length), `${ID}${id}`];
}

/** The arguments, which are checked before; an adjustment that was asked about has its id between amount and reason. */
function wantedIn({ words: [account = '', ...others], display }: Request): Wanted & { id: string } {
  const parsed = parseSignedAmount(others, display.currency);
  if (parsed === null) throw new Error(`an adjustment by ${others[0]} was not refused`);
  const [first, ...rest] = parsed.rest;
  const id =
    first?.startsWith(ID) === true && itemKindOf(first.slice(ID.length)) === 'adjustment'
      ? first.slice(ID.length)
      : undefined;
  return {
    ...{ account, amount: parsed.amount },
    id: id ?? adjustmentIdOf(),
    reason: parseText(id === undefined ? parsed.rest : rest),
  };
}

const ID = 'id=';

async function namedIn({ deps, speech: { money } }: Request, account: string, amount: MinorUnits) {
  const accountId = parseNamed(account)?.accountId ?? account;
  const found = await deps.accounts.get(accountId);
  return { amount: money(Math.abs(amount)), account: modelName(found, accountId) };
}

function paydaySentence({ speech: { say, date } }: Request, payday: string | null): string {
  return payday === null
    ? say('payoutCommands.adjust.noPayday')
    : say('payoutCommands.adjust.payday', { payday: date(payday) });
}

/** To look at the account, or the next payday, instead. */
function seeButton({ speech: { say } }: Request, account: string): Button {
  const { kind, accountId } = balanceOf(account);
  return kind === 'model' ? modelButton(say, accountId) : commandButton(say, 'cycle');
}
