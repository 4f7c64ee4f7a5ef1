import { type Channel, chatUser, type Link } from '../../accounts/account.ts';
import type { Settings, SettingsChange, WantedChannel } from '../../accounts/settings.ts';
import { CADENCES, type Cadence, cadenceOf, TOPICS, type Topic } from '../../accounts/topics.ts';
import { ROLES, type Role } from '../../events/catalogue.ts';
import { chatName, endChatButton } from '../../notices/messages/accounts.ts';
import { type Button, type Message, shorten } from '../../notices/messages/message.ts';
import type { Speech } from '../../texts/speech.ts';
import { commandButton, linkCommand } from '../core/answers.ts';
import type { Command, Request, Suggestion } from '../core/command.ts';
import { parseTime } from '../core/parseArguments.ts';

const CHANNEL_NAMES: Record<Channel, string> = { telegram: 'Telegram', discord: 'Discord' };

const CHANNELS = {
  telegram: 'settings.overview.toTelegram',
  discord: 'settings.overview.toDiscord',
  both: 'settings.overview.toAll',
} as const satisfies Record<WantedChannel, string>;

const CADENCE_NAMES = {
  'at-once': 'settings.cadences.atOnce',
  daily: 'settings.cadences.daily',
  weekly: 'settings.cadences.weekly',
  never: 'settings.cadences.never',
} as const satisfies Record<Cadence, string>;

/** What concerns whom. */
const TOPICS_OF: Record<Role, Topic[]> = {
  model: ['receipts', 'orders'],
  marketer: ['orders', 'payouts'],
  affiliate: ['commissions', 'approvals', 'payouts'],
  manager: ['overdue', 'alerts', 'seals'],
};

/**
 * `/settings`, `/settings quiet 22:00 08:00`, `/settings channel discord`, `/settings commissions weekly`, `/settings language
 * en` (docs/chat.md).
 */
export const settingsCommand: Command = {
  name: 'settings',
  arguments: '[SETTING] [VALUE]',
  roles: ROLES,
  description: 'commands.settings.description',
  changes: true,
  suggest: async ({ speech }, typed) => suggested(speech).filter(({ value }) => value.startsWith(typed.toLowerCase())),
  async run(request) {
    const [setting = '', ...values] = request.words.map((word) => word.toLowerCase());
    switch (setting) {
      case '':
        return overview(request, await settingsOf(request), request.speech.say('settings.title'), []);
      case 'quiet':
        return changeQuiet(request, values);
      case 'channel':
        return changeChannel(request, values[0] ?? '');
      case 'end':
        return endChat(request, values[0] ?? '');
      case 'language':
        return changeLanguage(request, values[0] ?? '');
      default:
        return changeCadence(request, setting, values.join('-'));
    }
  },
};

