import type { ComponentChildren } from 'preact';
import { Link } from 'wouter-preact';

/** A link to what a marketer has in hand. */
export function QueueLink({ marketerId, children }: { marketerId: string; children: ComponentChildren }) {
  return <Link href={`/marketers/${encodeURIComponent(marketerId)}/queue`}>{children}</Link>;
}
