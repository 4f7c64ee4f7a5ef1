import { type SealSource, sealSource } from '../seals/source.ts';
import type { PaymentFileStore } from './store.ts';

/** Of a file is sealed, from when it was made, which payouts it pays and what it hashes to. */
export function sealedPaymentFiles({ files }: PaymentFileStore): SealSource {
  return sealSource({
    name: 'payment_files',
    collection: files,
    fields: ['cycle', 'format', 'number', 'at', 'by', 'count', 'total', 'hash', 'parts', 'lines'],
    content: ({ cycle, format, number, at, by, count, total, hash, parts, lines }) => ({
      ...{ cycle, format, number, at, by, count, total, hash, parts, lines },
    }),
  });
}
