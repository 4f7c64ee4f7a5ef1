import type { LinkedAccount } from '../accounts/accounts.ts';
import { hashIn } from '../accounts/linkCode.ts';
import type { Role } from '../events/catalogue.ts';
import type { Message } from '../notices/messages/message.ts';
import { PayeesLocked } from '../payees/payees.ts';
import { SCOPES, type Scope } from '../rights/scope.ts';
import { type Speech, speechOf } from '../texts/speech.ts';
import {
  askFirst,
  type Doubt,
  howToLink,
  inChatOnly,
  notACommand,
  notNow,
  payeesLocked,
  scopeMissing,
  sendCodeYourself,
  unknownCommand,
} from './core/answers.ts';
import { checkArguments } from './core/checkArguments.ts';
import {
  actorOf,
  type ChatPerson,
  type Command,
  type CommandDependencies,
  displayContextOf,
  type ParsedCommand,
  parseCommand,
  type Request,
  type Suggestion,
  speechTo,
} from './core/command.ts';
import { tokenOf } from './core/confirmations.ts';
import { isPaged, pageIn, pageOf } from './core/pages.ts';
import { plainCommand } from './core/plainText.ts';
import { answerQuestion, ask } from './core/questions.ts';
import type { ReceivedFile } from './core/receivedFile.ts';
import { shownAccounts } from './core/shownAccounts.ts';
import { type Reader, scopeLacking, withUsableButtons } from './core/usable.ts';
import { keyboardCommand } from './keyboard.ts';
import { greet, linkChat, linkedMessage, linkWitness } from './linking.ts';
import { answerMove } from './moving.ts';
import { commandsOf, EXPLAINERS, usableCommands } from './registry.ts';
import { awaitedReply } from './system/contact.ts';

export type { ChatPerson, CommandDependencies, ParsedCommand, Suggestion } from './core/command.ts';

/**
 * How a command came: by the press of a button, or in a message that somebody else wrote, perhaps. `codeByHash`: it was
 * stored meanwhile, so that a code in it stands there by its hash.
 */
export type Arrival = {
  isPress?: boolean;
  isForwarded?: boolean;
  /** From a page of the console, where no answer is to open another session, and no chat is there to be linked. */
  isFromConsole?: boolean;
  codeByHash?: boolean;
  /** Of the file that came with it; called only by whoever may take one. */
  file?: () => Promise<ReceivedFile>;
};

export type RunCommand = (person: ChatPerson, input: string | ParsedCommand, arrival?: Arrival) => Promise<Message>;
export type SuggestArguments = (person: ChatPerson, name: string, typed: string) => Promise<Suggestion[]>;

/**
 * The one command core of all chats: from what a person typed, or the command of the button they pressed, to the
 * answer.
 */
