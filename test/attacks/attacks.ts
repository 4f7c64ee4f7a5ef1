import type { Attack } from './attack.ts';
import { manyConnections } from './manyConnections.ts';
import { oneByteChunks } from './oneByteChunks.ts';
import { pipelining } from './pipelining.ts';
import { signedBatches, signedFlood } from './signedFlood.ts';
import { slowReaders } from './slowReaders.ts';
import { unsignedHold } from './unsignedHold.ts';

/** Every attack; one more is a file of its own and a line here. */
export const ATTACKS: Attack[] = [
  pipelining,
  oneByteChunks,
  unsignedHold,
  slowReaders,
  manyConnections,
  signedFlood,
  signedBatches,
];
