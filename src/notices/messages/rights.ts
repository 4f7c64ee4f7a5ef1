import { type DisplayContext, speechOf } from '../../texts/speech.ts';
import { copyable, nameAndCopyableId } from './marks.ts';
import { type Message, quotedEnd } from './message.ts';
import type { Notice, NoticeContent } from './noticeContent.ts';

type DataOfKind<K extends NoticeContent['kind']> = Extract<NoticeContent, { kind: K }>['data'];

/** What all managers are told of a key that gives rights. */
export function adminKeyNotices(
  managerIds: string[],
  { key, ...data }: DataOfKind<'manager.admin_key'> & { key: string },
  at: Date,
): Notice[] {
  return managerIds.map((accountId) => ({
    key: `${key}:told:${accountId}`,
    ...{ accountId, urgent: true, at, kind: 'manager.admin_key' as const, data },
  }));
}

/** What all managers are told of one whose rights are others now, who is one of them. */
export function scopesNotices(
  managerIds: string[],
  { key, ...data }: DataOfKind<'manager.scopes'> & { key: string },
  at: Date,
): Notice[] {
  return managerIds.map((accountId) => ({
    key: `${key}:told:${accountId}`,
    ...{ accountId, urgent: true, at, kind: 'manager.scopes' as const, data },
  }));
}

export function adminKeyMessage(data: DataOfKind<'manager.admin_key'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  const { change, name } = data;
  const isOpen = change !== 'revoked';
  const shown = change === 'expiry' ? 'other' : change;
  return {
    state: 'info',
    title: say('managers.adminKey.title', { change: shown, name: copyable(name) }),
    paragraphs: [
      isOpen ? say('managers.adminKey.opens') : say('managers.adminKey.closed'),
      say('managers.adminKey.by', { by: quotedEnd(data.by, 1_000) }),
      ...(isOpen ? [say('managers.adminKey.next', { name })] : []),
    ],
    buttons: [],
  };
}

export function scopesMessage(data: DataOfKind<'manager.scopes'>, display: DisplayContext): Message {
  const { say } = speechOf(display);
  const scopes = data.scopes.map(copyable).join(', ');
  return {
    state: 'info',
    title: say('managers.scopes.title', { who: nameAndCopyableId(data.name, data.accountId) }),
    paragraphs: [
      scopes === '' ? say('managers.scopes.none') : say('managers.scopes.has', { scopes }),
      say('managers.scopes.by', { by: quotedEnd(data.by, 1_000) }),
      say('managers.scopes.next'),
    ],
    buttons: [],
  };
}
