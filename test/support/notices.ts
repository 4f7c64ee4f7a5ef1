import type { mongo } from 'mongoose';

import type { Core } from '../../src/core.ts';
import type { DeliveryDocument, WaitingDocument } from '../../src/notices/store.ts';
import { createKeyring } from '../../src/privacy/keyring.ts';
import { createTexts } from '../../src/privacy/texts.ts';

/** The notices that a filter finds, in order, as their people read them. */
export async function noticesOf(
  { noticeStore, notices }: Pick<Core, 'noticeStore' | 'notices'>,
  filter: mongo.Filter<DeliveryDocument>,
): Promise<DeliveryDocument[]> {
  const found = await noticeStore.find(filter).sort({ order: 1 }).toArray();
  return Promise.all(found.map(notices.legible));
}

/** Those, and what waits for its time or for others of its kind. */
export async function noticesAndWaiting(core: Core, accountId: string, kind: NoticeKind) {
  const { connection } = core;
  const found = await connection
    .collection<WaitingDocument>('waiting_notices')
    .find({ accountId, 'content.kind': kind, state: 'waiting' })
    .toArray();
  const waiting = await createTexts(createKeyring(connection)).reveal('waiting_notices', found);
  const delivered = await noticesOf(core, { accountId, 'content.kind': kind });
  return [...delivered, ...waiting].sort((one, other) => one.order - other.order);
}

type NoticeKind = DeliveryDocument['content']['kind'];
