import type { ResultView, TakenResult, TakeOutcome } from '../../bankResults/bankResults.ts';
import type { FileFault } from '../../bankResults/result.ts';
import { cycleButton } from '../../notices/messages/buttons.ts';
import { copyable } from '../../notices/messages/marks.ts';
import type { Button, Message } from '../../notices/messages/message.ts';
import { refusalWords } from '../../texts/refusals.ts';
import type { Command, Question, Request } from '../core/command.ts';
import { MOST_FILE_BYTES } from '../core/receivedFile.ts';
import { resultDetails, resultSentences } from './resultMessages.ts';

/** With the title and what is left of the file, as many faults as a reader takes in. */
const FAULTS_SHOWN = 5;

/**
 * What a bank or wallet said of a payday, as the file that came (docs/paydays.md). Asked about once with what it would do; the press
 * takes exactly that. Only channels that bring files have them: elsewhere the answer says where to send it.
 */
export const resultsCommand: Command = {
  name: 'results',
  arguments: '[DATE]',
  takesFile: true,
  roles: ['manager'],
  scope: 'payouts.prepare',
  description: 'commands.results.description',
  changes: true,
  asksOnceMore: { always: true, question: whatItWouldDo },
  /** The press: its words are the payday and what was decided. */
  async run(request) {
    const { deps, actor, now, words, speech } = request;
    const [cycle = '', decision = ''] = words;
    const outcome = await deps.bankResults.takeDraft(decision, actor, now);
    return outcome === null
      ? notTaken(request, speech.say('payoutCommands.results.tooLate'))
      : answerTo(request, cycle, outcome);
  },
};

async function whatItWouldDo(request: Request): Promise<Question | Message> {
  const { deps, actor, now, speech, words, file } = request;
  const { say, date } = speech;
  if (file === undefined) return sendIt(request);
  // Before the file is fetched: there has to be something that it can be about.
  const given = words[0] || null;
  const cycle = given ?? (await deps.batches.awaited());
  if (cycle === null) return notTaken(request, refused(request, 'batch_not_approved'));
  const received = await file();
  if ('fault' in received) {
    const mib = MOST_FILE_BYTES / 1_048_576;
    return notTaken(request, say('payoutCommands.results.fault', { fault: FAULTS[received.fault], mib }));
  }
  const take = (of: string) =>
    deps.bankResults.take({ cycle: of, bytes: received.bytes, how: 'draft' as const }, actor, now);
  let outcome = await take(cycle);
  // Nobody said which: then it is the one that the file names.
  if (outcome.kind === 'wrong-cycle' && given === null) outcome = await take(outcome.cycle);
  if (outcome.kind !== 'would-be') return answerTo(request, cycle, outcome);
  const { result } = outcome;
  return {
    about: date(result.cycle),
    words: [result.cycle, result.decision],
    title: say('payoutCommands.results.askTitle', { payday: date(result.cycle) }),
    paragraphs: [say('payoutCommands.results.ask'), ...resultSentences(result, speech)],
    ...resultDetails(result, request),
    label: say('payoutCommands.buttons.results'),
    beside: cycleButton(say, result.cycle),
  };
}

const FAULTS = { 'too-large': 'tooLarge', unavailable: 'other' } as const;

function answerTo(request: Request, cycle: string, outcome: TakeOutcome): Message {
  const { date, say } = request.speech;
  switch (outcome.kind) {
    case 'taken':
      return taken(request, outcome.result, []);
    case 'taken-before': {
      const at = request.speech.instant(outcome.result.at);
      return taken(request, outcome.result, [say('payoutCommands.results.before', { at })]);
    }
    case 'unreadable':
      return unreadable(request, outcome.faults);
    case 'wrong-cycle': {
      const payday = date(outcome.cycle);
      const named = cycleButton(say, outcome.cycle);
      return notTaken(request, say('payoutCommands.results.otherCycle', { payday }), [[named]]);
    }
    case 'refused':
      return notTaken(request, refused(request, outcome.reason), [[cycleButton(say, cycle)]]);
    case 'not-found':
      return notTaken(request, refused(request, 'batch_not_approved'));
    case 'would-be':
      throw new Error(`a draft of ${cycle} was not asked about`);
  }
}

function taken(request: Request, result: TakenResult | ResultView, more: string[]): Message {
  const { speech } = request;
  const { say, date } = speech;
  const missed = result.missed.length;
  return {
    state: 'done',
    title: say('payoutCommands.results.takenTitle', { payday: date(result.cycle) }),
    paragraphs: [
      ...more,
      ...resultSentences(result, speech),
      ...(missed === 0 ? [] : [say('payoutCommands.results.missed', { count: missed })]),
    ],
    ...resultDetails(result, request),
    buttons: [[cycleButton(say, result.cycle)]],
  };
}

/** What is wrong is said as the API says it: it is for whoever makes the file. */
function unreadable({ speech: { say } }: Request, faults: FileFault[]): Message {
  return {
    title: say('payoutCommands.results.unreadableTitle'),
    paragraphs: [say('payoutCommands.results.unreadable', { count: faults.length })],
    facts: faults
      .slice(0, FAULTS_SHOWN)
      .map(({ line, message }): [string, string] => [
        line === null ? say('payoutCommands.results.whole') : say('payoutCommands.results.line', { line }),
        message,
      ]),
    buttons: [],
  };
}

function sendIt({ words, speech: { say } }: Request): Message {
  const path = copyable(`POST /v1/payout-cycles/${words[0] || '2026-04-01'}/results`);
  return {
    title: say('payoutCommands.results.sendTitle'),
    paragraphs: [say('payoutCommands.results.send', { path })],
    buttons: [],
  };
}

function refused({ speech: { say } }: Request, reason: Parameters<typeof refusalWords>[0]): string {
  return say('payoutCommands.results.refused', { why: refusalWords(reason, say) });
}

function notTaken({ speech: { say } }: Request, why: string, buttons: Button[][] = []): Message {
  return { title: say('payoutCommands.results.refusedTitle'), paragraphs: [why], buttons };
}
