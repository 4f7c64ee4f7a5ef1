import type { Update } from 'telegraf/types';

import { type Gate, isLinkCode, type Sent } from '../gate.ts';
import { type Admitted, type BotStore, LANES } from './store.ts';
import { SAID } from './storedUpdate.ts';

/** Lets in what the gate allows, and stores it: what is left out leaves no trace but a count. */
export function createDoor({ gate, store }: { gate: Gate; store: Pick<BotStore, 'receive'> }) {
  /** Stores durably what is let in of these updates; answers how many are new. */
  async function receive(updates: Update[]): Promise<number> {
    const sent = updates.flatMap((update): [Update, Sent][] => {
      const one = sentIn(update);
      return one === null ? [] : [[update, one]];
    });
    const admissions = await gate.admit(sent.map(([, one]) => one));
    const admitted = sent.flatMap(([update], index): Admitted[] => {
      switch (admissions[index]) {
        case 'linked':
          return [{ update, lane: LANES.linked }];
        case 'newcomer':
          return [{ update, lane: LANES.newcomer }];
        case 'stranger':
          return [{ update, lane: LANES.stranger }];
        case 'slow-down':
          return [{ update, lane: LANES.linked, slowDown: true }];
        default:
          return [];
      }
    });
    try {
      return await store.receive(admitted);
    } catch (error) {
      // Telegram sends all of it again.
      gate.takeBack(sent.map(([, { userId }]) => userId));
      throw error;
    }
  }

  return { receive };
}

/** Who sent what; null for what no answer follows from: what is said in groups, and updates of other kinds. */
function sentIn(update: Update): Sent | null {
  if ('message' in update) {
    const { message } = update;
    if (message?.chat?.type !== 'private' || !SAID.some((kind) => kind in message)) return null;
    const isCode = 'text' in message && isLinkCode(String(message.text));
    return { userId: String(message.from?.id), what: isCode ? 'code' : 'said' };
  }
  if ('callback_query' in update) return { userId: String(update.callback_query?.from?.id), what: 'said' };
  if ('my_chat_member' in update && update.my_chat_member?.chat?.type === 'private') {
    return { userId: String(update.my_chat_member.from?.id), what: 'report' };
  }
  return null;
}
