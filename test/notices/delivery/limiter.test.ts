import { expect, it } from 'vitest';

import { createLimiter, type Slot } from '../../../src/notices/delivery/limiter.ts';

it('holds a chat’s notices, and nothing else, while a command is at work there', async () => {
  const limiter = createLimiter({ perSecond: 30, perChatMs: 1 });
  const granted: string[] = [];
  const ask = (name: string, chat: string, priority: 'answer' | 'notice') =>
    limiter.acquire(chat, priority).then((slot: Slot | null) => {
      granted.push(name);
      slot?.done();
    });
  const release = [limiter.hold('1'), limiter.hold('1')];
  const held = ask('notice', '1', 'notice');
  await ask('elsewhere', '2', 'notice');
  await ask('answer', '1', 'answer');
  release[0]?.();
  await ask('later elsewhere', '2', 'notice');
  expect(granted).toEqual(['elsewhere', 'answer', 'later elsewhere']);
  release[1]?.();
  await held;
  expect(granted.at(-1)).toBe('notice');
  limiter.stop();
});
