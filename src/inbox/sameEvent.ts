import { SOURCE_EVENT } from '../events/catalogue.ts';
import { canonicalJson } from '../kernel/json.ts';

/**
 * Whether two bodies tell the same event: type, timestamp and data mean the same, however they are spelled. What else
 * stands beside them, as the id or the number of a try, says nothing of what happened.
 */
export function isSameEvent(one: string, other: string): boolean {
  return one === other || meaningOf(one) === meaningOf(other);
}

function meaningOf(body: string): string {
  const { type, timestamp, data } = JSON.parse(body);
  try {
    return canonicalJson(type === SOURCE_EVENT ? nameOf(data) : { type, timestamp, data });
  } catch {
    // Stored by an earlier version that took broken text: it is like nothing but itself.
    return body;
  }
}

/**
 * What came in by another source is the same where it is named alike, and its digest is, if it has one: a source may tell one
 * event in several ways, as Stripe does for several versions of its API.
 */
function nameOf({ source, event, digest }: { source: string; event: string; digest?: string }): unknown {
  return { source, event, digest: digest ?? null };
}
