/** What the service does that somebody who runs it wants to hear of. Ids, codes and numbers; no names, texts or secrets. */
export type Activity =
  /** A tick ran, for what was due at `at`: of which week, cycle or day, on how many things. */
  | ({ kind: 'job'; job: string; at: Date; ms: number } & JobResult)
  | { kind: 'events-applied'; count: number; ms: number }
  | { kind: 'event-quarantined'; eventId: string; type: string; error: string }
  /** Somebody decided something: an API key or a person, on `invoice:2026-W47:m1`. */
  | { kind: 'decision'; actor: string; action: string; subject: string }
  /** A notice was handed to its channel, `waitedMs` after it was due by the service's clock. */
  | { kind: 'notice'; channel: string; outcome: string; waitedMs: number }
  | { kind: 'webhook-out'; outcome: string }
  /** A day is over, and has its last seal. */
  | { kind: 'day-sealed'; day: string; number: number; hash: string; root: string }
  /** The last seal of a day was posted to ANCHOR_URL; what went wrong, where something did. */
  | { kind: 'anchor-out'; outcome: 'delivered' | 'failed'; error?: string | undefined }
  /** Something that was sent to a bot is not worked on: somebody sends too much, a stranger was answered, or too many are there. */
  | { kind: 'chat-dropped'; channel: string; reason: 'flood' | 'stranger' | 'crowded' }
  /** Somebody tried to link a chat with a code that is none. */
  | { kind: 'wrong-code' }
  /** A Monday in shadow: how much of each type the week would have sent, and what that comes to. */
  | {
      kind: 'shadow-week';
      week: string;
      parts: { kind: 'webhook' | 'message'; type: string; count: number; amount: number }[];
    };

/** What a tick did; without a count where nobody counts. */
export type JobResult = { period?: string; count?: number };

export type Report = (activity: Activity) => void;
