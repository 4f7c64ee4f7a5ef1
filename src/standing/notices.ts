import { invoiceSubject } from '../invoicing/notices.ts';
import type { MinorUnits } from '../kernel/money.ts';
import type { SanctionChange } from '../notices/messages/sanctions.ts';
import type { Notice } from '../notices/notices.ts';
import type { ReachedStep } from './dunning.ts';
import type { Forecast } from './forecast.ts';
import type { StandingChange } from './standingChange.ts';

/**
 * The message of a step that an unpaid invoice has reached (rules 3). It is moot once the next one is due, so that after
 * a long stop nobody gets them all.
 */
export function stepNotice(
  reached: ReachedStep,
  model: { balance: MinorUnits; ahead: Forecast[]; heldUntil: Date | null },
): Notice {
  const { invoice, step, next } = reached;
  const { invoiceId, week, total, dueAt, modelId } = invoice;
  const ahead = model.ahead.map(({ sanction, at, payment }) => ({ sanction, at, payment }));
  const unpaid = { invoiceId, week, total, dueAt, balance: model.balance, ahead };
  const common = {
    key: `invoice:${invoiceId}:message:${step.number}`,
    accountId: modelId,
    subject: invoiceSubject(invoiceId),
    at: step.at,
    ...(next === null ? {} : { expiresAt: next }),
  };
  if (step.step === 'before-due') return { ...common, urgent: false, kind: 'invoice.due_soon', data: unpaid };
  const { heldUntil } = model;
  if (step.step === 'overdue') {
    return { ...common, urgent: true, kind: 'invoice.overdue', data: { ...unpaid, heldUntil } };
  }
  const data = { ...unpaid, heldUntil, number: step.number };
  return { ...common, urgent: true, kind: 'invoice.reminder', data };
}

/**
 * What the people are told of changes of one model's standing: the model of what was imposed and lifted, its
 * contractors of its campaigns, managers of a review. That campaigns are paused is said by the overdue message already.
 */
export function changeNotices(
  changes: StandingChange[],
  people: { name: string; contractorIds: string[]; managerIds: string[] },
): Notice[] {
  const [first] = changes;
  if (first === undefined) return [];
  const { modelId, at, standing, key } = first;
  const announced = changes.map(({ type }) => type).filter(isForModel);
  const { count: overdueCount, total: overdueTotal } = standing.overdue;
  const common = { at, urgent: true };
  const onlyPaused = announced.length === 1 && announced[0] === 'campaigns.paused';
  const notices: Notice[] = [];
  if (announced.length > 0 && !onlyPaused) {
    notices.push({
      ...common,
      key: `${key}:model`,
      accountId: modelId,
      kind: 'sanctions.changed',
      data: {
        changes: announced,
        campaigns: standing.campaigns,
        overdueCount,
        overdueTotal,
        heldUntil: standing.reasons.find((reason) => reason.kind === 'grace')?.until ?? null,
        trustScore: standing.trustScore,
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
      data: { modelId, state: state ?? 'paused' },
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

function isForModel(type: StandingChange['type']): type is SanctionChange {
  return type !== 'trust.changed' && type !== 'partnership.review_opened';
}

function campaignState(announced: SanctionChange[]): 'paused' | 'resumed' | 'stopped' | null {
  if (announced.includes('partnership.terminated')) return 'stopped';
  if (announced.includes('campaigns.paused')) return 'paused';
  return announced.includes('campaigns.resumed') ? 'resumed' : null;
}
