import { z } from 'zod';

import { idSchema } from './fields.ts';

/** What came in by another source (docs/sources.md), as it is stored until it is mapped: nobody can send it. */
export const SOURCE_EVENT = 'source.received';

export const SOURCE_DATA = z.object({
  source: z.string(),
  /** How the source names it. */
  event: z.string(),
  /** What the source calls such events. */
  kind: z.string().optional(),
  /** The account that it names: with that one's secret it is erased. */
  accountId: idSchema.optional(),
  /** Of its content, where the source does not vouch that one name is one event. */
  digest: z.string().optional(),
  /** The text that came in. */
  body: z.string(),
});
