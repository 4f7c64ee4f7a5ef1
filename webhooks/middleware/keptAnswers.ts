import { type Connection, Schema } from 'mongoose';
import { driverCollection } from '../../src/database/collection.ts';
import { unlessDuplicate } from '../../src/database/duplicates.ts';
import { randomToken } from '../../src/kernel/ids.ts';

/** An answer to be given again. */
export type Answer = { status: number; contentType: string; body: string };

/** Who may work on a request: `token` proves it when the answer is stored. */
export type Claim =
  | { kind: 'claimed'; token: string }
  | { kind: 'answered'; answer: Answer }
  | { kind: 'in-progress' }
  | { kind: 'other-request' };

type AnswerDocument = { _id: string; hash: string; token: string; startedAt: Date; answer?: Answer };

const DAY_SECONDS = 86_400;
/** A request that has no answer for so long has died with its process; the next one may try again. */
const LEASE_MS = 60_000;

const answerSchema = new Schema<AnswerDocument>(
  {
    _id: { type: String, required: true },
    hash: { type: String, required: true },
    token: { type: String, required: true },
    startedAt: { type: Date, required: true },
    answer: { type: { status: Number, contentType: String, body: String }, _id: false },
  },
  { versionKey: false, strict: 'throw', autoIndex: false, autoCreate: false, collection: 'api_answers' },
);
answerSchema.index({ startedAt: 1 }, { expireAfterSeconds: DAY_SECONDS });

export type Answers = ReturnType<typeof createAnswers>;

/**
 * The answers to requests with an Idempotency-Key, stored for 24 hours of real time (`realNow`, milliseconds). The
 * unique insert decides which of several concurrent requests does the work. The connection must be open.
 */
export function createAnswers(connection: Connection, realNow: () => number) {
  const answers = driverCollection(connection.model<AnswerDocument>('ApiAnswer', answerSchema));

  /**
   * `id` names key and caller, `hash` stands for everything that was asked; `earlierHash` is how a version before this
   * one told the same.
   */
  async function claim(id: string, hash: string, earlierHash = hash): Promise<Claim> {
    const token = randomToken();
    const fresh = { hash, token, startedAt: new Date(realNow()) };
    const inserted = await unlessDuplicate(answers.insertOne({ _id: id, ...fresh }));
    if (inserted !== null) return { kind: 'claimed', token };
    const known = await answers.findOne({ _id: id });
    // Given up or expired between the two: the next request finds the place free.
    if (known === null) return { kind: 'in-progress' };
    const ageMs = realNow() - known.startedAt.getTime();
    if (ageMs > DAY_SECONDS * 1000) return takeOver(known, fresh);
    if (known.hash !== hash && known.hash !== earlierHash) return { kind: 'other-request' };
    if (known.answer !== undefined) return { kind: 'answered', answer: known.answer };
    return ageMs > LEASE_MS ? takeOver(known, fresh) : { kind: 'in-progress' };
  }

  async function takeOver(known: AnswerDocument, fresh: Omit<AnswerDocument, '_id' | 'answer'>): Promise<Claim> {
    const mine = { _id: known._id, token: known.token };
    const { modifiedCount } = await answers.updateOne(mine, { $set: fresh, $unset: { answer: '' } });
    return modifiedCount === 1 ? { kind: 'claimed', token: fresh.token } : { kind: 'in-progress' };
  }

  async function keep(id: string, token: string, answer: Answer): Promise<void> {
    await answers.updateOne({ _id: id, token }, { $set: { answer } });
  }

  /** The request failed for a reason of ours: the next with this key is tried anew. */
  async function giveUp(id: string, token: string): Promise<void> {
    await answers.deleteOne({ _id: id, token });
  }

  return { claim, keep, giveUp };
}
