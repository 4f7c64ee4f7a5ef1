/** The fields of a shard key, in order. */
export type ShardKey = Readonly<Record<string, 1 | 'hashed'>>;

/** Collections that are sharded alike, and why; `key` null: not sharded, so that they lie together on one shard. */
export type ShardingRow = { collections: readonly string[]; key: ShardKey | null; why: string };

const BY_ID: ShardKey = { _id: 'hashed' };

/**
 * How every collection is sharded. A cluster keeps unique only what follows from the shard key, so each key is chosen by what must be
 * unique, then by what is read most. The table of docs/operations.md and `settlebot shard-script` are made of this, and tests hold
 * every index and every write against it.
 */
export const SHARDING: readonly ShardingRow[] = [
  {
    collections: ['events'],
    key: BY_ID,
    why: 'the webhook id must be unique; it spreads the writes. Workers read by `bucket` on all shards, in batches',
  },
  {
    collections: [
      'payments',
      'refunds',
      'refund_requests',
      'refund_declines',
      'subscriptions',
      'cancellations',
      'attributions',
    ],
    key: BY_ID,
    why: 'the platform’s id must be unique; nearly all access is by id. Refunds of a payment are asked of all shards, by index; refunds are few',
  },
  { collections: ['stripe_payments'], key: BY_ID, why: 'read and written by Stripe’s id' },
  {
    collections: ['stripe_refunds'],
    key: null,
    why: 'two things must be unique that have nothing in common: Stripe’s event and Stripe’s refund. Few',
  },
  {
    collections: ['transactions'],
    key: BY_ID,
    why: 'recording is idempotent by id. The week that bills it can change, so it cannot be the key; Monday’s sums are made on all shards at once',
  },
  { collections: ['campaigns'], key: BY_ID, why: 'read and written by id, versions inside' },
  { collections: ['program_versions'], key: BY_ID, why: 'a version’s id is its event’s; few' },
  {
    collections: ['commissions'],
    key: BY_ID,
    why: 'the id follows from subscription and charge, which makes it one. The cycle that it is assigned to can change, so it cannot be the key; a payday’s sums are made on all shards at once',
  },
  {
    collections: ['payouts'],
    key: BY_ID,
    why: 'the id, cycle and account, is what makes a payout one per account and cycle',
  },
  { collections: ['payees'], key: BY_ID, why: 'the id is the account; read and written by it' },
  {
    collections: ['payee_secrets'],
    key: null,
    why: 'one for each key of payees that there ever was: a handful, read together',
  },
  {
    collections: ['payout_holds'],
    key: BY_ID,
    why: 'the id follows from the cause, so that one cause holds once. Those of a payout or an account are asked of all shards, by index; they are few',
  },
  {
    collections: ['payment_files'],
    key: BY_ID,
    why: 'the id, cycle, format and number, is what makes a file once; a few',
  },
  {
    collections: ['payout_results', 'payout_result_drafts'],
    key: BY_ID,
    why: 'the id, cycle and hash of the file, is what takes a file once; a few',
  },
  {
    collections: ['payout_result_pages'],
    key: BY_ID,
    why: 'the id follows from what was decided, so that of two at once one is written; a file has a few',
  },
  {
    collections: ['payout_members', 'invoice_members', 'payout_batch_lines'],
    key: { key: 'hashed' },
    why: 'the pages of a payout, an invoice or a batch lie together and are read together; `_id` begins with `key`, so it stays unique',
  },
  {
    collections: ['invoices'],
    key: BY_ID,
    why: 'the id, week and model, is what makes an invoice one per model and week; ids in their order would send each Monday to one shard',
  },
  {
    collections: ['ledger_entries'],
    key: { book: 1 },
    why: 'every unique index begins with `book`: `{book, guard}`, `{book, outcome}`, `{book, _id}`. The book follows from the cause alone, so a repeated cause meets its first entry. Not hashed, because a hashed key cannot lead a unique index. Balances read `postings.account` on all shards, from the last checkpoint on; those of affiliates read their book on one',
  },
  { collections: ['ledger_checkpoints'], key: BY_ID, why: 'one per account, disposable' },
  { collections: ['accounts', 'account_versions'], key: BY_ID, why: 'read by id; a version’s id is its event’s' },
  {
    collections: ['orders'],
    key: { marketerId: 1 },
    why: 'both unique indexes begin with it: acceptances are numbered, and places taken, for each marketer; the queue is read by it. An order’s id is unique within its marketer, so the platform must not use one id for two',
  },
  {
    collections: ['order_fans'],
    key: null,
    why: 'two things must be unique that begin with nothing in common: a fan’s number within its order, and the fan itself, when it counts, within the model',
  },
  {
    collections: ['series_points'],
    key: BY_ID,
    why: 'series, day and marketer: one point, drawn again in its place. Read by id',
  },
  { collections: ['order_amounts'], key: BY_ID, why: 'order and number: one amount, once' },
  {
    collections: ['standings', 'unreached_invoices'],
    key: BY_ID,
    why: 'one per model: what was announced of its standing, with the number of the computation; one per invoice',
  },
  {
    collections: ['adjustments'],
    key: BY_ID,
    why: 'the id follows from who asked and by which key, so that of two at once one is written. Those of an account are asked of all shards, by index; they are few',
  },
  {
    collections: ['standing_decisions'],
    key: BY_ID,
    why: 'the id follows from what is decided, so that of two at once one is written. Those of a model are asked of all shards, by index; they are few',
  },
  {
    collections: ['promises'],
    key: BY_ID,
    why: 'invoice and number: of two at once one is made. Those of a model or an invoice are asked of all shards, by index; they are few',
  },
  { collections: ['invoice_reminders'], key: BY_ID, why: 'invoice and day: one reminder by hand a day' },
  {
    collections: ['outgoing_webhooks'],
    key: { subject: 1 },
    why: 'the numbers of a subject must be unique. The webhook id follows from the subject’s cause, so a repeated one meets the first. The sender asks all shards for what is due, by partial indexes that hold nothing delivered',
  },
  {
    collections: ['withheld_messages'],
    key: BY_ID,
    why: 'the key of what would have been sent makes it one. A Monday sums up a week on all shards, by index',
  },
  { collections: ['account_settings', 'unreached_accounts'], key: BY_ID, why: 'read by person' },
  {
    collections: ['long_commands'],
    key: BY_ID,
    why: 'commands too long for a button, by their hash; kept, because old buttons stay',
  },
  { collections: ['discord_channels'], key: BY_ID, why: 'bot and person: the channel of their direct messages' },
  {
    collections: ['chat_links', 'chat_refs', 'personal_keys'],
    key: BY_ID,
    why: 'channel and chat user: a person speaks for one account at most, and a chat has one name; an account has one secret',
  },
  {
    collections: ['notice_deliveries', 'waiting_notices', 'contacts'],
    key: BY_ID,
    why: 'notice and chat: one message, ever. The sender asks all shards for what is due',
  },
  { collections: ['audit_records'], key: BY_ID, why: 'an act’s cause must be unique; lists merge all shards by index' },
  {
    collections: ['telegram_updates', 'api_answers', 'command_confirmations', 'approval_requests'],
    key: BY_ID,
    why: 'the id decides who was first; most are kept for days only',
  },
  {
    collections: ['seals', 'seal_anchors', 'seal_admissions'],
    key: null,
    why: 'a seal’s number makes it one; one is written in five minutes',
  },
  {
    collections: ['document_numbers'],
    key: null,
    why: 'two things must be unique that begin with nothing in common: a number within its series and year, and the number of a document',
  },
  {
    collections: ['trial_balances', 'trial_balance_pages'],
    key: null,
    why: 'one a month, and a page for a thousand accounts',
  },
  { collections: ['role_decisions', 'scope_decisions'], key: null, why: 'a few; numbered for each account' },
  { collections: ['api_keys'], key: null, why: 'a few, read together' },
  {
    collections: ['link_codes'],
    key: null,
    why: 'an account has one at most, by a unique index; kept for a day',
  },
  {
    collections: ['console_init_data'],
    key: BY_ID,
    why: 'the hash of what Telegram said decides who was first; kept for minutes',
  },
  {
    collections: ['console_links', 'console_sessions'],
    key: null,
    why: 'a few, kept for a day; a chat user has one live link at most, by a unique index, and a session is found by each of its tokens',
  },
  {
    collections: [
      ...[
        'leases',
        'migrations',
        'erasures',
        'key_revision',
        'invoicing_cycles',
        'payout_cycles',
        'payout_batches',
        'service_clock',
        'job_runs',
      ],
      ...['commit_probes', 'link_attempts', 'agenda_jobs', 'agenda_logs', 'digest_rounds', 'shadow_weeks'],
    ],
    key: null,
    why: 'small',
  },
];

