import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';

import type { Role } from '../../../src/events/catalogue.ts';
import { bearer, NOW, type TestService, testService } from '../service.ts';

let service: TestService;
let app: ReturnType<TestService['app']>;

const PEOPLE: [id: string, role: Role, name: string][] = [
  ['ava', 'model', 'Ava Lund'],
  ['m-1', 'model', 'Zoë van der Birch'],
  ['m-2', 'model', "Łukasz O'Brien"],
  ['m-3', 'marketer', 'Анна Каренина'],
  ['m-4', 'affiliate', 'आशा देवी'],
  ['m-5', 'model', '李𠮷'],
  ['m-6', 'model', 'Groß Media & Söhne'],
  ['zed', 'manager', 'Zed Birchwood'],
];

beforeAll(async () => {
  service = await testService();
  app = service.app();
  await service.accounts.applyUpdates(
    PEOPLE.map(([accountId, role, name]) => ({
      ...{ eventId: `v-${accountId}`, timestamp: NOW },
      data: { accountId, role, name },
    })),
  );
});
afterAll(() => service.database.close());

type Found = { items: { accountId: string; role: string; name: string }[]; next: string | null };

async function list(query: Record<string, string>) {
  const response = await app.request(`/v1/accounts?${new URLSearchParams(query)}`, { headers: bearer() });
  return { status: response.status, body: (await response.json()) as Found };
}

async function found(query: Record<string, string>): Promise<string[]> {
  const { body } = await list(query);
  return body.items.map(({ accountId }) => accountId);
}

describe('people are found', () => {
  it.each([
    ['zoe', ['m-1']],
    ['ZOË bir', ['m-1']],
    ['birch', ['m-1', 'zed']],
    ['bir van', ['m-1']],
    ['irch', []],
    ['lukasz', ['m-2']],
    ["o'b", ['m-2']],
    ['brien', ['m-2']],
    ['АННА', ['m-3']],
    ['आशा', ['m-4']],
    ['李', ['m-5']],
    ['李𠮷', ['m-5']],
    ['gross & sohne', ['m-6']],
    ['m-', ['m-1', 'm-2', 'm-3', 'm-4', 'm-5', 'm-6']],
    ['M-3', ['m-3']],
    ['.*', []],
    ['', ['ava', 'm-1', 'm-2', 'm-3', 'm-4', 'm-5', 'm-6', 'zed']],
  ])('by %j', async (q, ids) => {
    expect(await found({ q })).toEqual(ids);
  });

  it('by their role, with words and without', async () => {
    expect(await found({ role: 'model' })).toEqual(['ava', 'm-1', 'm-2', 'm-5', 'm-6']);
    expect(await found({ role: 'manager', q: 'birch' })).toEqual(['zed']);
    expect((await list({ q: 'ava' })).body).toEqual({
      items: [{ accountId: 'ava', role: 'model', name: 'Ava Lund' }],
      next: null,
    });
  });

  it.each([{}, { q: 'm' }, { q: 'm', role: 'model' }])('page by page, each once: %j', async (query) => {
    const ids: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const { body }: { body: Found } = await list({ ...query, limit: '2', ...(after === '' ? {} : { after }) });
      ids.push(...body.items.map(({ accountId }) => accountId));
      after = body.next;
    }
    expect(ids).toEqual(await found(query));
    expect(ids.length).toBeGreaterThan(2);
  });

  it('by their new name alone, once they have another', async () => {
    const later = new Date(NOW.getTime() + 1_000);
    const data = { accountId: 'ava', role: 'model' as const, name: 'Eva Berg' };
    await service.accounts.applyUpdates([{ eventId: 'v-ava-2', timestamp: later, data }]);
    expect([await found({ q: 'lund' }), await found({ q: 'berg' })]).toEqual([[], ['ava']]);
  });

  it('no more, once they are erased', async () => {
    await service.world.core.accounts.makePseudonym('m-1', NOW);
    expect(await found({ q: 'zoe' })).toEqual([]);
    expect(await found({ q: 'm-1' })).toEqual([]);
    expect(await found({ role: 'model' })).not.toContain('m-1');
  });
});

test('of many that are meant a page is as full as of few', async () => {
  const many = Array.from({ length: 1_200 }, (_, index) => `x${String(index).padStart(4, '0')}`);
  await service.accounts.applyUpdates(
    many.map((accountId) => ({
      ...{ eventId: `v-${accountId}`, timestamp: NOW },
      data: { accountId, role: 'affiliate' as const, name: 'Max Many' },
    })),
  );
  const page = (await list({ q: 'max', limit: '500' })).body;
  expect(page.items.map(({ accountId }) => accountId)).toEqual(many.slice(0, 500));
  expect(await found({ q: 'max', role: 'affiliate', after: 'x1197' })).toEqual(many.slice(1_198));
});

test.each([{ role: 'chief' }, { limit: '0' }, { name: 'ava' }, { q: 'x'.repeat(201) }])(
  '%j is refused',
  async (query) => {
    expect((await list(query)).status).toBe(422);
  },
);
