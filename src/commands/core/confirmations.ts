import type { Connection } from 'mongoose';

import { realMilliseconds } from '../../kernel/clock.ts';
import { randomToken } from '../../kernel/ids.ts';
import { createCommandStore } from './store.ts';

/** What was asked: of which command, by whose account, about what, and why. */
export type Asked = { command: string; accountId: string; subject: string; reason: string };

export type Confirmation =
  | ({ kind: 'confirmed' | 'used' | 'expired' } & Pick<Asked, 'subject' | 'reason'>)
  | { kind: 'unknown' };

/** How long a question can be answered, in minutes of the service's clock. */
export const CONFIRM_MINUTES = 10;

/** The token in a button's command, marked by a first character that no id of the platform has. */
export function tokenOf(word: string | undefined): string | undefined {
  return /^!(.+)$/.exec(word ?? '')?.[1];
}

export type Confirmations = ReturnType<typeof createConfirmations>;

/** Questions that are asked once more before something that cannot be undone. The connection must be open. */
export function createConfirmations(connection: Connection) {
  const confirmations = createCommandStore(connection);

  /** Stores the question; answers its token. */
  async function ask(asked: Asked, now: Date): Promise<string> {
    const token = randomToken(12);
    const expiresAt = new Date(now.getTime() + CONFIRM_MINUTES * 60_000);
    await confirmations.insertOne({ _id: token, ...asked, expiresAt, storedAt: new Date(realMilliseconds()) });
    return token;
  }

  /**
   * Uses a token up: of several presses one is `confirmed`. It is valid for the person who asked, and for nobody else.
   */
  async function confirm(token: string, by: Pick<Asked, 'command' | 'accountId'>, now: Date): Promise<Confirmation> {
    const mine = { _id: token, command: by.command, accountId: by.accountId };
    const taken = await confirmations.findOneAndUpdate(
      { ...mine, usedAt: { $exists: false }, expiresAt: { $gt: now } },
      { $set: { usedAt: now } },
    );
    const found = taken ?? (await confirmations.findOne(mine));
    if (found === null) return { kind: 'unknown' };
    const { subject, reason } = found;
    if (taken !== null) return { kind: 'confirmed', subject, reason };
    return { kind: found.usedAt === undefined ? 'expired' : 'used', subject, reason };
  }

  return { ask, confirm };
}
