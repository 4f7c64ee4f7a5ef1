import { describe, expect, it } from 'vitest';

import { shareFor } from '../../src/kernel/shared.ts';

describe('shared work', () => {
  it('runs once for all who ask while it is under way and for a while after', async () => {
    const { ask, asked, finish, clock } = slowWork();
    const answers = [ask(), ask()];
    clock.now += 10_000;
    answers.push(ask());
    finish('first');
    expect(await Promise.all(answers)).toEqual(['first', 'first', 'first']);
    clock.now += 999;
    expect(await ask()).toBe('first');
    expect(asked()).toBe(1);
  });

  it('runs again when its answer is old, counted from its end', async () => {
    const { ask, asked, finish, clock } = slowWork();
    const first = ask();
    finish('first');
    await first;
    clock.now += 1_000;
    const second = ask();
    finish('second');
    expect(await second).toBe('second');
    expect(asked()).toBe(2);
  });

  it('shares a failure, and recovers from it', async () => {
    let asked = 0;
    const clock = { now: 0 };
    const ask = shareFor(
      1_000,
      () => clock.now,
      async () => {
        asked += 1;
        if (asked === 1) throw new Error('gone');
        return 'here';
      },
    );
    await expect(ask()).rejects.toThrow('gone');
    await expect(ask()).rejects.toThrow('gone');
    clock.now += 1_000;
    expect(await ask()).toBe('here');
  });
});

function slowWork() {
  const clock = { now: 0 };
  const waiting: ((answer: string) => void)[] = [];
  const ask = shareFor(
    1_000,
    () => clock.now,
    () => new Promise<string>((resolve) => waiting.push(resolve)),
  );
  return { ask, clock, asked: () => waiting.length, finish: (answer: string) => waiting.at(-1)?.(answer) };
}
