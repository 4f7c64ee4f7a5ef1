import { ORDER_STATUSES, type Order } from '../../orders.ts';

/** What the list of orders is narrowed to. */
export type Filter = { status?: Order['status']; marketerId?: string; modelId?: string };

/** As the address or a form says; what makes no sense there is left out. */
export function filterOf(said: Readonly<Record<string, string | undefined>>): Filter {
  const status = ORDER_STATUSES.find((state) => state === said.state);
  const { marketer = '', model = '' } = said;
  return {
    ...(status === undefined ? {} : { status }),
    ...(isId(marketer) ? { marketerId: marketer } : {}),
    ...(isId(model) ? { modelId: model } : {}),
  };
}

/** What the API takes for an id (docs/api.md). */
function isId(text: string): boolean {
  return text.length > 0 && text.length <= 64;
}
