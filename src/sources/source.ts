import type { DataOf } from '../events/catalogue.ts';

/**
 * A way in beside the platform's own webhooks (docs/sources.md): whatever it is signed with, what came in is stored first, as one
 * event of ours, `source.received`, and mapped to events of the catalogue later. So a fault in a map loses nothing.
 */
export type Source = {
  /** In addresses, ids and metrics: `stripe`. */
  name: string;
  /** What came in, before it is stored; `problem` is a sentence for its sender. */
  read(json: unknown): Reading | { problem: string };
  /** What has to be known first, as `kind:id`. */
  waitsFor(received: Received): string[];
  /** What others wait for and is known with this, as `kind:id`. */
  provides(received: Received): string[];
  /** Whether what it sends may say how somebody is paid: then it needs a key of the environment to be read. */
  saysHowToPay?: boolean;
  /** Whether mapping can take long: then other events do not wait for it. */
  isSlow: boolean;
  /** Names a text that has no name to be stored by, where a plain hash would tell of its content; the same text alike. */
  nameFor?(text: string): string;
  /** What comes of it, which came in dated `at`; the same however often it is asked. */
  map(received: Received, at: Date): Promise<Mapping>;
  /** Ends what it has running. */
  close(): Promise<void>;
};

export type Received = DataOf<'source.received'>;

export type Reading = {
  /** How the source names it: what comes again under this name is the same. Undefined where it has no name. */
  event: string | undefined;
  /** Whether the name alone says that it is the same; otherwise its content has to be, too. */
  isVouched: boolean;
  kind?: string;
  /** The source's own date; the service's clock where it has none. */
  timestamp?: Date;
  /** The account that it names, if it names one. */
  accountId?: string;
  /** What is stored in the place of the text, where that has something that nobody needs. */
  body?: string;
  /** Whether a map may make something of it: what is not ours is stored, and that is all. */
  isOurs: boolean;
};

/** One of our events, as a map makes it; `data` is held to the catalogue after that. */
export type MadeEvent = { type: string; timestamp: Date; data: Record<string, unknown>; expressions?: Expressions };

/** Which expression made each field of the data, by its name: for whoever mends it. */
export type Expressions = Record<string, string>;

/** `reason` says what is wrong, and with which expression, as managers read it. */
export type Mapping = { kind: 'events'; events: MadeEvent[] } | { kind: 'fault'; reason: string };

export const NOTHING: Mapping = { kind: 'events', events: [] };

/** What a source may be called: it stands in addresses and ids. */
export const SOURCE_NAME = /^[a-z][a-z0-9-]{0,31}$/;