export function createCommands(given: CommandDependencies) {
  const deps = { ...given, accounts: shownAccounts(given.accounts) };

  async function run(person: ChatPerson, input: string | ParsedCommand, arrival: Arrival = {}): Promise<Message> {
    const command = typeof input === 'string' ? (parseCommand(input) ?? pressedKey(input)) : input;
    const isLinking = command?.name === 'start' || command?.name === 'link';
    if (isLinking && arrival.isFromConsole !== true) return link(person, command, arrival);
    const account = await deps.accounts.byLink(person.channel, person.userId);
    if (account === null) return howToLink(speechTo(person, null, deps.platform), person.channel);
    const words = typeof input === 'string' ? input : '';
    const bare = await requestOf(person, account, []);
    const answer = await unlessLocked(bare.speech, answerTo(bare, command, words, arrival));
    return withUsableButtons(answer, commandsOf(account.role), readerOf(bare));
  }

  /** What some payees are needed for waits for a key that lacks: somebody else has to name it, so trying again is no help. */
  async function unlessLocked(speech: Speech, answer: Promise<Message>): Promise<Message> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof PayeesLocked) return payeesLocked(speech);
      throw error;
    }
  }

  async function answerTo(bare: Request, command: ParsedCommand | null, words: string, arrival: Arrival) {
    const { account, speech } = bare;
    const commands = commandsOf(account.role);
    const reply = command === null && arrival.isForwarded !== true ? await awaitedReply(bare, words) : null;
    const meant = command ?? reply ?? plainCommand(words, commands);
    if (meant === null) return notACommand(speech);
    const found = commands.find(({ name }) => name === meant.name);
    if (found === undefined) return unknownCommand(speech, `/${meant.name}`);
    if (found.inChatOnly === true && arrival.isFromConsole === true) return inChatOnly(speech, found);
    const lacking = scopeLacking(found, readerOf(bare));
    if (lacking !== null) return scopeMissing(speech, found, lacking);
    if (found.changes === true && deps.mayDecide?.() === false) return notNow(speech);
    const page = isPaged(found) ? pageIn(meant.words) : { words: meant.words, from: 0 };
    const { file } = arrival;
    const request = { ...bare, words: page.words, ...(file === undefined ? {} : { file }) };
    if (arrival.isForwarded === true) return runIfMeant(request, found, 'forwarded');
    if (command === null && reply === null) return runIfMeant(request, found, 'sentence');
    const answer = await runOrAsk(request, found, arrival);
    return isPaged(found) ? pageOf(answer, found, page, speech.say) : answer;
  }

  /** People copy codes with the space that they are shown with. */
  async function link(
    person: ChatPerson,
    { words }: ParsedCommand,
    { isForwarded, codeByHash }: Arrival,
  ): Promise<Message> {
    const token = tokenOf(words[0]);
    if (token !== undefined) return move(person, token, words[1] !== 'no');
    const code = words.join('');
    if (code === '') return greet(deps, person);
    if (isForwarded === true) {
      const account = await deps.accounts.byLink(person.channel, person.userId);
      return sendCodeYourself(speechTo(person, account, deps.platform), person.channel, 'forwarded');
    }
    const hash = codeByHash === true ? hashIn(code) : undefined;
    return linkChat(deps, person, hash === undefined ? code : { hash });
  }

  async function move(person: ChatPerson, token: string, isYes: boolean): Promise<Message> {
    const now = deps.clock.now();
    return answerMove(
      deps,
      person,
      { token, isYes },
      {
        witness: linkWitness(deps, person, now),
        message: (linked) => linkedMessage(deps, linked, now),
      },
    );
  }

  /** What the person could mean by the first argument of a command; nothing for somebody who may not use it. */
  async function suggest(person: ChatPerson, name: string, typed: string): Promise<Suggestion[]> {
    const account = await deps.accounts.byLink(person.channel, person.userId);
    if (account === null) return [];
    const request = await requestOf(person, account, []);
    const found: Command | undefined = usableCommands(readerOf(request)).find((command) => command.name === name);
    return (await found?.suggest?.(request, typed.trim())) ?? [];
  }

  /** What they may do is read each time, as their role is. */
  async function requestOf(person: ChatPerson, account: LinkedAccount, words: string[]): Promise<Request> {
    return requestAs(person, account, await deps.scopesOf(account), words);
  }

  function requestAs(person: ChatPerson, account: LinkedAccount, scopes: readonly Scope[], words: string[]): Request {
    const now = deps.clock.now();
    const display = displayContextOf(account, deps.platform, now);
    return {
      deps,
      person,
      account,
      scopes,
      actor: actorOf(account, person),
      display,
      speech: speechOf(display),
      now,
      words,
    };
  }

  /** How an invoice, order, commission or payout came to stand as it does, as a manager reads it; null for none. */
  async function explain(id: string): Promise<Message | null> {
    const reader: LinkedAccount = { accountId: 'manager', role: 'manager', name: '', linkRef: '', reads: 'en' };
    const request = requestAs({ channel: 'telegram', userId: '', chatId: '' }, reader, SCOPES, [id]);
    for (const explainer of EXPLAINERS) {
      const explanation = await explainer.explain(request, id);
      if (explanation !== null) return explanation;
    }
    return null;
  }

  /** What somebody is told, without the buttons that they may not use now. */
  async function usableFor(message: Message, { accountId, role }: { accountId: string; role: Role | null }) {
    if (role !== 'manager') return message;
    return withUsableButtons(message, commandsOf(role), { role, scopes: await deps.scopesOf({ accountId, role }) });
  }

  return { run, suggest, explain, usableFor };
}

function readerOf({ account: { role }, scopes }: Request): Reader {
  return { role, scopes };
}

/** A key below the text field is a command, also where the next words are awaited as a reply. */
function pressedKey(text: string): ParsedCommand | null {
  const name = keyboardCommand(text);
  return name === null ? null : { name, words: [] };
}

/** Of what cannot be undone, one press only asks. */
async function runOrAsk(request: Request, command: Command, { isPress }: Arrival): Promise<Message> {
  const { asksOnceMore } = command;
  const token = tokenOf(request.words[0]);
  if (asksOnceMore !== undefined && token !== undefined) return answerQuestion(request, command, token);
  const wrong = checkArguments(command, request);
  if (wrong !== null) return wrong;
  const isAsked = asksOnceMore !== undefined && (isPress === true || (await asksAlways(request, asksOnceMore)));
  return isAsked ? ask(request, command) : command.run(request);
}

async function asksAlways(
  request: Request,
  { always, amount }: NonNullable<Command['asksOnceMore']>,
): Promise<boolean> {
  if (always === true || amount === undefined) return always === true;
  return (await amount(request)) > request.deps.policy.payouts.askAbove;
}

/** Words that the person may not have meant as a command change nothing. */
async function runIfMeant(request: Request, command: Command, doubt: Doubt): Promise<Message> {
  const wrong = checkArguments(command, request);
  if (wrong !== null) return wrong;
  if (command.asksOnceMore !== undefined) return ask(request, command, doubt);
  const { words, speech } = request;
  return acts(command, words) ? askFirst(speech, command, words, doubt) : command.run(request);
}

/** Without its arguments a command only asks for them. */
function acts(command: Command, words: string[]): boolean {
  return command.changes === true && (words.length > 0 || command.arguments === '');
}
