import type { HealthState } from '../../health/health.ts';
import { commandButton, replayButton } from '../../notices/messages/buttons.ts';
import { type Message, quoted, shorten } from '../../notices/messages/message.ts';
import type { Command, Request } from '../core/command.ts';
import { modelName } from '../core/modelNames.ts';

const SHOWN = 5;

/** `/health`: what is in hand, what is stuck, and who cannot be reached (docs/chat.md). */
export const healthCommand: Command = {
  name: 'health',
  arguments: '',
  roles: ['manager'],
  scope: 'read',
  description: 'commands.health.description',
  async run(request): Promise<Message> {
    const state = await request.deps.health.state(SHOWN);
    const { say } = request.speech;
    const { events, webhooks, stuck } = state;
    return {
      title: stuck === 0 ? say('systemCommands.health.well') : say('systemCommands.health.stuck', { count: stuck }),
      paragraphs: [...troubleSentences(state, request), ...managersChannel(state, request)],
      facts: [...countFacts(state, request), ...(await unreachedFacts(state, request)), ...parkedFacts(state, request)],
      buttons: [
        [commandButton(say, 'health'), ...(events.quarantined === 0 ? [] : [commandButton(say, 'quarantine')])],
        ...webhooks.parkedLately.map(({ webhookId }) => [replayButton(say, webhookId)]),
      ],
    };
  },
};

/** What somebody has to look at, a sentence each. */
function troubleSentences(state: HealthState, { speech: { say } }: Request): string[] {
  const { events, webhooks, notices, unreachable, unreached } = state;
  return (
    [
      ['systemCommands.health.quarantined', events.quarantined],
      ['systemCommands.health.parked', webhooks.parked],
      ['systemCommands.health.unconfirmed', notices.unconfirmed],
      ['systemCommands.health.unreachable', unreachable.count],
      ['systemCommands.health.unreached', unreached.count],
    ] as const
  ).flatMap(([key, count]) => (count === 0 ? [] : [say(key, { count })]));
}

/** Where all managers were to read, and cannot. */
function managersChannel({ managersChannel: reason }: HealthState, { speech: { say } }: Request): string[] {
  return reason === undefined ? [] : [say('bots.managersChannel', { reason: quoted(reason, 120) })];
}

function countFacts({ events, webhooks, notices }: HealthState, { speech: { say } }: Request): [string, string][] {
  const { received, waiting, quarantined } = events;
  const { due, parked } = webhooks;
  return [
    [say('systemCommands.health.events'), say('systemCommands.health.eventCounts', { received, waiting, quarantined })],
    [
      say('systemCommands.health.webhooks'),
      webhooks.enabled
        ? say('systemCommands.health.webhookCounts', { due, parked })
        : say('systemCommands.health.webhooksOff'),
    ],
    [
      say('systemCommands.health.notices'),
      say('systemCommands.health.noticeCounts', {
        due: notices.due + notices.sending,
        waiting: notices.waiting,
        unconfirmed: notices.unconfirmed,
        failed: notices.failed,
      }),
    ],
  ];
}

/** Who cannot be reached: chats that take nothing, and people whom no chat reaches. */
async function unreachedFacts({ unreachable, unreached }: HealthState, request: Request): Promise<[string, string][]> {
  const { say } = request.speech;
  const away = await awayFacts(request, unreachable.links);
  const hidden = unreachable.count - unreachable.links.length;
  return [
    ...away,
    ...(unreached.count === 0
      ? []
      : [[say('systemCommands.health.outOfReach'), await namesOf(request, unreached)] as [string, string]]),
    ...(hidden > 0
      ? [
          [say('systemCommands.health.alsoUnreachable'), say('systemCommands.health.moreChats', { count: hidden })] as [
            string,
            string,
          ],
        ]
      : []),
  ];
}

async function namesOf(
  { deps, speech: { say } }: Request,
  { accountIds, count }: HealthState['unreached'],
): Promise<string> {
  const accounts = await deps.accounts.getMany(accountIds);
  const names = accountIds.map((accountId) => modelName(accounts.get(accountId), accountId)).join(', ');
  const more = count - accountIds.length;
  return more > 0 ? say('systemCommands.health.andMore', { names, count: more }) : names;
}

async function awayFacts(
  { deps, speech }: Request,
  links: HealthState['unreachable']['links'],
): Promise<[string, string][]> {
  const { say, instant } = speech;
  const accounts = await deps.accounts.getMany(links.map(({ accountId }) => accountId));
  return links.map(({ accountId, channel, unreachable }) => [
    say('systemCommands.health.unreachableAccount', { name: modelName(accounts.get(accountId), accountId) }),
    unreachable === undefined
      ? channel
      : say('systemCommands.health.since', {
          channel,
          reason: quoted(unreachable.reason, 120),
          at: instant(unreachable.since),
        }),
  ]);
}

function parkedFacts({ webhooks }: HealthState, { speech: { say } }: Request): [string, string][] {
  return webhooks.parkedLately.map(({ webhookId, type, error }) => [
    say('systemCommands.health.parkedWebhook', { webhook: shorten(webhookId, 60) }),
    error === null ? say('systemCommands.health.notTaken', { type }) : `${type}: ${quoted(error, 120)}`,
  ]);
}
