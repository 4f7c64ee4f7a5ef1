import type { Audit } from '../audit/audit.ts';
import type { ApiKeyDocument, KeyAct } from './store.ts';

/** A key that gives rights, or did: what the managers are told of it, as they are of each new manager. */
export type AdminKeyChange = { key: string; name: string; change: KeyAct['action']; by: string };

export type KeyAnnouncements = ReturnType<typeof createKeyAnnouncements>;

/** What follows from what was done to a key; the same once more is nothing new. */
export function createKeyAnnouncements(deps: {
  audit: Pick<Audit, 'record'>;
  /** Tells the managers; told before is told already. */
  onAdminKey: (change: AdminKeyChange, at: Date) => Promise<void>;
}) {
  async function tell({ _id, name }: ApiKeyDocument, act: KeyAct, number: number): Promise<void> {
    const { action, by, at, after } = act;
    const key = actKey(_id, number);
    await deps.audit.record({ key, actor: by, action: `key.${action}`, subject: `key:${name}`, after, at });
    if (after.scopes.includes('admin')) await deps.onAdminKey({ key, name, change: action, by }, at);
  }

  return { tell };
}

/** What the audit trail names the so manyth act on a key by. */
export function actKey(id: string, number: number): string {
  return `key:${id}#${number}`;
}
