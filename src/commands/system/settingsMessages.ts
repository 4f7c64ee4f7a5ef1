import type { Link } from '../../accounts/account.ts';
import type { Settings, WantedChannel } from '../../accounts/settings.ts';
import { CADENCES, type Cadence, cadenceOf, TOPICS, type Topic } from '../../accounts/topics.ts';
import { isDigestRole } from '../../digests/rounds.ts';
import type { Role } from '../../events/catalogue.ts';
import { chunksOf } from '../../kernel/group.ts';
import { chatName, endChatButton, sessionsButton } from '../../notices/messages/accounts.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { type Message, shorten } from '../../notices/messages/message.ts';
import { LANGUAGE_NAMES, LANGUAGES, type Language } from '../../texts/languages.ts';
import type { Request } from '../core/command.ts';
import { sessionFacts } from './sessions.ts';

/** How settings read (docs/chat.md). */

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

/** Usual quiet hours, beside the platform's own. */
const HOURS = [
  { from: '22:00', until: '08:00' },
  { from: '23:00', until: '07:00' },
  { from: '00:00', until: '09:00' },
];

/** A setting of the person: its name, how it is set, and what it could be, by what is typed for it. */
type Setting = {
  name: string;
  about: string;
  value: string;
  explained?: string;
  choices: { label: string; value: string; isChosen: boolean }[];
};

/** The settings of a person by what they type, in the order in which they are shown. */
function settingsOf(request: Request, settings: Settings): Setting[] {
  const { account } = request;
  return [
    languageSetting(request, settings),
    hoursSetting(request, settings),
    channelSetting(request, settings),
    ...(isDigestRole(account.role) ? [digestSetting(request, settings)] : []),
    ...TOPICS_OF[account.role].map((topic) => topicSetting(request, settings, topic)),
  ];
}

function languageSetting({ speech: { say, language } }: Request, settings: Settings): Setting {
  const isChosen = (one: Language) => settings.language === one;
  return {
    ...{ name: 'language', about: say('settings.overview.language'), value: LANGUAGE_NAMES[language] },
    choices: LANGUAGES.map((one) => ({ label: LANGUAGE_NAMES[one], value: one, isChosen: isChosen(one) })),
  };
}

function hoursSetting(request: Request, { quiet }: Settings): Setting {
  const { say } = request.speech;
  const { quietFrom, quietUntil } = request.deps.policy.notices;
  const { from, until } = quiet ?? { from: quietFrom, until: quietUntil };
  const isNone = from === until;
  const hours = { from, until, timeZone: request.display.timeZone };
  const ofAll = { from: quietFrom, until: quietUntil };
  const others = HOURS.filter((one) => one.from !== ofAll.from || one.until !== ofAll.until);
  const is = (one: { from: string; until: string }) => !isNone && one.from === from && one.until === until;
  return {
    name: 'quiet',
    about: say('settings.overview.hours'),
    value: isNone
      ? say('settings.overview.noHours')
      : say(quiet === undefined ? 'settings.overview.hoursOfAll' : 'settings.overview.hoursAre', hours),
    explained: `${say('settings.overview.quiet')} ${say('settings.overview.otherHours')}`,
    choices: [
      { label: say('settings.choose.hours', ofAll), value: 'default', isChosen: is(ofAll) },
      ...others.map((one) => ({
        ...{ label: say('settings.choose.hours', one), value: `${one.from} ${one.until}`, isChosen: is(one) },
      })),
      { label: say('settings.overview.noHours'), value: 'off', isChosen: isNone },
    ],
  };
}

function channelSetting({ speech: { say } }: Request, { channel }: Settings): Setting {
  return {
    ...{ name: 'channel', about: say('settings.overview.messages'), value: say(CHANNELS[channel]) },
    choices: (['telegram', 'discord', 'both'] as const).map((one) => ({
      ...{ label: say(CHANNELS[one]), value: one, isChosen: channel === one },
    })),
  };
}

