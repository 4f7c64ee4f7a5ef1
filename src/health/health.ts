import type { Link } from '../accounts/account.ts';
import type { Accounts } from '../accounts/accounts.ts';
import type { NoticeCounts } from '../notices/delivery/counts.ts';
import type { ChannelTroubles } from '../notices/delivery/troubles.ts';
import type { Outgoing, OutgoingSummary } from '../outgoing/outgoing.ts';

/** Events that are not done with. */
type EventCounts = Record<'received' | 'waiting' | 'quarantined', number>;

/** What is in hand, what is stuck, and who cannot be reached. */
export type HealthState = {
  /** How many things go no further without a person. */
  stuck: number;
  events: EventCounts;
  /** `enabled`: whether the platform is told anything at all. */
  webhooks: Awaited<ReturnType<Outgoing['counts']>> & { enabled: boolean; parkedLately: OutgoingSummary[] };
  notices: NoticeCounts;
  /** Chats that take no messages. */
  unreachable: { links: Link[]; count: number };
  /** People whom no chat reaches. */
  unreached: { accountIds: string[]; count: number };
  /** Why the place where all managers read takes no messages; undefined while it does, as far as this process knows. */
  managersChannel: string | undefined;
};

export type Health = ReturnType<typeof createHealth>;

/** How the service is, as `/health` says it in chat and `GET /v1/health` as data. */
export function createHealth(deps: {
  inbox: { counts(): Promise<EventCounts> };
  outgoing: Pick<Outgoing, 'counts' | 'list' | 'enabled'>;
  noticeCounts: () => Promise<NoticeCounts>;
  accounts: Pick<Accounts, 'unreachable' | 'unreachedAccounts'>;
  channelTroubles: Pick<ChannelTroubles, 'reasonOf'>;
}) {
  /** As it is now, with at most `shown` of each kind of what is stuck; the counts are of all. */
  async function state(shown: number): Promise<HealthState> {
    const [events, webhooks, notices, unreachable, unreached, parked] = await Promise.all([
      deps.inbox.counts(),
      deps.outgoing.counts(),
      deps.noticeCounts(),
      deps.accounts.unreachable(shown),
      deps.accounts.unreachedAccounts(shown),
      deps.outgoing.list({ status: 'parked', limit: shown }),
    ]);
    return {
      stuck: events.quarantined + webhooks.parked + notices.failed,
      events,
      webhooks: { ...webhooks, enabled: deps.outgoing.enabled, parkedLately: parked.items },
      notices,
      unreachable,
      unreached,
      managersChannel: deps.channelTroubles.reasonOf('managers'),
    };
  }

  return { state };
}
