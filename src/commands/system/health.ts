import { formatInstant } from '../../kernel/calendar.ts';
import { countOf, type Message, quoted, shorten } from '../../notices/messages/message.ts';
import type { Command, Request } from '../core/command.ts';
import { modelName } from '../core/modelNames.ts';

const SHOWN = 5;

/** `/health`: what is in hand, what is stuck, and who cannot be reached (docs/chat.md). */
export const healthCommand: Command = {
  name: 'health',
  arguments: '',
  roles: ['manager'],
  description: 'commands.health.description',
  async run(request): Promise<Message> {
    const { deps } = request;
    const [events, webhooks, notices, unreachable, unreached, parked] = await Promise.all([
      deps.inbox.counts(),
      deps.outgoing.counts(),
      deps.noticeCounts(),
      deps.accounts.unreachable(SHOWN),
      deps.accounts.unreachedAccounts(SHOWN),
      deps.outgoing.list({ status: 'parked', limit: SHOWN }),
    ]);
    const stuck = events.quarantined + webhooks.parked + notices.failed;
    const away = await awayFacts(request, unreachable.links);
    const hidden = unreachable.count - unreachable.links.length;
    return {
      title: stuck === 0 ? 'Nothing is stuck' : `Stuck: ${countOf(stuck, 'thing')} to look at`,
      paragraphs: [
        ...(events.quarantined === 0
          ? []
          : [`${countOf(events.quarantined, 'event')} in quarantine: no effect until replayed.`]),
        ...(webhooks.parked === 0
          ? []
          : [
              `${countOf(webhooks.parked, 'webhook')} given up: the platform does not know of it until it is replayed.`,
            ]),
        ...(notices.unconfirmed === 0
          ? []
          : [
              `${countOf(notices.unconfirmed, 'notice')} unconfirmed: cut off while being sent, perhaps received, not sent again.`,
            ]),
        ...(unreachable.count === 0 ? [] : [`${countOf(unreachable.count, 'chat')} cannot be reached.`]),
        ...(unreached.count === 0 ? [] : [peopleOutOfReach(unreached.count)]),
      ],
      facts: [
        ['Events', `${events.received} to apply, ${events.waiting} waiting, ${events.quarantined} in quarantine`],
        [
          'Webhooks',
          deps.outgoing.enabled ? `${webhooks.due} to send, ${webhooks.parked} parked` : 'off: no URL is configured',
        ],
        [
          'Notices',
          `${notices.due + notices.sending} to send, ${notices.waiting} waiting for their time, ${notices.unconfirmed} unconfirmed, ${notices.failed} given up`,
        ],
        ...away,
        ...(unreached.count === 0 ? [] : [['Out of reach', await namesOf(request, unreached)] as [string, string]]),
        ...(hidden > 0 ? [['Also unreachable', countOf(hidden, 'more chat')] as [string, string]] : []),
        ...parked.items.map(({ webhookId, type, error }): [string, string] => [
          `Parked ${shorten(webhookId, 60)}`,
          `${type}: ${error === null ? 'not taken' : quoted(error, 120)}`,
        ]),
      ],
      buttons: [
        [
          { label: 'Health', command: '/health' },
          ...(events.quarantined === 0 ? [] : [{ label: 'Quarantine', command: '/quarantine' }]),
        ],
        ...parked.items.map(({ webhookId }) => [
          { label: `Replay ${shorten(webhookId, 40)}`, command: `/replay ${webhookId}` },
        ]),
      ],
    };
  },
};

function peopleOutOfReach(count: number): string {
  return count === 1
    ? '1 person is out of reach: there is something to tell them, and no chat takes it.'
    : `${count} people are out of reach: there is something to tell them, and no chat takes it.`;
}

async function namesOf(
  { deps }: Request,
  { accountIds, count }: { accountIds: string[]; count: number },
): Promise<string> {
  const accounts = await deps.accounts.getMany(accountIds);
  const more = count > accountIds.length ? `, and ${count - accountIds.length} more` : '';
  return `${accountIds.map((accountId) => modelName(accounts.get(accountId), accountId)).join(', ')}${more}`;
}

type Unreachable = Awaited<ReturnType<Request['deps']['accounts']['unreachable']>>['links'];

async function awayFacts({ deps, display }: Request, links: Unreachable): Promise<[string, string][]> {
  const accounts = await deps.accounts.getMany(links.map(({ accountId }) => accountId));
  return links.map(({ accountId, channel, unreachable }) => [
    `Unreachable: ${modelName(accounts.get(accountId), accountId)}`,
    `${channel}${unreachable === undefined ? '' : `, ${quoted(unreachable.reason, 120)}, since ${formatInstant(unreachable.since, display.timeZone)}`}`,
  ]);
}