function suggested({ say }: Speech): Suggestion[] {
  return [
    { name: say('settings.suggested.quiet'), value: 'quiet' },
    { name: say('settings.suggested.channel'), value: 'channel' },
    ...TOPICS.map((topic) => ({ name: say('settings.suggested.topic', { topic }), value: topic as string })),
    { name: 'language: en', value: 'language' },
    { name: say('settings.suggested.end'), value: 'end' },
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
    const settings = ['quiet', 'channel', 'language', 'end', ...TOPICS].join(', ');
    return misunderstood(request, request.speech.say('settings.wrong.setting', { typed: shorten(name, 60), settings }));
  }
  if (cadence === undefined) return misunderstood(request, problemWith('frequency', wanted, request));
  return change(request, { cadence: { topic, cadence } });
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

async function chatsOf({ deps, account }: Request): Promise<Link[]> {
  const links = await deps.accounts.linksOf([account.accountId]);
  return links.sort((a, b) => a.linkedAt.getTime() - b.linkedAt.getTime());
}

async function changeLanguage(request: Request, wanted: string): Promise<Message> {
  const settings = await request.deps.accounts.settings(request.account.accountId);
  const known = wanted === 'en' || wanted === 'english';
  const said = known ? 'Your language is English.' : 'English is the only language for now. Nothing was changed.';
  return overview(request, settings, 'Your settings', [said]);
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
  return overview(request, after, request.speech.say('settings.savedTitle'), []);
}

function problemWith(what: 'hours' | 'channel' | 'frequency' | 'chat', typed: string, { speech: { say } }: Request) {
  return typed === '' ? say(`settings.which.${what}`) : say(`settings.wrong.${what}`, { typed: shorten(typed, 60) });
}

/** `problem` is the sentence that says what is wrong, and what to write instead. */
function misunderstood(request: Request, problem: string): Message {
  const { say } = request.speech;
  return {
    title: say('settings.misunderstood.title'),
    paragraphs: [problem, say('settings.misunderstood.example', { topic: firstTopic(request) })],
    buttons: [[commandButton(say, 'settings')], ...buttons(request)],
  };
}

function firstTopic({ account }: Request): Topic | '' {
  return TOPICS_OF[account.role][0] ?? '';
}

async function overview(request: Request, settings: Settings, title: string, more: string[]): Promise<Message> {
  const { deps, person, account, speech } = request;
  const { say } = speech;
  const chats = await chatsOf(request);
  const isThis = ({ channel, userId }: Link) => channel === person.channel && userId === person.userId;
  return {
    title,
    paragraphs: [
      ...more,
      say('settings.overview.quiet'),
      say('settings.overview.cadence', { time: deps.policy.notices.digestAt, topic: firstTopic(request) }),
    ],
    facts: [
      [say('settings.overview.language'), 'English'],
      [say('settings.overview.hours'), quietText(request, settings)],
      [say('settings.overview.messages'), say(CHANNELS[settings.channel])],
      ...TOPICS_OF[account.role].map((topic): [string, string] => [
        say('settings.overview.topic', { about: say(`settings.topics.${topic}`), topic }),
        say(CADENCE_NAMES[cadenceOf(settings, topic)]),
      ]),
      ...chats.map((link): [string, string] => [
        say('settings.overview.linked'),
        say(isThis(link) ? 'settings.overview.thisChat' : 'settings.overview.chat', {
          chat: chatName(link),
          at: speech.instant(link.linkedAt),
        }),
      ]),
    ],
    footer: say('settings.overview.otherHours'),
    buttons: [...buttons(request), ...chats.filter((link) => !isThis(link)).map((link) => [endChatButton(link)])],
  };
}

function quietText({ deps: { policy }, display: { timeZone }, speech: { say } }: Request, { quiet }: Settings): string {
  const { from, until } = quiet ?? { from: policy.notices.quietFrom, until: policy.notices.quietUntil };
  if (from === until) return say('settings.overview.noHours');
  const hours = { from, until, timeZone };
  return quiet === undefined ? say('settings.overview.hoursOfAll', hours) : say('settings.overview.hoursAre', hours);
}

function buttons({ deps: { policy }, account, speech: { say } }: Request): Button[][] {
  const { quietFrom: from, quietUntil: until } = policy.notices;
  return [
    [
      { label: say('settings.buttons.quiet', { from, until }), command: '/settings quiet default' },
      { label: say('settings.buttons.noQuiet'), command: '/settings quiet off' },
    ],
    [
      { label: say('settings.buttons.telegram'), command: '/settings channel telegram' },
      { label: say('settings.buttons.discord'), command: '/settings channel discord' },
      { label: say('settings.buttons.both'), command: '/settings channel both' },
    ],
    ...TOPICS_OF[account.role].map((topic) =>
      CADENCES.map((cadence) => ({
        label: say('settings.buttons.cadence', { topic, cadence: say(CADENCE_NAMES[cadence]) }),
        command: `/settings ${topic} ${cadence}`,
      })),
    ),
  ];
}
