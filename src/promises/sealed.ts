import { type SealSource, sealSource } from '../seals/source.ts';
import type { PromiseStore } from './store.ts';

/** Of a promise is sealed what was promised; what became of it changes. */
export function sealedPromises({ promises }: PromiseStore): SealSource {
  return sealSource({
    name: 'promises',
    collection: promises,
    fields: ['invoiceId', 'modelId', 'number', 'madeAt', 'until', 'parts', 'actor'],
    content: ({ invoiceId, modelId, number, madeAt, until, parts, actor }) => ({
      ...{ invoiceId, modelId, number, madeAt, until, parts, actor },
    }),
  });
}
