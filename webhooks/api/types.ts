import type { HttpBindings } from '@hono/node-server';
import type { OpenAPIHono } from '@hono/zod-openapi';

import type { Clock } from '../../src/kernel/clock.ts';
import type {
  Accounts,
  Affiliates,
  AuditTrail,
  Documents,
  Inbox,
  Invoices,
  LedgerReader,
  Orders,
  OutgoingWebhooks,
  Overdue,
  Simulation,
  Standings,
} from '../dependencies.ts';
import type { Answers } from '../middleware/keptAnswers.ts';

/** `actor` is the name of the API key a request came with. Node's own request is missing in tests without a socket. */
export type ApiEnv = { Bindings: Partial<HttpBindings>; Variables: { actor: string } };

export type ApiApp = OpenAPIHono<ApiEnv>;

export type ApiDeps = {
  apiKeys: { name: string; key: string }[];
  /** How times and amounts read that are of no single person. */
  platform: { timeZone: string; currency: string };
  clock: Clock;
  inbox: Pick<Inbox, 'get' | 'list' | 'replay'>;
  outgoing: OutgoingWebhooks;
  accounts: Accounts;
  invoices: Invoices;
  documents: Documents;
  simulation: Simulation;
  standings: Standings;
  overdue: Overdue;
  orders: Orders;
  affiliates: Affiliates;
  ledger: LedgerReader;
  audit: AuditTrail;
  answers: Answers;
  /** The bot's user name, once Telegram has told it. */
  telegramBotUsername?: () => string | undefined;
};
