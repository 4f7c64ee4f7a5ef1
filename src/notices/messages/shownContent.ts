import { oneLine, shorten, shownName } from '../../kernel/text.ts';
import type { NoticeContent } from './noticeContent.ts';

/** Names in a notice, and where the id may stand that a name falls back to. */
export const NAMES: Readonly<Record<string, readonly string[]>> = {
  client: ['modelId'],
  marketer: ['marketerId'],
  name: ['accountId', 'modelId'],
};
const LONGEST = 2_000;

/**
 * What a notice says as it may be shown: each of its texts in one line and bounded, each name set apart where it has to be.
 * What is stored stays as it was sent; and a new kind of notice cannot forget this.
 */
export function shownContent(content: NoticeContent): NoticeContent {
  // Kind and shape stay; only texts within change.
  return { kind: content.kind, data: shown(content.data) } as NoticeContent;
}

function shown(value: unknown): unknown {
  if (typeof value === 'string') return shorten(oneLine(value), LONGEST);
  if (Array.isArray(value)) return value.map(shown);
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const fields = Object.entries(value);
  return Object.fromEntries(fields.map(([key, field]) => [key, shownField(key, field, value)]));
}

function shownField(key: string, field: unknown, owner: object): unknown {
  const idKeys = NAMES[key];
  if (idKeys === undefined || typeof field !== 'string') return shown(field);
  const id: unknown = Object.entries(owner).find(([other]) => idKeys.includes(other))?.[1];
  return shownName(field, typeof id === 'string' ? id : '?');
}
