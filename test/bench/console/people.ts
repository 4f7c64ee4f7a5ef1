import type { LinkDocument } from '../../../src/accounts/store.ts';
import { contents } from '../../support/noticeSamples.ts';
import { inBatches } from '../measure.ts';
import type { World } from '../world.ts';
import { affiliateOf, daysAgo, drawn, fill, marketerOf, modelOf, type Size } from './fill.ts';

const FIRST = ['Ava', 'Mia', 'Luna', 'Zoe', 'Ida', 'Nora', 'Olga', 'Kira', 'Vera', 'Rosa', 'Élise', 'Ирина'];
const LAST = ['Stone', 'Rivers', 'Hart', 'Moreno', 'Kovalenko', 'Silva', 'Berg', 'Núñez', 'Falk', 'Quist'];

/** Everybody, most of them in a chat, with what they were told and what was done to them. */
export async function fillPeople(world: World, size: Size): Promise<void> {
  const people = [
    ...Array.from({ length: size.models }, (_, index) => ({ accountId: modelOf(index), role: 'model' as const })),
    ...Array.from({ length: size.marketers }, (_, index) => ({
      ...{ accountId: marketerOf(index), role: 'marketer' as const, capacity: 3 },
    })),
    ...Array.from({ length: size.affiliates }, (_, index) => ({
      ...{ accountId: affiliateOf(index), role: 'affiliate' as const },
    })),
    { accountId: 'manager-0', role: 'manager' as const },
  ];
  for (const batch of inBatches(people, 500)) {
    await world.core.accounts.applyUpdates(
      batch.map((data) => ({
        ...{ eventId: `account-${data.accountId}`, timestamp: daysAgo(200) },
        data: { ...data, name: nameOf(data.accountId) },
      })),
    );
  }
  await fill(world, 'chat_links', people.length, (index) => linkOf(people[index]?.accountId ?? '', index));
  const samples = contents('Ava');
  await fill(world, 'notice_deliveries', size.models * 2, (index) => {
    const at = daysAgo(1 + (index % 60));
    const person = index % people.length;
    const accountId = people[person]?.accountId ?? '';
    return {
      ...{ _id: `bench-notice-${index}:telegram:${person}`, accountId, channel: 'telegram', userId: `${person}` },
      ...{ chatId: `${person}`, content: samples[index % samples.length], urgent: false, at, enqueuedAt: at },
      ...{ notBefore: at, order: at.getTime() * 1_000 + (index % 1_000), failures: 0, throttles: 0, storedAt: at },
      ...(index % 50 === 0 ? { state: 'undeliverable', error: 'blocked' } : { state: 'sent', sentAt: at }),
    };
  });
  await fill(world, 'audit_records', size.models, (index) => {
    const at = daysAgo(index % 90);
    return {
      ...{ _id: `bench-audit-${index}`, order: `${at.toISOString()}~${String(index).padStart(9, '0')}`, at },
      ...{ actor: 'api:platform', action: index % 2 === 0 ? 'account.link' : 'invoice.remind', insertedAt: at },
      subject:
        index % 2 === 0 ? `account:${people[index % people.length]?.accountId}` : `invoice:2026-W46:${modelOf(index)}`,
    };
  });
}

function nameOf(accountId: string): string {
  const [kind = '', number = '0'] = accountId.split('-');
  const index = Number(number);
  return `${FIRST[drawn(FIRST.length, index, 1)]} ${LAST[drawn(LAST.length, index, 2)]} ${kind === 'model' ? index % 997 : index}`;
}

function linkOf(accountId: string, index: number): LinkDocument {
  const common = { _id: `telegram:${index}`, accountId, channel: 'telegram' as const, userId: `${index}` };
  const link = { ...common, chatId: `${index}`, ref: `telegram:bench-${index}`, linkedAt: daysAgo(100) };
  return index % 40 === 1 ? { ...link, unreachable: { reason: 'blocked', since: daysAgo(5) } } : link;
}

/** Who is in a chat, by the place at which everybody was made. */
export const userOf = (size: Size) => ({
  model: (index: number) => `${index}`,
  marketer: (index: number) => `${size.models + index}`,
  affiliate: (index: number) => `${size.models + size.marketers + index}`,
});
