import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { tell } from '../support/events.ts';
import { scratchFolder } from '../support/scratch.ts';
import { type ConsoleService, startConsoleService } from './visit.ts';

/** The payday that is worked on, and the one before, which is settled. */
export const DAY = '2026-04-01';
const BEFORE = '2026-03-16';

const EARNED: Record<string, number> = { anna: 10_000, boris: 20_000, cleo: 30_000, dora: 40_000 };

/** A service where it takes two people to pay, unless told; three managers of all rights, and a payday that is drawn up. */
export async function startPaydays({ approvals = 2 } = {}): Promise<ConsoleService> {
  const policy = join(mkdtempSync(join(scratchFolder(), 'paydays-')), 'policy.json');
  writeFileSync(policy, JSON.stringify({ payouts: { approvals } }));
  const service = await startConsoleService({ TEST_CLOCK_START: '2026-03-10T12:00:00Z', POLICY_FILE: policy });
  await service.send(
    ...['boss', 'vera', 'mark'].map((id) => tell.account(id, 'manager', { name: id })),
    ...Object.keys(EARNED).map((id) => tell.account(id, 'marketer', { name: `${id} Media` })),
    ...Object.keys(EARNED).map((id) => tell.payee(id, id, { method: 'paypal', email: `${id}@example.com` })),
  );
  await earn(service, { anna: 10_000, boris: 50_000 });
  await service.moveTo(`${BEFORE}T09:00:00Z`);
  for (const id of ['anna', 'boris']) {
    const done = await service.api('POST', `/v1/payouts/${BEFORE}:${id}/fail`, { reason: 'closed' });
    if (done.status > 202) throw new Error(JSON.stringify(done));
  }
  await earn(service, EARNED);
  await service.moveTo(`${DAY}T09:00:00Z`);
  return service;
}

/** What is earned otherwise than by sales, as a correction by hand: whoever makes it is not independent any more. */
export async function earn(service: ConsoleService, amounts: Record<string, number>): Promise<void> {
  for (const [id, amount] of Object.entries(amounts)) {
    const made = await service.api('POST', '/v1/adjustments', { account: `marketer:${id}`, amount, reason: 'earned' });
    if (made.status !== 200) throw new Error(JSON.stringify(made.body));
  }
}
