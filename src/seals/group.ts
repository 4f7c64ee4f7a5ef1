import { canonicalJson } from '../kernel/json.ts';
import { hashLeaf, rootOf } from './merkle.ts';

/**
 * What a seal has of one subject whose documents are counted, as an order's fans: `count` of them, after the `before` that
 * earlier seals have. It is one leaf of the seal, with the root over theirs, so that none of them can be left out unseen.
 */
export type SealGroup = { source: string; key: string; before: number; count: number };

/** The text of a group's leaf. `root` is over the leaves of its documents, in their order. */
export function groupText({ source, key, before, count }: SealGroup, root: Buffer): string {
  const content = { before, count, total: before + count, root: root.toString('base64url') };
  return canonicalJson(['settlebot/group/1', source, key, content]);
}

/** The leaves of a seal's tree: those of documents, and for counted ones those of their groups. */
export function treeLeavesOf(
  parts: readonly { source: string; leaves: readonly Buffer[] }[],
  groups: readonly SealGroup[],
): Buffer[] {
  return parts.flatMap(({ source, leaves }) => {
    const ofSource = groups.filter((group) => group.source === source);
    return ofSource.length === 0 ? leaves : groupLeaves(ofSource, leaves);
  });
}

/** What is in no group stays a leaf of its own: so a seal whose counts were changed does not have its root. */
function groupLeaves(groups: readonly SealGroup[], leaves: readonly Buffer[]): Buffer[] {
  let from = 0;
  const hashes = groups.map((group) => {
    const own = leaves.slice(from, from + group.count);
    from += group.count;
    return hashLeaf(groupText(group, rootOf(own)));
  });
  return [...hashes, ...leaves.slice(from)];
}
