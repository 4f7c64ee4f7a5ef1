import type { Connection } from 'mongoose';

import { durable } from '../../database/durable.ts';
import { realMilliseconds } from '../../kernel/clock.ts';
import { hashOf, randomToken } from '../../kernel/ids.ts';
import { type ConfirmationDocument, createCommandStore } from './store.ts';

/** What was asked: of which command, by whose account, about what; `reason` is every word after that. */
export type Asked = { command: string; accountId: string; subject: string; reason: string };

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
  async function ask(question: Asked, now: Date): Promise<string> {
    const token = randomToken(12);
    const expiresAt = new Date(now.getTime() + CONFIRM_MINUTES * 60_000);
    const stored = { _id: hashOf(token), ...question, expiresAt, storedAt: new Date(realMilliseconds()) };
    await confirmations.insertOne(stored, durable(confirmations));
    return token;
  }

  /** What was asked of this account, by its token; null for everybody else's, and for what was asked days ago. */
  async function asked(token: string, by: Pick<Asked, 'command' | 'accountId'>): Promise<ConfirmationDocument | null> {
    return confirmations.findOne({ _id: hashOf(token), command: by.command, accountId: by.accountId });
  }

  return { ask, asked };
}
