import { dropIndexes, type Migration } from './migration.ts';

/**
 * Webhooks of one subject are sent by their numbers, along another index. Those that are there have no number, and are sent
 * before all that have one, in the order in which they were stored.
 */
export const webhooksInSequence: Migration = {
  name: '0007-webhooks-in-sequence',
  up: (context) => dropIndexes(context, 'outgoing_webhooks', ['subject_1_order_1']),
};
