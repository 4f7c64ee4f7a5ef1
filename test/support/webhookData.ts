import { EVENTS_OUT } from '../../src/events/outgoing.ts';
import { knownFields, unknownFields } from '../../src/events/unknownFields.ts';

/**
 * Data of a webhook to the platform that says only what a test looks at. Whatever stores and sends webhooks never reads it,
 * so it fits every type of webhook.
 */
export function saying(data: Record<string, unknown>): never {
  return data as never;
}

/** Where a webhook, as it is sent, differs from what the catalogue says of its type: what is wrong, missing, or not described. */
export function misfitsOf({ type, data }: { type: string; data: object }): string[] {
  const family = EVENTS_OUT.find(({ types }) => type in types);
  if (family === undefined) return [`${type} is in no catalogue`];
  const parsed = family.data.safeParse(data);
  const wrong = (parsed.error?.issues ?? []).map(({ path, message }) => `${type}: ${path.join('.')}: ${message}`);
  const { warnings = [] } = unknownFields(data, knownFields(family.data), type) ?? {};
  return [...wrong, ...warnings.map(({ path }) => `${type}: ${path}: is not described`)];
}
