import type { Benchmark } from './measure.ts';

/** A benchmark by its name. One that `isLong` runs only when it is named. */
export type Listed = { name: string; isLong?: true; load: () => Promise<Benchmark> };

/**
 * All of them, in the order in which they run. Each is loaded where it runs, with what it needs: what another one needs, a browser or the
 * libraries of a chat, would count as memory of the product.
 */
export const BENCHMARKS: readonly Listed[] = [
  { name: 'receive', load: async () => (await import('./receive.ts')).receive },
  { name: 'batch', load: async () => (await import('./batch.ts')).batch },
  { name: 'apply', load: async () => (await import('./apply.ts')).apply },
  { name: 'monday', load: async () => (await import('./monday.ts')).monday },
  { name: 'beside-monday', load: async () => (await import('./besideMonday.ts')).besideMonday },
  { name: 'growth', load: async () => (await import('./growth.ts')).growth },
  { name: 'standing', load: async () => (await import('./standing.ts')).standing },
  { name: 'orders', load: async () => (await import('./orders.ts')).orders },
  { name: 'orders-whole', isLong: true, load: async () => (await import('./orders.ts')).ordersWhole },
  { name: 'payday', load: async () => (await import('./payday.ts')).payday },
  { name: 'payday-whole', isLong: true, load: async () => (await import('./payday.ts')).paydayWhole },
  { name: 'payday-batch', load: async () => (await import('./paydayBatch.ts')).paydayBatch },
  { name: 'payday-batch-whole', isLong: true, load: async () => (await import('./paydayBatch.ts')).paydayBatchWhole },
  { name: 'broadcast', load: async () => (await import('./broadcast.ts')).broadcast },
  { name: 'broadcast-whole', isLong: true, load: async () => (await import('./broadcast.ts')).broadcastWhole },
  { name: 'documents', load: async () => (await import('./documents.ts')).documents },
  { name: 'render', load: async () => (await import('./render.ts')).render },
  { name: 'seals', load: async () => (await import('./seals.ts')).seals },
  { name: 'takes', load: async () => (await import('./takes.ts')).takes },
  { name: 'console-data', load: async () => (await import('./consoleData.ts')).consoleData },
  { name: 'console-data-whole', isLong: true, load: async () => (await import('./consoleData.ts')).consoleDataWhole },
  { name: 'console-paint', load: async () => (await import('./consolePaint.ts')).consolePaint },
];
