import type { Account } from '../../accounts/account.ts';
import { type Button, nameAndId, shorten } from '../../notices/messages/message.ts';
import type { Say } from '../../texts/speech.ts';

/** A model as managers read it: the name, and the id that commands take. */
export function modelName(account: Account | null | undefined, modelId: string): string {
  return nameAndId(account?.name ?? modelId, modelId);
}

/** To everything about a model, for managers. */
export function modelButton(say: Say, modelId: string): Button {
  return { label: say('common.buttons.model', { model: shorten(modelId, 40) }), command: `/model ${modelId}` };
}
