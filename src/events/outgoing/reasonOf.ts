import { z } from 'zod';

/** One kind of reason in a union of them: what it says, and what else it has. */
export function reasonOf<Kind extends string, Fields extends z.ZodRawShape>(
  kind: Kind,
  description: string,
  fields: Fields,
) {
  return z.object({ kind: z.literal(kind).meta({ description }), ...fields });
}
