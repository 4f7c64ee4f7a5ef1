import { describe, expect, it } from 'vitest';

import { createGroupCommit, InboxFull, type Receipt } from '../../src/inbox/groupCommit.ts';

const LARGE = 100_000;

type Event = { _id: string };

describe('a group commit', () => {
  it('writes what came together at once', async () => {
    const { commit, writes, release } = slowStore();
    const receipts = ['a', 'b', 'c'].map((id) => commit.add(event(id), 10, 'one'));
    await release();
    expect(await Promise.all(receipts)).toEqual(['accepted', 'accepted', 'accepted']);
    expect(writes).toEqual([['a', 'b', 'c']]);
  });

  it('takes sources in turns', async () => {
    const { commit, writes, release } = slowStore({ batchEvents: 2 });
    const all = ['f1', 'f2', 'f3', 'f4'].map((id) => commit.add(event(id), 1_000, 'flood'));
    all.push(commit.add(event('o1'), 10, 'other'));
    for (let write = 0; write < 3; write += 1) await release();
    await Promise.all(all);
    expect(writes).toEqual([['f1', 'o1'], ['f2', 'f3'], ['f4']]);
  });

  it('does not let small events wait for a write of large ones', async () => {
    const { commit, writes, release } = slowStore();
    const large = commit.add(event('large'), LARGE, 'one');
    await tick();
    const small = commit.add(event('small'), 10, 'one');
    await tick();
    expect(writes).toEqual([['large'], ['small']]);
    await release();
    expect(await Promise.all([large, small])).toEqual(['accepted', 'accepted']);
  });

  it('does not let events wait for what came in batches before, and leaves them half of the time', async () => {
    const { commit, writes, release } = slowStore({ batchEvents: 2 });
    const lines = ['b1', 'b2', 'b3', 'b4'].map((id) => commit.add(event(id), 10, 'one', true));
    await tick();
    const alone = commit.add(event('alone'), 10, 'one');
    await tick();
    expect(writes).toEqual([['b1', 'b2'], ['alone']]);
    // So long the first write takes, and so long the next one waits then.
    const takesMs = 50;
    await new Promise((resolve) => setTimeout(resolve, takesMs));
    await release();
    expect([await alone, writes.length]).toEqual(['accepted', 2]);
    await new Promise((resolve) => setTimeout(resolve, 2 * takesMs));
    await release();
    expect(await Promise.all(lines)).toEqual(Array(4).fill('accepted'));
  });

  it('that is full refuses the newest of the source with most, and not others', async () => {
    const { commit, release } = slowStore({ waitingEvents: 3 });
    const flood = ['f1', 'f2', 'f3'].map((id) => commit.add(event(id), 10, 'flood'));
    await expect(commit.add(event('f4'), 10, 'flood')).rejects.toThrow(InboxFull);
    const other = commit.add(event('o1'), 10, 'other');
    await expect(flood[2]).rejects.toThrow(InboxFull);
    await release();
    expect(await Promise.all([flood[0], flood[1], other])).toEqual(['accepted', 'accepted', 'accepted']);
  });

  it('goes on beside a write that gives no answer, and with few of them at most', async () => {
    const { commit, writes, release } = slowStore({}, 40);
    const outcomes: Promise<unknown>[] = [];
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
      outcomes.push(commit.add(event(id), 10, 'one').catch((error: Error) => error.message));
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    // Nobody waits for those any more that were never written.
    expect(writes.slice(0, 4)).toEqual([['a'], ['b'], ['c'], ['d']]);
    expect(writes).toHaveLength(4);
    await Promise.all(outcomes.slice(0, 5));
    const last = commit.add(event('g'), 10, 'one');
    await release();
    await release();
    expect(await last).toBe('accepted');
    expect(writes.flat()).not.toContain('e');
    expect(await outcomes[0]).toBe('the database did not answer');
  });

  it('bounds what waits in bytes', async () => {
    const { commit, release } = slowStore({ waitingBytes: 2_000 });
    const first = commit.add(event('a'), 1_000, 'one');
    await expect(commit.add(event('b'), 1_000, 'one')).rejects.toThrow(InboxFull);
    await release();
    expect(await first).toBe('accepted');
  });
});

/** A store that answers when it is released: all that is being written then. */
function slowStore(more: Partial<Parameters<typeof limits>[0]> = {}, answerWithinMs = 60_000) {
  const writes: string[][] = [];
  let waiting: (() => void)[] = [];
  const commit = createGroupCommit({
    store: (batch: Event[]) => {
      writes.push(batch.map(({ _id }) => _id));
      return new Promise<Receipt[]>((resolve) => waiting.push(() => resolve(batch.map(() => 'accepted'))));
    },
    answerWithinMs,
    limits: { small: limits(more), batched: limits(more), large: limits(more) },
  });
  async function release(): Promise<void> {
    await tick();
    for (const answer of waiting) answer();
    waiting = [];
    await tick();
  }
  return { commit, writes, release };
}

function limits(more: { batchEvents?: number; batchBytes?: number; waitingEvents?: number; waitingBytes?: number }) {
  return { batchEvents: 100, batchBytes: 1_000_000, waitingEvents: 100, waitingBytes: 1_000_000, ...more };
}

/** What was put off to the next turn of the loop has run, and what that put off. */
async function tick(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

function event(_id: string): Event {
  return { _id };
}
