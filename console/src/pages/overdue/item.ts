import type { ItemOf } from '../../api.ts';

/** An invoice that is overdue, with its model's standing and what was promised of it. */
export type Item = ItemOf<'GET /v1/overdue'>;