/** The fields of each collection's shard key; null where it is not sharded. */
export function shardKeys(): Map<string, readonly string[] | null> {
  return new Map(
    SHARDING.flatMap(({ collections, key }) =>
      collections.map((name) => [name, key === null ? null : Object.keys(key)] as const),
    ),
  );
}

/** What mongosh is given, connected to a router, before the first start of a service on this database. */
export function shardScript(database: string): string {
  const sharded = SHARDING.flatMap(({ collections, key }) =>
    key === null
      ? []
      : collections.map((name) => `sh.shardCollection(${quoted(`${database}.${name}`)}, ${keyText(key)});`),
  );
  const apart = SHARDING.flatMap(({ collections, key }) => (key === null ? collections : []));
  return [
    '// Shards the collections of settlebot, each by what must be unique in it. To be run once, before the first start:',
    '//   npx settlebot shard-script | mongosh "mongodb://ROUTER/admin"',
    `sh.enableSharding(${quoted(database)});`,
    ...sharded,
    '// Without it an update of many passes over documents that are on their way to another shard; MongoDB has it from 8.0 on.',
    'if (Number.parseInt(db.version(), 10) >= 8) {',
    '  db.adminCommand({ setClusterParameter: { pauseMigrationsDuringMultiUpdates: { enabled: true } } });',
    '}',
    `// Not sharded: ${apart.join(', ')}.`,
    '',
  ].join('\n');
}

export function keyText(key: ShardKey): string {
  const fields = Object.entries(key).map(([field, kind]) => `${field}: ${JSON.stringify(kind)}`);
  return `{${fields.join(', ')}}`;
}

/** As a text of JavaScript; what a database may be called needs no more. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
