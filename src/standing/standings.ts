import type { Audit } from '../audit/audit.ts';
import { backlogOf } from '../database/backlog.ts';
import { unlessDuplicate } from '../database/duplicates.ts';
import { durable } from '../database/durable.ts';
import type { Calendar } from '../kernel/calendar.ts';
import { realMilliseconds } from '../kernel/clock.ts';
import type { Refused } from '../kernel/refusals.ts';
import type { Unfinished } from '../kernel/unfinished.ts';
import type { Notices } from '../notices/notices.ts';
import type { Texts } from '../privacy/texts.ts';
import { type Forecast, forecast } from './forecast.ts';
import { graceNotice } from './notices.ts';
import type { Sanctions } from './sanctions.ts';
import {
  graceAt,
  type Standing,
  type StandingFacts,
  type StandingPolicy,
  standingAt,
  type TrustChange,
  trustChanges,
} from './standing.ts';
import { type AnnouncedStanding, announcedPartOf } from './standingChange.ts';
import { type FactSources, loadStandingFacts, NO_FACTS } from './standingFacts.ts';
import type { StandingStore, StoredDecision } from './store.ts';

export type DecisionBy = { actor: string; reason: string };

export type DecisionOutcome = { kind: 'decided' | 'decided-before'; standing: Standing } | Refused;

export type DecisionView = {
  kind: StoredDecision['kind'];
  at: Date;
  until: Date | null;
  reason: string;
  actor: string;
};

export type Standings = ReturnType<typeof createStandings>;

