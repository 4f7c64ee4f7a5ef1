import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Answers, createAnswers } from '../../../webhooks/middleware/keptAnswers.ts';
import { testDatabase } from '../../support/database.ts';

const ANSWER = { status: 200, contentType: 'application/json', body: '{}' };
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

let database: Awaited<ReturnType<typeof testDatabase>>;
let answers: Answers;
let now = Date.now();
beforeAll(async () => {
  database = await testDatabase();
  answers = createAnswers(database.connection, () => now);
  await database.buildIndexes();
});
afterAll(() => database.close());

describe('a kept answer', () => {
  it('is given again, to the same request alone', async () => {
    await answers.keep('ops:kept', await claimed('ops:kept'), ANSWER);
    expect(await answers.claim('ops:kept', 'hash')).toEqual({ kind: 'answered', answer: ANSWER });
    expect(await answers.claim('ops:kept', 'another')).toEqual({ kind: 'other-request' });
  });

  it('is given again to a request that an earlier version knew by another hash', async () => {
    await answers.keep('ops:earlier', await claimed('ops:earlier'), ANSWER);
    expect(await answers.claim('ops:earlier', 'new', 'hash')).toEqual({ kind: 'answered', answer: ANSWER });
    expect(await answers.claim('ops:earlier', 'new', 'other')).toEqual({ kind: 'other-request' });
  });

  it('is forgotten after 24 hours', async () => {
    await answers.keep('ops:old', await claimed('ops:old'), ANSWER);
    now += DAY_MS + 1;
    expect(await answers.claim('ops:old', 'another')).toMatchObject({ kind: 'claimed' });
    expect(await answers.claim('ops:old', 'another')).toEqual({ kind: 'in-progress' });
  });
});

describe('a request that is being worked on', () => {
  it('is worked on once', async () => {
    const claims = await Promise.all(Array.from({ length: 20 }, () => answers.claim('ops:once', 'hash')));
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    expect(claims.filter(({ kind }) => kind === 'in-progress')).toHaveLength(19);
  });

  it('may be tried anew when it was given up', async () => {
    await answers.giveUp('ops:up', await claimed('ops:up'));
    await claimed('ops:up');
  });

  it('is taken over, by one, when its process has died; a late answer of that one is not kept', async () => {
    const dead = await claimed('ops:dead');
    now += MINUTE_MS + 1;
    const claims = await Promise.all(Array.from({ length: 5 }, () => answers.claim('ops:dead', 'hash')));
    expect(claims.filter(({ kind }) => kind === 'claimed')).toHaveLength(1);
    await answers.keep('ops:dead', dead, ANSWER);
    expect(await answers.claim('ops:dead', 'hash')).toEqual({ kind: 'in-progress' });
  });
});

it('answers are cleaned away by the database', async () => {
  const indexes = await database.connection.collection('api_answers').indexes();
  expect(indexes).toContainEqual(expect.objectContaining({ key: { startedAt: 1 }, expireAfterSeconds: 86_400 }));
});

async function claimed(id: string): Promise<string> {
  const claim = await answers.claim(id, 'hash');
  if (claim.kind !== 'claimed') throw new Error(`${id} is ${claim.kind}`);
  return claim.token;
}
