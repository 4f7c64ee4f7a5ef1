import { dropIndexes, type Migration } from './migration.ts';

/** What is overdue is listed along an index that has its models and totals, too, and is summed up from that alone. */
export const sumsOfOverdue: Migration = {
  name: '0010-sums-of-overdue',
  up: (context) => dropIndexes(context, 'invoices', ['status_1_dueAt_1__id_1']),
};