/** The standing of models: read at any instant, and what managers decide about it (rules 2.5, 2.6). */
export function createStandings(
  deps: FactSources & {
    store: StandingStore;
    calendar: Calendar;
    policy: StandingPolicy;
    sanctions: Sanctions;
    onTerminated: (modelId: string, now: Date) => Promise<void>;
    audit: Pick<Audit, 'record'>;
    texts: Texts;
    notices: Pick<Notices, 'enqueue'>;
  },
) {
  const { store, policy, calendar } = deps;

  /** How a model stands at `now`; one that is not known has done nothing yet. */
  async function standing(modelId: string, now: Date): Promise<Standing> {
    return standingAt(await factsOf(modelId), policy, calendar, now);
  }

  async function standings(modelIds: string[], now: Date): Promise<Map<string, Standing>> {
    const facts = await loadStandingFacts(deps, modelIds);
    return new Map([...facts].map(([modelId, one]) => [modelId, standingAt(one, policy, calendar, now)]));
  }

  /** Every change of a model's trust score up to `now`, with its cause. */
  async function trust(modelId: string, now: Date): Promise<TrustChange[]> {
    return trustChanges(await factsOf(modelId), policy, calendar, now);
  }

  /** What happens to a model when it pays nothing, and the smallest payments against it. */
  async function ahead(modelId: string, now: Date): Promise<Forecast[]> {
    return forecast(await factsOf(modelId), policy, calendar, now);
  }

  async function factsOf(modelId: string): Promise<StandingFacts> {
    const facts = await loadStandingFacts(deps, [modelId]);
    return facts.get(modelId) ?? NO_FACTS;
  }

  /**
   * Holds sanctions until an instant; refuses one that is not in the future, or further away than a year: of two graces
   * the longer holds, so one by a slip of the pen could not be taken back. One that is held as long already stays as it is.
   */
  async function grace(modelId: string, until: Date, by: DecisionBy, now: Date): Promise<DecisionOutcome> {
    const facts = await factsOf(modelId);
    const before = standingAt(facts, policy, calendar, now);
    if (before.terminated) return refusedTerminated;
    if (until <= now) return { kind: 'refused', state: 'past', reason: 'grace_not_in_future' };
    if (until > calendar.addDays(now, LONGEST_GRACE_DAYS)) return refusedTooFar;
    const held = graceAt(facts.graces, now);
    if (held !== null && held >= until) return { kind: 'decided-before', standing: before };
    const _id = `grace:${modelId}:${until.toISOString()}`;
    return decide({ _id, modelId, kind: 'grace', until, running: true, ...by, at: now }, before);
  }

  /** Ends the partnership (rules 2.5); refuses when it is ended. */
  async function terminate(modelId: string, by: DecisionBy, now: Date): Promise<DecisionOutcome> {
    const before = await standing(modelId, now);
    if (before.terminated) return refusedTerminated;
    return decide({ _id: `terminate:${modelId}`, modelId, kind: 'terminate', ...by, at: now }, before);
  }

  /**
   * Closes a termination review without consequences; refuses when none is open. `review` names the one that is meant,
   * by its number from 1: another one that has opened since is not closed.
   */
  async function keep(modelId: string, by: DecisionBy, now: Date, review?: number): Promise<DecisionOutcome> {
    const facts = await factsOf(modelId);
    const before = standingAt(facts, policy, calendar, now);
    if (before.terminated) return refusedTerminated;
    const current = reviewNumber(facts);
    if ((review ?? current) !== current) {
      return { kind: 'refused', state: 'no-review', reason: 'review_closed' };
    }
    if (!before.terminationReview) {
      return { kind: 'refused', state: 'no-review', reason: 'review_not_open' };
    }
    return decide({ _id: `keep:${modelId}:${current}`, modelId, kind: 'keep', ...by, at: now }, before);
  }

  /** The key of a decision follows from what is decided, so that of two at once one is written. */
  async function decide(decision: StoredDecision, before: Standing): Promise<DecisionOutcome> {
    const insertedAt = new Date(realMilliseconds());
    const clear = { ...decision, insertedAt, pendingEffects: announcedPartOf(before) };
    const [stored = clear] = await deps.texts.protect(DECISIONS, [clear], ({ path }) =>
      path === 'reason' ? [decision.modelId] : [],
    );
    if ((await unlessDuplicate(store.decisions.insertOne(stored, durable(store.decisions)))) === null) {
      return { kind: 'decided-before', standing: await standing(decision.modelId, decision.at) };
    }
    return { kind: 'decided', standing: await follow(decision, announcedPartOf(before)) };
  }

  /** What comes after a decision; doing it again does nothing twice. */
  async function follow(decision: StoredDecision, before: AnnouncedStanding): Promise<Standing> {
    const { _id, modelId, kind, at, until, reason, actor } = decision;
    const after = await standing(modelId, at);
    await deps.audit.record({
      key: _id,
      actor,
      action: `partnership.${kind}`,
      subject: `account:${modelId}`,
      reason,
      before,
      after: { ...announcedPartOf(after), ...(until === undefined ? {} : { until }) },
      at,
    });
    await deps.sanctions.refresh([modelId], at);
    if (kind === 'terminate') await deps.onTerminated(modelId, at);
    if (until !== undefined) await announceGrace(decision, until, before, after);
    await store.decisions.updateOne({ _id }, { $unset: { pendingEffects: '' } });
    return after;
  }

  async function announceGrace(decision: StoredDecision, until: Date, before: AnnouncedStanding, after: Standing) {
    const { _id, modelId, at } = decision;
    const earlier = { _id: { $ne: _id }, modelId, kind: 'grace' as const, at: { $lte: at }, until: { $gt: at } };
    const isLonger = (await store.decisions.findOne(earlier)) !== null;
    await deps.notices.enqueue([graceNotice(decision, { until, isLonger }, before, after)], at);
  }

  /** Finishes what a crash left between a decision and what comes after it. */
  async function repair(): Promise<void> {
    await followAll({});
  }

  async function followAll(which: { _id?: { $in: string[] } }): Promise<void> {
    const left = await store.decisions.find({ ...which, ...PENDING }).toArray();
    for (const { pendingEffects, ...decision } of await deps.texts.reveal(DECISIONS, left)) {
      if (pendingEffects !== undefined) await follow(decision, pendingEffects);
    }
  }

  /** What managers have decided about a model, the latest first. */
  async function decisions(modelId: string): Promise<DecisionView[]> {
    const found = await store.decisions.find({ modelId }).sort({ at: -1 }).toArray();
    return (await deps.texts.reveal(DECISIONS, found)).map(({ kind, at, until, reason, actor }) => ({
      kind,
      at,
      until: until ?? null,
      reason,
      actor,
    }));
  }

  /** The models whose termination review is open, by id. */
  async function underReview(): Promise<string[]> {
    const found = await store.standings
      .find({ 'announced.terminationReview': true }, { projection: { _id: 1 } })
      .sort({ _id: 1 })
      .toArray();
    return found.map(({ _id }) => _id);
  }

  /** How many reviews are open, and of whom; nobody notes since when. */
  async function reviewBacklog() {
    const found = await backlogOf(store.standings, { 'announced.terminationReview': true }, { since: '_id' });
    return { ...found, oldest: null };
  }

  const unfinished: Unfinished = {
    kind: "managers' decisions",
    find: async (limit) => {
      const found = store.decisions.find(PENDING, { projection: { at: 1 } }).limit(limit);
      return (await found.toArray()).map(({ _id, at }) => ({ id: _id, since: at }));
    },
    finish: (ids) => followAll({ _id: { $in: ids } }),
  };

  return {
    standing,
    standings,
    trust,
    ahead,
    grace,
    terminate,
    keep,
    decisions,
    underReview,
    reviewBacklog,
    repair,
    unfinished,
  };
}

const PENDING = { pendingEffects: { $exists: true } };
const DECISIONS = 'standing_decisions';

/** Reviews are counted by what closed them: the number of the one that is open, or opens next. */
export function reviewNumber({ decisions }: { decisions: { kind: string }[] }): number {
  return decisions.filter(({ kind }) => kind === 'keep').length + 1;
}

const LONGEST_GRACE_DAYS = 366;

const refusedTooFar = {
  kind: 'refused',
  state: 'too-far',
  reason: 'grace_too_long',
} as const satisfies DecisionOutcome;

const refusedTerminated = {
  kind: 'refused',
  state: 'terminated',
  reason: 'partnership_terminated',
} as const satisfies DecisionOutcome;
