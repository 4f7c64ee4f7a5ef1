import { chatUser, type Link } from '../../accounts/account.ts';
import type { Settings, SettingsChange, WantedChannel } from '../../accounts/settings.ts';
import { CADENCES, type Cadence, cadenceOf, TOPICS, type Topic } from '../../accounts/topics.ts';
import { ROLES, type Role } from '../../events/catalogue.ts';
import { formatInstant } from '../../kernel/calendar.ts';
import { chatName, endChatButton } from '../../notices/messages/accounts.ts';
import { type Button, type Message, shorten } from '../../notices/messages/message.ts';
import { LANGUAGE_NAMES, LANGUAGES, languageCalled, languageOf } from '../../texts/languages.ts';
import { type Command, displayContextOf, type Request, type Suggestion } from '../core/command.ts';
import { parseTime } from '../core/parseArguments.ts';

const CHANNELS: Record<WantedChannel, string> = {
  telegram: 'Telegram alone',
  discord: 'Discord alone',
  both: 'every chat that is linked',
};

const TOPIC_NAMES: Record<Topic, string> = {
  commissions: 'New, changed and rejected commissions',
  approvals: 'Approved commissions',
  payouts: 'Payouts',
  orders: 'Started and completed orders',
  receipts: 'Receipts',
  overdue: 'Invoices that go overdue; the first of a day comes at once',
  alerts: 'Quarantine, parked webhooks, reviews, unpaid paydays, people out of reach, guessed codes',
  seals: 'The last seal of each day',
};

