import type { Account } from '../../accounts/account.ts';
import { nameAndId } from '../../notices/messages/message.ts';

/** A model as managers read it: the name, and the id that commands take. */
export function modelName(account: Account | null | undefined, modelId: string): string {
  return nameAndId(account?.name ?? modelId, modelId);
}
