import type { mongo } from 'mongoose';

import type { Core } from '../../src/core.ts';
import type { DeliveryDocument } from '../../src/notices/store.ts';

/** The notices that a filter finds, in order, as their people read them. */
export async function noticesOf(
  { noticeStore, notices }: Pick<Core, 'noticeStore' | 'notices'>,
  filter: mongo.Filter<DeliveryDocument>,
): Promise<DeliveryDocument[]> {
  const found = await noticeStore.find(filter).sort({ order: 1 }).toArray();
  return Promise.all(found.map(notices.legible));
}
