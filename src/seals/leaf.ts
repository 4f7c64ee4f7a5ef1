import { canonicalJson } from '../kernel/json.ts';
import { hashLeaf } from './merkle.ts';

/** What of a stored document is sealed: fields that never change once it is there. */
export type Content = Record<string, unknown>;

/**
 * The text of a leaf: which document it is of, and what that says, in the one spelling that there is (RFC 8785). Instants are
 * written as text; a field that is not there, or is null, is left out.
 */
export function leafText(source: string, id: string, content: Content): string {
  return canonicalJson(['settlebot/leaf/1', source, id, presentOf(content)]);
}

/** A content without what is not there. */
export function presentOf(content: Content): Content {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== undefined && value !== null));
}

export function leafHash(source: string, id: string, content: Content): Buffer {
  return hashLeaf(leafText(source, id, content));
}
