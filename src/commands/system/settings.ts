import { chatUser } from '../../accounts/account.ts';
import type { Settings, SettingsChange } from '../../accounts/settings.ts';
import { CADENCES, TOPICS } from '../../accounts/topics.ts';
import { ROLES } from '../../events/catalogue.ts';
import { CHANNEL_NAMES } from '../../notices/messages/accounts.ts';
import { type Message, shorten } from '../../notices/messages/message.ts';
import { LANGUAGES, languageCalled } from '../../texts/languages.ts';
import { speechOf } from '../../texts/speech.ts';
import { linkCommand } from '../core/answers.ts';
import { type Command, displayContextOf, type Request, type Suggestion } from '../core/command.ts';
import { parseTime } from '../core/parseArguments.ts';
import { sessions } from './sessions.ts';
import { chatsOf, choicesOf, misunderstood, overview, problemWith, SETTINGS } from './settingsMessages.ts';

/**
 * `/settings`, `/settings quiet`, `/settings quiet 22:00 08:00`, `/settings channel discord`, `/settings commissions weekly`,
 * `/settings language en`, `/settings digest off`, `/settings sessions` (docs/chat.md).
 */
export const settingsCommand: Command = {
  name: 'settings',
  arguments: '[SETTING] [VALUE]',
  roles: ROLES,
  scope: null,
  description: 'commands.settings.description',
  changes: true,
  suggest: async (request, typed) => suggested(request).filter(({ value }) => value.startsWith(typed.toLowerCase())),
  async run(request) {
    const [first = '', ...given] = request.words;
    const setting = first.toLowerCase();
    // What names a session is not written in small letters alone.
    if (setting === 'sessions') return sessions(request, given);
    const values = given.map((word) => word.toLowerCase());
    const choices = values.length > 0 ? null : choicesOf(request, await settingsOf(request), setting);
    if (choices !== null) return choices;
    switch (setting) {
      case '':
        return overview(request, await settingsOf(request), request.speech.say('settings.title'), []);
      case 'quiet':
        return changeQuiet(request, values);
      case 'channel':
        return changeChannel(request, values[0] ?? '');
      case 'end':
        return endChat(request, values[0] ?? '');
      case 'digest':
        return changeDigest(request, values[0] ?? '');
      case 'language':
        return changeLanguage(request, values[0] ?? '');
      default:
        return changeCadence(request, setting, values.join('-'));
    }
  },
};

function suggested({ speech: { say } }: Request): Suggestion[] {
  return [
    { name: say('settings.suggested.quiet'), value: 'quiet' },
    { name: say('settings.suggested.channel'), value: 'channel' },
    ...TOPICS.map((topic) => ({ name: say('settings.suggested.topic', { topic }), value: topic as string })),
    { name: say('settings.suggested.digest'), value: 'digest' },
    { name: say('settings.suggested.language', { languages: LANGUAGES.join(', ') }), value: 'language' },
    { name: say('settings.suggested.end'), value: 'end' },
    { name: say('settings.suggested.sessions'), value: 'sessions' },
  ];
}

async function settingsOf({ deps, account }: Request): Promise<Settings> {
  return deps.accounts.settings(account.accountId);
}

async function changeQuiet(request: Request, values: string[]): Promise<Message> {
  const text = values.join(' ').trim();
  if (text === 'off') return change(request, { quiet: { from: '00:00', until: '00:00' } });
  if (text === 'default') return change(request, { quiet: null });
  const [from, until] = text.split(/\s*[-–]\s*|\s+/).map(parseTime);
  if (!from || !until) return misunderstood(request, problemWith('hours', text, request));
  return change(request, { quiet: { from, until } });
}

async function changeChannel(request: Request, wanted: string): Promise<Message> {
  if (wanted !== 'telegram' && wanted !== 'discord' && wanted !== 'both') {
    return misunderstood(request, problemWith('channel', wanted, request));
  }
  const links = await request.deps.accounts.linksOf([request.account.accountId]);
  if (wanted === 'both' || links.some(({ channel }) => channel === wanted)) return change(request, { channel: wanted });
  const { say } = request.speech;
  const channel = CHANNEL_NAMES[wanted];
  const command = linkCommand(say, wanted);
  return overview(request, await settingsOf(request), say('settings.noChatTitle', { channel }), [
    say('settings.noChat', { channel, command }),
  ]);
}

/** `at once`, `at-once` and `now` are one. */
async function changeCadence(request: Request, name: string, wanted: string): Promise<Message> {
  const topic = TOPICS.find((known) => known === name);
  const cadence = CADENCES.find((known) => known === (wanted === 'now' ? 'at-once' : wanted));
  if (topic === undefined) {
    const settings = SETTINGS.join(', ');
    return misunderstood(request, request.speech.say('settings.wrong.setting', { typed: shorten(name, 60), settings }));
  }
  if (cadence === undefined) return misunderstood(request, problemWith('frequency', wanted, request));
  return change(request, { cadence: { topic, cadence } });
}

/** What comes by the calendar: wanted, or not. */
async function changeDigest(request: Request, wanted: string): Promise<Message> {
  if (wanted === 'on' || wanted === 'off') return change(request, { digest: wanted });
  return misunderstood(request, request.speech.say('settings.wrong.digest', { typed: shorten(wanted, 60) }));
}

/** The chats of an account are its owner's to end, from any of them. */
async function endChat(request: Request, chat: string): Promise<Message> {
  const { deps, account, actor, speech, now } = request;
  const { say } = speech;
  const { accountId } = account;
  const { channel, userId } =
    (await chatsOf(request)).find((link) => chatUser(link.channel, link.userId) === chat) ?? {};
  if (channel === undefined || userId === undefined) {
    return misunderstood(request, problemWith('chat', chat, request));
  }
  const wanted = { channel, userId };
  await deps.accounts.endLinks(accountId, wanted, async (ended) => {
    for (const before of ended) {
      await deps.audit.record({ actor, action: 'chat.unlinked', subject: `account:${accountId}`, before, at: now });
    }
  });
  return overview(request, await settingsOf(request), say('settings.endedTitle'), [
    say('settings.ended', { channel: CHANNEL_NAMES[channel], user: shorten(userId, 40) }),
  ]);
}

async function changeLanguage(request: Request, wanted: string): Promise<Message> {
  if (wanted === 'default') return change(request, { language: null });
  const language = languageCalled(wanted);
  if (language !== undefined) return change(request, { language });
  const { say } = request.speech;
  const languages = LANGUAGES.join(', ');
  const problem =
    wanted === ''
      ? say('settings.which.language', { languages })
      : say('settings.wrong.language', { typed: shorten(wanted, 60), languages });
  return misunderstood(request, problem);
}

async function change(request: Request, wanted: SettingsChange): Promise<Message> {
  const { deps, account, actor, now } = request;
  const before = await deps.accounts.settings(account.accountId);
  const after = await deps.accounts.changeSettings(account.accountId, wanted);
  await deps.audit.record({
    actor,
    action: 'account.settings',
    subject: `account:${account.accountId}`,
    before,
    after,
    at: now,
  });
  await deps.notices.reconsider(account.accountId, now);
  const theirs = await inTheirLanguage(request);
  return overview(theirs, after, theirs.speech.say('settings.savedTitle'), []);
}

/** The answer to a change of language is in the new one. */
async function inTheirLanguage(request: Request): Promise<Request> {
  const { deps, person, now } = request;
  const account = await deps.accounts.byLink(person.channel, person.userId);
  if (account === null) return request;
  const display = displayContextOf(account, deps.platform, now);
  return { ...request, display, speech: speechOf(display) };
}