function digestSetting({ account: { role }, speech: { say } }: Request, { digest }: Settings): Setting {
  const who = role === 'manager' || role === 'model' ? role : 'other';
  return {
    ...{ name: 'digest', about: say('settings.digest.short') },
    value: say(digest === 'off' ? 'settings.digest.off' : 'settings.digest.on'),
    explained: `${say('settings.digest.about', { role: who })}.`,
    choices: [
      { label: say('settings.digest.on'), value: 'on', isChosen: digest !== 'off' },
      { label: say('settings.digest.off'), value: 'off', isChosen: digest === 'off' },
    ],
  };
}

function topicSetting({ deps, speech: { say } }: Request, settings: Settings, topic: Topic): Setting {
  const cadence = cadenceOf(settings, topic);
  const { digestAt: time } = deps.policy.notices;
  return {
    ...{ name: topic, about: say(`settings.short.${topic}`), value: say(CADENCE_NAMES[cadence]) },
    explained: `${say(`settings.topics.${topic}`)}. ${say('settings.overview.cadence', { time, topic })}`,
    choices: CADENCES.map((one) => ({ label: say(CADENCE_NAMES[one]), value: one, isChosen: cadence === one })),
  };
}

/** What can be typed for a setting. */
export const SETTINGS = ['quiet', 'channel', 'language', 'digest', ...TOPICS, 'end', 'sessions'];

/** One setting with all its choices as buttons, or null for what is no setting of this person. */
export function choicesOf(request: Request, settings: Settings, name: string): Message | null {
  const setting = settingsOf(request, settings).find((one) => one.name === name);
  if (setting === undefined) return null;
  const { say } = request.speech;
  const { about, value, explained, choices } = setting;
  return {
    title: say('settings.choose.open', { setting: about, value }),
    paragraphs: explained === undefined ? [] : [explained],
    buttons: [
      ...chunksOf(
        choices.map(({ label, value, isChosen }) => ({
          label: isChosen ? say('settings.choose.chosen', { choice: label }) : label,
          command: `/settings ${name} ${value}`,
        })),
        2,
      ),
      [{ label: say('settings.choose.back'), command: '/settings' }],
    ],
  };
}

/** What is wrong with a value that was typed for a setting, and what to write instead. */
export function problemWith(
  what: 'hours' | 'channel' | 'frequency' | 'chat',
  typed: string,
  { speech: { say } }: Request,
) {
  return typed === '' ? say(`settings.which.${what}`) : say(`settings.wrong.${what}`, { typed: shorten(typed, 60) });
}

/** `problem` is the sentence that says what is wrong, and what to write instead. */
export function misunderstood(request: Request, problem: string): Message {
  const { say } = request.speech;
  return {
    title: say('settings.misunderstood.title'),
    paragraphs: [problem, say('settings.misunderstood.example', { topic: TOPICS_OF[request.account.role][0] ?? '' })],
    buttons: [[commandButton(say, 'settings')]],
  };
}

/** All settings of a person, as they are now, a button for each; `more` are sentences to begin with. */
export async function overview(request: Request, settings: Settings, title: string, more: string[]): Promise<Message> {
  const { person, speech } = request;
  const { say } = speech;
  const chats = await chatsOf(request);
  const all = settingsOf(request, settings);
  const console = await sessionFacts(request);
  const isThis = ({ channel, userId }: Link) => channel === person.channel && userId === person.userId;
  return {
    title,
    paragraphs: more,
    facts: [
      ...all.map(({ about, value }): [string, string] => [about, value]),
      ...chats.map((link): [string, string] => [
        say('settings.overview.linked'),
        say(isThis(link) ? 'settings.overview.thisChat' : 'settings.overview.chat', {
          chat: chatName(link, request.display),
          at: speech.instant(link.linkedAt),
        }),
      ]),
      ...console,
    ],
    buttons: [
      ...chunksOf(
        all.map(({ name, about }) => ({ label: about, command: `/settings ${name}` })),
        2,
      ),
      ...chats.filter((link) => !isThis(link)).map((link) => [endChatButton(link, request.display)]),
      ...(console.length === 0 ? [] : [[sessionsButton(say)]]),
    ],
  };
}

/** The chats of a person, the one that was linked first at first. */
export async function chatsOf({ deps, account }: Request): Promise<Link[]> {
  const links = await deps.accounts.linksOf([account.accountId]);
  return links.sort((a, b) => a.linkedAt.getTime() - b.linkedAt.getTime());
}
