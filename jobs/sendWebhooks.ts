import type { Tick } from './schedule.ts';

/** What sends webhooks to the platform, as the jobs need it. */
export type WebhookSender = {
  start(): void;
  stop(): Promise<void>;
  nextDue(): Promise<Date | null>;
  drain(): Promise<void>;
};

/**
 * Under the test clock, sending to the platform happens at its own instants like everything else (contract 4 and 5).
 * Under the real clock it is no tick: the sender looks by itself, so that a slow platform holds up no other tick. Neither
 * is it part of catching up, which must not wait for somebody else: what is due then is sent once the service runs.
 */
export function sendWebhooks(sender: WebhookSender, isCatchingUp: () => boolean): Tick {
  return {
    name: 'send-webhooks',
    nextDue: async () => (isCatchingUp() ? null : sender.nextDue()),
    run: () => sender.drain(),
  };
}
