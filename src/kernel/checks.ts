/** What `/readyz` and the health say of each part of the service, in words that programs know. */
export const CHECKS = {
  database: [
    ...(['commits', 'has no primary', 'has no majority', 'cannot be reached', 'commits nothing in time'] as const),
    ...(['leaves no connection free', 'does not answer'] as const),
  ],
  telegram: ['connecting', 'on', 'off', 'stopped'],
  discord: ['connecting', 'on', 'off', 'stopped'],
  shadow: ['on: nothing is sent out'],
} as const;

export type DatabaseCheck = (typeof CHECKS)['database'][number];
export type BotCheck = (typeof CHECKS)['telegram'][number];

/** `clock`: `agrees`, or by how much it does not. */
export type Checks = {
  database?: DatabaseCheck;
  clock?: string;
  telegram?: BotCheck;
  discord?: BotCheck;
  shadow?: (typeof CHECKS)['shadow'][number];
};