const CADENCE_NAMES: Record<Cadence, string> = {
  'at-once': 'at once',
  daily: 'once a day',
  weekly: 'once a week',
  never: 'never',
};

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
  description: 'Your quiet hours, channel, chats, how often you hear of what, and language',
  changes: true,
  suggest: async (_request, typed) => SUGGESTED.filter(({ value }) => value.startsWith(typed.toLowerCase())),
  async run(request) {
    const [setting = '', ...values] = request.words.map((word) => word.toLowerCase());
    switch (setting) {
      case '':
        return overview(request, await request.deps.accounts.settings(request.account.accountId), 'Your settings', []);
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

const SUGGESTED: Suggestion[] = [
  { name: 'quiet hours: 22:00 08:00, off or default', value: 'quiet' },
  { name: 'channel: telegram, discord or both', value: 'channel' },
  ...TOPICS.map((topic) => ({ name: `${topic}: at-once, daily, weekly or never`, value: topic as string })),
  { name: `language: ${LANGUAGES.join(', ')} or default`, value: 'language' },
  { name: 'end: a chat that is linked, as telegram:4711', value: 'end' },
];

async function changeQuiet(request: Request, values: string[]): Promise<Message> {
  const text = values.join(' ').trim();
  if (text === 'off') return change(request, { quiet: { from: '00:00', until: '00:00' } });
  if (text === 'default') return change(request, { quiet: null });
  const [from, until] = text.split(/\s*[-–]\s*|\s+/).map(parseTime);
  if (!from || !until) return misunderstood(request, text, 'pair of times', '22:00 08:00, off or default');
  return change(request, { quiet: { from, until } });
}

async function changeChannel(request: Request, wanted: string): Promise<Message> {
  if (wanted !== 'telegram' && wanted !== 'discord' && wanted !== 'both') {
    return misunderstood(request, wanted, 'channel', 'telegram, discord or both');
  }
  const links = await request.deps.accounts.linksOf([request.account.accountId]);
  if (wanted !== 'both' && !links.some(({ channel }) => channel === wanted)) {
    const settings = await request.deps.accounts.settings(request.account.accountId);
    const how = wanted === 'telegram' ? '/start CODE' : '/link CODE';
    const name = wanted === 'telegram' ? 'Telegram' : 'Discord';
    return overview(request, settings, `No ${name} chat is linked to you yet`, [
      `Get a code on the platform and send it to me in ${name}: ${how}. Nothing was changed.`,
    ]);
  }
  return change(request, { channel: wanted });
}

/** `at once`, `at-once` and `now` are one. */
async function changeCadence(request: Request, name: string, wanted: string): Promise<Message> {
  const topic = TOPICS.find((known) => known === name);
  const cadence = CADENCES.find((known) => known === (wanted === 'now' ? 'at-once' : wanted));
  if (topic === undefined) {
    return misunderstood(request, name, 'setting', `quiet, channel, language, end, ${TOPICS.join(', ')}`);
  }
  if (cadence === undefined) return misunderstood(request, wanted, 'frequency', 'at-once, daily, weekly or never');
  return change(request, { cadence: { topic, cadence } });
}

/** The chats of an account are its owner's to end, from any of them. */
async function endChat(request: Request, chat: string): Promise<Message> {
  const { deps, account, actor, now } = request;
  const { accountId } = account;
  const { channel, userId } =
    (await chatsOf(request)).find((link) => chatUser(link.channel, link.userId) === chat) ?? {};
  if (channel === undefined || userId === undefined) {
    return misunderstood(request, chat, 'chat of yours', 'telegram:4711, as /settings lists them');
  }
  const wanted = { channel, userId };
  await deps.accounts.endLinks(accountId, wanted, async (ended) => {
    for (const before of ended) {
      await deps.audit.record({ actor, action: 'chat.unlinked', subject: `account:${accountId}`, before, at: now });
    }
  });
  return overview(request, await deps.accounts.settings(accountId), 'That chat is no longer linked', [
    `The ${chatName(wanted, request.display)} gets no more messages of yours and cannot act for you.`,
  ]);
}

async function chatsOf({ deps, account }: Request): Promise<Link[]> {
  const links = await deps.accounts.linksOf([account.accountId]);
  return links.sort((a, b) => a.linkedAt.getTime() - b.linkedAt.getTime());
}

async function changeLanguage(request: Request, wanted: string): Promise<Message> {
  if (wanted === 'default') return change(request, { language: null });
  const language = languageCalled(wanted);
  if (language === undefined) return misunderstood(request, wanted, 'language', `${LANGUAGES.join(', ')}, or default`);
  return change(request, { language });
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
  return overview(await inTheirLanguage(request), after, 'Your settings are saved', []);
}

/** The answer to a change of language is in the new one. */
async function inTheirLanguage(request: Request): Promise<Request> {
  const { deps, person } = request;
  const account = await deps.accounts.byLink(person.channel, person.userId);
  return account === null ? request : { ...request, display: displayContextOf(account, deps.platform) };
}

function misunderstood(request: Request, typed: string, thing: string, instead: string): Message {
  const problem =
    typed === '' ? `Which ${thing}? Write ${instead}` : `${shorten(typed, 60)} is no ${thing}; write ${instead}`;
  return {
    title: 'I did not understand that setting',
    paragraphs: [
      `${problem}.`,
      `For example: /settings quiet 22:00 08:00, /settings quiet off, /settings channel telegram, /settings ${TOPICS_OF[request.account.role][0]} weekly. Nothing was changed.`,
    ],
    buttons: [[{ label: 'Settings', command: '/settings' }], ...buttons(request)],
  };
}

async function overview(request: Request, settings: Settings, title: string, more: string[]): Promise<Message> {
  const { person, display } = request;
  const chats = await chatsOf(request);
  const isThis = ({ channel, userId }: Link) => channel === person.channel && userId === person.userId;
  return {
    title,
    paragraphs: [
      ...more,
      'In quiet hours only what is urgent arrives; the rest comes when they end. Answers to what you type come at once, where you type it.',
      `What asks nothing of you can come at once, gathered once a day or a week (at ${request.deps.policy.notices.digestAt}, on Mondays), or never, for example: /settings ${TOPICS_OF[request.account.role][0]} daily`,
    ],
    facts: [
      ['Language', LANGUAGE_NAMES[languageOf(display.locale) ?? 'en']],
      ['Quiet hours', quietText(request, settings)],
      ['Messages', `to ${CHANNELS[settings.channel]}`],
      ...TOPICS_OF[request.account.role].map((topic): [string, string] => [
        `${TOPIC_NAMES[topic]} (${topic})`,
        CADENCE_NAMES[cadenceOf(settings, topic)],
      ]),
      ...chats.map((link): [string, string] => [
        'Linked',
        `${chatName(link, display)}${isThis(link) ? ', this one' : ''}, since ${formatInstant(link.linkedAt, display.timeZone)}`,
      ]),
    ],
    footer: 'To set other hours, send for example: /settings quiet 23:00 07:30',
    buttons: [
      ...buttons(request),
      ...chats.filter((link) => !isThis(link)).map((link) => [endChatButton(link, display)]),
    ],
  };
}

function quietText({ deps: { policy }, display: { timeZone } }: Request, { quiet }: Settings): string {
  const { from, until } = quiet ?? { from: policy.notices.quietFrom, until: policy.notices.quietUntil };
  return from === until ? 'none' : `${from}–${until} (${timeZone})${quiet === undefined ? ', as for everybody' : ''}`;
}

function buttons({ deps: { policy }, account }: Pick<Request, 'deps' | 'account'>): Button[][] {
  const { quietFrom, quietUntil } = policy.notices;
  return [
    [
      { label: `Settings: quiet ${quietFrom}–${quietUntil}`, command: '/settings quiet default' },
      { label: 'Settings: no quiet hours', command: '/settings quiet off' },
    ],
    [
      { label: 'Settings: Telegram', command: '/settings channel telegram' },
      { label: 'Settings: Discord', command: '/settings channel discord' },
      { label: 'Settings: both', command: '/settings channel both' },
    ],
    LANGUAGES.map((language) => ({
      label: `Settings: ${LANGUAGE_NAMES[language]}`,
      command: `/settings language ${language}`,
    })),
    ...TOPICS_OF[account.role].map((topic) =>
      CADENCES.map((cadence) => ({
        label: `Settings: ${topic} ${CADENCE_NAMES[cadence]}`,
        command: `/settings ${topic} ${cadence}`,
      })),
    ),
  ];
}
