import type { Link } from '../../accounts/account.ts';
import type { Settings, WantedChannel } from '../../accounts/settings.ts';
import { CADENCES, type Cadence, cadenceOf, type Topic } from '../../accounts/topics.ts';
import type { Role } from '../../events/catalogue.ts';
import { chatName, endChatButton } from '../../notices/messages/accounts.ts';
import { commandButton } from '../../notices/messages/buttons.ts';
import { type Button, type Message, shorten } from '../../notices/messages/message.ts';
import { LANGUAGE_NAMES, LANGUAGES } from '../../texts/languages.ts';
import type { Request } from '../core/command.ts';

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
    paragraphs: [problem, say('settings.misunderstood.example', { topic: firstTopic(request) })],
    buttons: [[commandButton(say, 'settings')], ...buttons(request)],
  };
}

function firstTopic({ account }: Request): Topic | '' {
  return TOPICS_OF[account.role][0] ?? '';
}

/** All settings of a person, as they are now; `more` are sentences to begin with. */
export async function overview(request: Request, settings: Settings, title: string, more: string[]): Promise<Message> {
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
      [say('settings.overview.language'), LANGUAGE_NAMES[speech.language]],
      [say('settings.overview.hours'), quietText(request, settings)],
      [say('settings.overview.messages'), say(CHANNELS[settings.channel])],
      ...TOPICS_OF[account.role].map((topic): [string, string] => [
        say('settings.overview.topic', { about: say(`settings.topics.${topic}`), topic }),
        say(CADENCE_NAMES[cadenceOf(settings, topic)]),
      ]),
      ...chats.map((link): [string, string] => [
        say('settings.overview.linked'),
        say(isThis(link) ? 'settings.overview.thisChat' : 'settings.overview.chat', {
          chat: chatName(link, request.display),
          at: speech.instant(link.linkedAt),
        }),
      ]),
    ],
    footer: say('settings.overview.otherHours'),
    buttons: [
      ...buttons(request),
      ...chats.filter((link) => !isThis(link)).map((link) => [endChatButton(link, request.display)]),
    ],
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
    LANGUAGES.map((language) => ({
      label: say('settings.buttons.language', { language: LANGUAGE_NAMES[language] }),
      command: `/settings language ${language}`,
    })),
    ...TOPICS_OF[account.role].map((topic) =>
      CADENCES.map((cadence) => ({
        label: say('settings.buttons.cadence', { topic, cadence: say(CADENCE_NAMES[cadence]) }),
        command: `/settings ${topic} ${cadence}`,
      })),
    ),
  ];
}

/** The chats of a person, the one that was linked first at first. */
export async function chatsOf({ deps, account }: Request): Promise<Link[]> {
  const links = await deps.accounts.linksOf([account.accountId]);
  return links.sort((a, b) => a.linkedAt.getTime() - b.linkedAt.getTime());
}
