import type { OrderView } from '../../orders/order.ts';
import type { DisplayContext } from '../../texts/speech.ts';
import { type OrderThing, thingsOf } from '../../texts/things.ts';

/** Who reads of an order, and how people of it are called. */
export type OrderReader = { to: OrderThing['to']; nameOf: (accountId: string) => string; display: DisplayContext };

/** What an order is called, `100 fans from Elena`. */
export function orderName({ quantity, modelId, marketerId }: OrderView, { to, nameOf, display }: OrderReader): string {
  return thingsOf(display).order({ to, quantity, client: nameOf(modelId), marketer: nameOf(marketerId) });
}
