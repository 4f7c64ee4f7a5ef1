import { weekOfInvoice } from '../invoicing/invoice.ts';
import { invoiceSubject } from '../invoicing/notices.ts';
import { heldFor } from '../invoicing/part.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { PromiseOffer, SanctionChange } from '../notices/messages/sanctions.ts';
import type { Notice } from '../notices/notices.ts';
import type { ReachedStep } from './dunning.ts';
import type { Forecast } from './forecast.ts';
import type { Standing } from './standing.ts';
import {
  type AnnouncedStanding,
  announcedPartOf,
  changeTypes,
  type PaidInvoice,
  type StandingChange,
} from './standingChange.ts';
import type { StoredDecision } from './store.ts';

/**
 * The message of a step that an unpaid invoice has reached (rules 3). It is moot once the next one is due, so that after
 * a long stop nobody gets them all.
 */
export function stepNotice(
  reached: ReachedStep,
  model: {
    balance: MinorUnits;
    ahead: Forecast[];
    heldUntil: Date | null;
    offer: PromiseOffer | undefined;
  },
): Notice {
  const { invoice, step, next } = reached;
  const { invoiceId, week, total, dueAt, modelId } = invoice;
  const ahead = model.ahead.map(({ sanction, at, payment }) => ({ sanction, at, payment }));
  const held = heldFor(invoice);
  const unpaid = { invoiceId, week, total, dueAt, balance: model.balance, ahead, ...(held === 0 ? {} : { held }) };
  const common = {
    key: `invoice:${invoiceId}:message:${step.number}`,
    accountId: modelId,
    subject: invoiceSubject(invoiceId),
    at: step.at,
    ...(next === null ? {} : { expiresAt: next }),
  };
  if (step.step === 'before-due') return { ...common, urgent: false, kind: 'invoice.due_soon', data: unpaid };
  const { heldUntil, offer } = model;
  if (step.step === 'overdue') {
    const data = { ...unpaid, heldUntil, ...(offer === undefined ? {} : { offer }) };
    return { ...common, urgent: true, kind: 'invoice.overdue', data };
  }
  const data = { ...unpaid, heldUntil, number: step.number };
  return { ...common, urgent: true, kind: 'invoice.reminder', data };
}

/**
 * What the people are told of changes of one model's standing: the model of what was imposed and lifted, its
 * contractors of its campaigns, managers of a review. That campaigns are paused is said by the overdue message already, and
 * so is that orders are blocked, where that came with it. `paid`: payments that lifted something, which it says as well.
 */
export function changeNotices(
  changes: StandingChange[],
  paid: PaidInvoice[],
  people: { name: string; contractorIds: string[]; managerIds: string[]; reason?: string | undefined },
): Notice[] {
  const [first] = changes;
  if (first === undefined) return [];
  const { modelId, at, standing, key } = first;
  const announced = changes.map(({ type }) => type).filter(isForModel);
  const unsaid = changes.filter(({ saidOfInvoice }) => saidOfInvoice === undefined).map(({ type }) => type);
  const toTell = unsaid.filter(isForModel);
  const { count: overdueCount, total: overdueTotal } = standing.overdue;
  const common = { at, urgent: true };
  const onlyPaused = toTell.length === 1 && toTell[0] === 'campaigns.paused';
  const heldUntil = standing.reasons.find((reason) => reason.kind === 'grace')?.until ?? null;
  // What a grace lifts is said by the notice of the grace, with its reason.
  const isByGrace = heldUntil !== null && toTell.every((change) => LIFTS.includes(change));
  const notices: Notice[] = [];
  if (toTell.length > 0 && !onlyPaused && !isByGrace) {
    notices.push({
      ...common,
      key: `${key}:model`,
      accountId: modelId,
      kind: 'sanctions.changed',
      data: {
        changes: toTell,
        campaigns: standing.campaigns,
        overdueCount,
        overdueTotal,
        heldUntil,
        trustScore: standing.trustScore,
        ...(paid.length === 0 ? {} : { paid: paid.map((one) => ({ ...one, week: weekOfInvoice(one.invoiceId) })) }),
        ...(people.reason === undefined ? {} : { reason: people.reason }),
      },
    });
  }
  const state = campaignState(announced);
  for (const accountId of state === null ? [] : people.contractorIds) {
    notices.push({
      ...common,
      key: `${key}:contractor:${accountId}`,
      accountId,
      kind: 'contractor.campaigns',
      data: { modelId, name: people.name, state: state ?? 'paused' },
    });
  }
  if (changes.some(({ type }) => type === 'partnership.review_opened')) {
    for (const accountId of people.managerIds) {
      notices.push({
        ...common,
        key: `${key}:manager:${accountId}`,
        accountId,
        urgent: false,
        kind: 'manager.review_opened',
        data: { modelId, name: people.name, overdueCount, overdueTotal },
      });
    }
  }
  return notices;
}

const LIFTS: SanctionChange[] = ['campaigns.resumed', 'cpl_orders.unblocked'];

/** What a model is told of a grace: also of a longer one, and of one that lifts nothing because nothing was imposed. */
export function graceNotice(
  { _id, modelId, at, actor, reason }: StoredDecision,
  grace: { until: Date; isLonger: boolean },
  before: AnnouncedStanding,
  after: Standing,
): Notice {
  const lifted = changeTypes(before, announcedPartOf(after)).filter(isForModel);
  return {
    key: `${_id}:told`,
    accountId: modelId,
    urgent: true,
    at,
    actor,
    expiresAt: grace.until,
    kind: 'sanctions.grace',
    data: {
      ...grace,
      reason,
      lifted: lifted.filter((change) => LIFTS.includes(change)),
      overdueCount: after.overdue.count,
      overdueTotal: after.overdue.total,
    },
  };
}

function isForModel(type: StandingChange['type']): type is SanctionChange {
  return type !== 'trust.changed' && type !== 'partnership.review_opened';
}

function campaignState(announced: SanctionChange[]): 'paused' | 'resumed' | 'stopped' | null {
  if (announced.includes('partnership.terminated')) return 'stopped';
  if (announced.includes('campaigns.paused')) return 'paused';
  return announced.includes('campaigns.resumed') ? 'resumed' : null;
}
