import { durable } from '../database/durable.ts';
import type { Language } from '../texts/languages.ts';
import type { Channel } from './account.ts';
import type { AccountStore } from './store.ts';
import type { Cadence, Cadences, Topic } from './topics.ts';

/** Where a person wants messages; what they type is answered where they type it. */
export type WantedChannel = Channel | 'both';

/**
 * A person's choices. `quiet`: wall-clock times of their zone between which only urgent messages arrive, none at all
 * where both are the same; missing while the platform's hours apply. `language` is missing while it follows from what the
 * platform or the chat says of them.
 */
export type Settings = {
  language?: Language;
  channel: WantedChannel;
  quiet?: { from: string; until: string };
  cadences?: Cadences;
  /** What comes by the calendar is not wanted. */
  digest?: 'off';
};

/** What is changed; `quiet` null goes back to the platform's hours, `language` null to what follows from elsewhere. */
export type SettingsChange = {
  language?: Language | null;
  channel?: WantedChannel;
  quiet?: { from: string; until: string } | null;
  cadence?: { topic: Topic; cadence: Cadence };
  digest?: 'on' | 'off';
};

const DEFAULTS: Settings = { channel: 'both' };

/** What people chose for themselves, apart from what the platform says of them, so that no event overwrites it. */
export function createSettings(store: AccountStore) {
  async function settings(accountId: string): Promise<Settings> {
    return (await settingsOf([accountId])).get(accountId) ?? DEFAULTS;
  }

  /** The settings of each of these people. */
  async function settingsOf(accountIds: string[]): Promise<Map<string, Settings>> {
    const ids = [...new Set(accountIds)];
    const found = await store.settings.find({ _id: { $in: ids } }).toArray();
    const chosen = new Map(found.map(({ _id, ...rest }) => [_id, { ...DEFAULTS, ...rest }]));
    return new Map(ids.map((id) => [id, chosen.get(id) ?? DEFAULTS]));
  }

  /** Changes what is named and leaves the rest; answers the settings as they are then. */
  async function changeSettings(accountId: string, wanted: SettingsChange): Promise<Settings> {
    const { language, channel, quiet, cadence, digest } = wanted;
    const set = {
      ...(language ? { language } : {}),
      ...(channel === undefined ? {} : { channel }),
      ...(quiet ? { quiet } : {}),
      ...(cadence === undefined ? {} : { [`cadences.${cadence.topic}`]: cadence.cadence }),
      ...(digest === 'off' ? { digest } : {}),
    };
    const unset = {
      ...(language === null ? { language: '' as const } : {}),
      ...(quiet === null ? { quiet: '' as const } : {}),
      ...(digest === 'on' ? { digest: '' as const } : {}),
    };
    await store.settings.updateOne(
      { _id: accountId },
      {
        ...(Object.keys(set).length === 0 ? {} : { $set: set }),
        ...(Object.keys(unset).length === 0 ? {} : { $unset: unset }),
      },
      { upsert: true, ...durable(store.settings) },
    );
    return settings(accountId);
  }

  return { settings, settingsOf, changeSettings };
}
