import { z } from 'zod';
import { hashOf } from '../kernel/ids.ts';
import { canonicalJson } from '../kernel/json.ts';
import { flawOf, type SealProof } from '../seals/receipt.ts';

/** What a receipt can be of. */
export const SUBJECTS = ['invoice', 'order', 'commission', 'payout'] as const;
export type SubjectKind = (typeof SUBJECTS)[number];

/**
 * A receipt, which whoever has it checks without us (docs/operations.md): what was decided, and that it is sealed. `rule` is
 * words for people, and no part of the proof. `members`: what an invoice or payout is made of, where that is not too much.
 */
export type Receipt = {
  format: typeof FORMAT;
  subject: { kind: SubjectKind; id: string };
  rule: string;
  members?: unknown[] | undefined;
  proof: SealProof;
};

export const FORMAT = 'settlebot/receipt/1';

/** The collection whose document says what a subject is, and the one whose documents are counted for it. */
export const SOURCES: Record<SubjectKind, { document: string; group?: string }> = {
  invoice: { document: 'invoices' },
  order: { document: 'orders', group: 'order_fans' },
  commission: { document: 'commissions' },
  payout: { document: 'payouts' },
};

/** Why a receipt does not prove what it says, in words; null when it does. */
export function flawOfReceipt(receipt: Receipt, anchor: { number?: number | undefined; hash: string }): string | null {
  return flawOf(receipt.proof, anchor) ?? flawOfSubject(receipt) ?? flawOfMembers(receipt);
}

/** A proof of something else is none of the subject. */
function flawOfSubject({ subject: { kind, id }, proof }: Receipt): string | null {
  const { document, group } = SOURCES[kind];
  if (!proof.documents.some((one) => one.source === document && one.id === id))
    return `it has no leaf of ${kind} ${id}`;
  for (const { source, key, documents } of proof.groups) {
    if (source !== group || key !== id) return `${source} of ${key} are not those of ${kind} ${id}`;
    const stray = documents.find(({ facts }) => facts.orderId !== id);
    if (stray !== undefined) return `${source} ${stray.id} is not of ${kind} ${id}`;
  }
  return null;
}

function flawOfMembers({ subject: { kind, id }, members, proof }: Receipt): string | null {
  if (members === undefined) return null;
  const main = proof.documents.find((one) => one.source === SOURCES[kind].document && one.id === id);
  const sealed = membersSchema.safeParse(main?.facts.members);
  const isSame = sealed.success && sealed.data.hash === hashOf(canonicalJson(members));
  return isSame ? null : `${kind} ${id} is not made of these members`;
}

const membersSchema = z.object({ count: z.int(), hash: z.string() });

const text = z.string().max(500);
const hash = z.string().regex(/^[\w-]{43}$/);
const path = z.array(z.tuple([z.enum(['left', 'right']), hash])).max(64);
const facts = z.record(z.string(), z.unknown());
const number = z.int().min(0);

/** A receipt as it comes back from people; what it says is checked later. */
export const receiptSchema: z.ZodType<Receipt> = z.object({
  format: z.literal(FORMAT),
  subject: z.object({ kind: z.enum(SUBJECTS), id: text }),
  rule: z.string(),
  members: z.array(z.unknown()).optional(),
  proof: z.object({
    documents: z.array(z.object({ source: text, id: text, facts, leaf: z.string(), seal: number, path })),
    groups: z.array(
      z.object({
        ...{ source: text, key: text, before: number, count: number, leaf: z.string(), seal: number, path },
        documents: z.array(z.object({ id: text, facts })),
      }),
    ),
    seals: z.array(z.object({ number, day: text, root: hash, path })),
    days: z.array(
      z.object({
        seal: z.looseObject({ number, day: text, root: hash, dayRoot: hash, daysRoot: hash }),
        path,
      }),
    ),
    anchor: z.object({ day: text, number, hash }),
  }),
});
