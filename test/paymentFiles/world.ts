import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';

import type { Payee } from '../../src/payees/payee.ts';
import { earnedAsMarketer } from '../affiliates/world.ts';
import { tell } from '../support/events.ts';
import { createWorld, type World } from '../support/world.ts';
import { DEBTOR, inSepa } from './lines.ts';

export const CYCLE = '2026-04-01';

/** By account; `fay` has none, and nothing can be sent to `eve` by a table. */
const PAYEES: Record<string, Payee> = {
  ava: { method: 'paypal', email: 'ava@example.com' },
  bea: { method: 'paypal', email: 'bea@example.com' },
  cid: { method: 'wise', name: 'Cid', email: 'cid@example.com' },
  dan: inSepa('Dan Müller'),
  eve: { method: 'paypal', email: '+eve@example.com' },
};
const AMOUNTS: Record<string, number> = { ava: 10_000, bea: 2_500, cid: 300, dan: 4_000, eve: 50, fay: 7 };
export const TOTAL = Object.values(AMOUNTS).reduce((sum, amount) => sum + amount);

/** The business in euros, with an issuer that has a bank. */
export async function createPaydayWorld(): Promise<World & { issuer: string }> {
  const issuer = join(mkdtempSync(join(tmpdir(), 'issuer-')), 'issuer.json');
  const { name, iban, bic } = DEBTOR;
  const bank = { name: 'Bank', iban, bic };
  writeFileSync(issuer, JSON.stringify({ name, address: ['Street 1'], country: 'DE', taxId: 'DE1', bank }));
  const world = await createWorld({ environment: { PLATFORM_CURRENCY: 'EUR', ISSUER_FILE: issuer } });
  return Object.assign(world, { issuer });
}

/** An empty database, then the payday of all these accounts, drawn up, checked and approved. */
export async function approvedPayday(world: World): Promise<void> {
  await world.reset('2026-03-20T12:00:00Z');
  await world.send(...Object.keys(AMOUNTS).map((accountId) => tell.account(accountId, 'marketer')));
  for (const [accountId, amount] of Object.entries(AMOUNTS)) await earnedAsMarketer(world, accountId, amount);
  for (const [accountId, payee] of Object.entries(PAYEES)) await setPayee(world, accountId, payee);
  await world.travelTo('2026-04-01T09:00:00Z');
  const { check, approve } = world.core.paydays.batchActs;
  await check(CYCLE, { actor: 'ops' }, world.clock.now());
  expect(await approve(CYCLE, { actor: 'boss' }, world.clock.now())).toMatchObject({ kind: 'done' });
}

/** How an account is paid from now on; what it is paid is on hold for three days then. */
export async function setPayee(world: World, accountId: string, payee: Payee): Promise<void> {
  const set = await world.core.payees.set({ accountId, payee, actor: 'ops' }, world.clock.now());
  expect(set).toMatchObject({ kind: 'done' });
}
