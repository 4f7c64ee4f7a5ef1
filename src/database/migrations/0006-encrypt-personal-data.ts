import { createHmac } from 'node:crypto';
import { mongo } from 'mongoose';
import { encrypt, keyOf, newSecret, type Secret, secretOf } from '../../kernel/cipher.ts';
import { hashOf } from '../../kernel/ids.ts';
import { updateEvery } from '../everyDocument.ts';
import type { Migration, MigrationContext } from './migration.ts';

type Stored = { _id: string } & Record<string, unknown>;
type Change = Record<string, unknown>;

const BATCH = 500;

/**
 * Bodies, names, reasons and messages are stored encrypted, and who acted from a chat is named by the link. About a minute for each
 * million of events; a run that is killed goes on with what is left in clear.
 */
export const encryptPersonalData: Migration = {
  name: '0006-encrypt-personal-data',
  async up(context) {
    const secrets = createSecrets(context.database);
    await changeAll(context, 'chat_links', { ref: { $exists: false } }, (links) => nameLinks(links, secrets));
    await changeAll(context, 'events', { body: { $type: 'string' } }, (events) => encryptBodies(events, secrets));
    for (const [name, owners] of Object.entries(TEXTS)) {
      await changeAll(context, name, SOME[name] ?? {}, (documents) => encryptTexts(name, documents, owners, secrets));
    }
    for (const [name, field] of ACTORS) {
      const fromChat = { [field]: { $regex: FROM_CHAT_ID } };
      await changeAll(context, name, fromChat, (documents) => nameActors(documents, field, secrets));
    }
    await forgetWhatIsOver(context);
  },
};

type Secrets = ReturnType<typeof createSecrets>;

/** The secrets of owners, made where there are none. */
function createSecrets(database: mongo.Db) {
  const keys = database.collection<{ _id: string; secret: mongo.Binary }>('personal_keys');
  const known = new Map<string, Secret>();

  async function have(owners: Iterable<string>): Promise<void> {
    const wanted = [...new Set(owners)].filter((owner) => !known.has(owner));
    if (wanted.length === 0) return;
    const insert = { ordered: false, writeConcern: { w: keys.writeConcern?.w ?? 1, j: true } } as const;
    await keys.bulkWrite(
      wanted.map((_id) => ({
        updateOne: {
          filter: { _id },
          update: { $setOnInsert: { secret: new mongo.Binary(newSecret()) } },
          upsert: true,
        },
      })),
      insert,
    );
    for (const { _id, secret } of await keys.find({ _id: { $in: wanted } }).toArray()) {
      known.set(_id, secretOf(Buffer.from(secret.value())));
    }
  }

  function of(owners: readonly string[]): Secret[] {
    return owners.flatMap((owner) => known.get(owner) ?? []);
  }

  return { have, of };
}

/** Documents in the order of their ids, changed in batches; `change` answers the fields to set. */
async function changeAll(
  { database, assertLeased }: MigrationContext,
  name: string,
  filter: mongo.Filter<Stored>,
  change: (documents: Stored[]) => Promise<[id: string, set: Change][]>,
): Promise<void> {
  const collection = database.collection<Stored>(name);
  for (let after = ''; ; ) {
    await assertLeased();
    const found = await collection
      .find({ $and: [{ _id: { $gt: after } }, filter] })
      .sort({ _id: 1 })
      .limit(BATCH)
      .toArray();
    const last = found.at(-1);
    if (last === undefined) return;
    const changes = await change(found);
    if (changes.length > 0) {
      await collection.bulkWrite(
        changes.map(([_id, $set]) => ({ updateOne: { filter: { _id }, update: { $set } } })),
        { ordered: false },
      );
    }
    after = last._id;
  }
}

const ACCOUNT_FIELDS: Record<string, readonly string[]> = {
  'account.updated': ['accountId'],
  'balance.topped_up': ['accountId'],
  'campaign.updated': ['modelId'],
  'order.placed': ['modelId'],
  'subscription.started': ['modelId', 'affiliateId'],
  'payment.succeeded': ['modelId'],
};

async function encryptBodies(events: Stored[], secrets: Secrets): Promise<[string, Change][]> {
  const owned = events.map((event) => {
    const data: Stored = JSON.parse(String(event.body)).data;
    const subject = subjectOf(String(event.type), data);
    const day = `day:${(event.receivedAt as Date).toISOString().slice(0, 10)}`;
    return { event, data, subject, owners: subject === undefined ? [day] : [`account:${subject}`, day] };
  });
  await secrets.have(owned.flatMap(({ owners }) => owners));
  return owned.map(({ event: { _id, type, body }, data, subject, owners }) => {
    const used = secrets.of(owners);
    const encrypted = encrypt(keyOf(used), `events:${_id}:body`, String(body));
    const isAboutOrder = type === 'order.cancelled' || type === 'order.guarantee_violated';
    return [
      _id,
      {
        ...{ body: new mongo.Binary(encrypted), hash: hashOf(encrypted), keys: used.map(({ id }) => id) },
        ...(subject === undefined ? {} : { subject }),
        ...(isAboutOrder ? { about: `order:${data.orderId}` } : {}),
      },
    ];
  });
}

function subjectOf(type: string, data: Stored): string | undefined {
  if (type.startsWith('payout.')) return String(data.payoutId).slice(String(data.payoutId).indexOf(':') + 1);
  const id = (ACCOUNT_FIELDS[type] ?? []).map((field) => data[field]).find((value) => typeof value === 'string');
  return typeof id === 'string' ? id : undefined;
}

/** The texts of a document by path, each with the accounts whose it is. */
type TextsOf = (document: Stored) => [path: string, text: unknown, owners: unknown[]][];

/** Of the others only those are read that have a text. */
const SOME: Record<string, mongo.Filter<Stored>> = {
  ledger_entries: { reason: { $exists: true } },
};

const accountAfterColon = (text: unknown) => String(text).slice(String(text).indexOf(':') + 1);

const TEXTS: Record<string, TextsOf> = {
  account_versions: ({ accountId, data }) => [['data.name', (data as Stored).name, [accountId]]],
  standing_decisions: ({ modelId, reason }) => [['reason', reason, [modelId]]],
  role_decisions: ({ accountId, reason }) => [['reason', reason, [accountId]]],
  ledger_entries: ({ book, reason }) => [['reason', reason, [accountAfterColon(book)]]],
  audit_records: ({ subject, action, reason, before, after }) => {
    const owner = /^(?:account|(?:invoice|payout):[^:]+):(.+)$/.exec(String(subject))?.[1];
    if (owner === undefined) return [];
    const isPersonal = /^(account|chat)\./.test(String(action));
    return [
      ['reason', reason, [owner]],
      ...(isPersonal ? [...textsWithin('before', before), ...textsWithin('after', after)] : []).map(
        ([path, text]): [string, unknown, unknown[]] => [path, text, [owner]],
      ),
    ];
  },
  outgoing_webhooks: ({ type, body }) => {
    const { data } = JSON.parse(String(body).startsWith('enc1 ') ? '{"data":{}}' : String(body));
    const isPersonal = type === 'account.unreachable' || data.reason || data.voidReason || data.reasons?.length > 0;
    const owners = ['accountId', 'modelId', 'marketerId', 'affiliateId'].map((key) => data[key]);
    return isPersonal ? [['body', body, owners.filter((id) => typeof id === 'string')]] : [];
  },
};

function textsWithin(path: string, value: unknown): [string, unknown][] {
  if (typeof value !== 'object' || value === null || value instanceof Date) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => textsWithin(`${path}.${key}`, inner));
}

async function encryptTexts(name: string, documents: Stored[], textsOf: TextsOf, secrets: Secrets) {
  const texts = documents.flatMap((document) =>
    textsOf(document).flatMap(([path, text, ids]) =>
      typeof text === 'string' && !text.startsWith('enc1 ') && ids.length > 0
        ? [{ _id: document._id, path, text, ids: [...new Set(ids.map(String))] }]
        : [],
    ),
  );
  await secrets.have(texts.flatMap(({ ids }) => ids.map((id) => `account:${id}`)));
  const changes = new Map<string, Change>();
  for (const { _id, path, text, ids } of texts) {
    const used = secrets.of(ids.map((id) => `account:${id}`));
    const data = encrypt(keyOf(used), `${name}:${_id}:${path}`, text).toString('base64url');
    const stored = ['enc1', ...ids.map((id, index) => `${id} ${used[index]?.id}`), data].join(' ');
    changes.set(_id, { ...changes.get(_id), [path]: stored });
  }
  return [...changes];
}

/** A chat's id as it stood in the names of actors; a link's random name never consists of digits alone. */
const FROM_CHAT_ID = ' via (telegram|discord):\\d+$';

const ACTORS: [name: string, field: string][] = [
  ['audit_records', 'actor'],
  ['audit_records', 'before.askedBy'],
  ['approval_requests', 'askedBy'],
  ['approval_requests', 'approvedBy'],
  ['ledger_entries', 'actor'],
  ['standing_decisions', 'actor'],
  ['invoice_reminders', 'actor'],
  ['payouts', 'actor'],
  ['orders', 'stopping.actor'],
  ['orders', 'pendingEffects.actor'],
  ['notice_deliveries', 'actor'],
  ['waiting_notices', 'actor'],
  ['events', 'dismissed.by'],
];

/** One name for a chat, that nobody can tell the chat from once the account's secret is gone. */
function refOf(secret: Secret | undefined, chat: string): string {
  return `~${createHmac('sha256', secret?.bytes ?? '')
    .update(chat)
    .digest('base64url')
    .slice(0, 8)}`;
}

async function nameLinks(links: Stored[], secrets: Secrets): Promise<[string, Change][]> {
  await secrets.have(links.map(({ accountId }) => `account:${accountId}`));
  return links.map(({ _id, accountId }) => [_id, { ref: refOf(secrets.of([`account:${accountId}`])[0], _id) }]);
}

async function nameActors(documents: Stored[], field: string, secrets: Secrets): Promise<[string, Change][]> {
  const acted = documents.map((document) => ({ _id: document._id, chats: chatsAt(document, field.split('.')) }));
  await secrets.have(acted.flatMap(({ chats }) => chats.map(({ accountId }) => `account:${accountId}`)));
  return acted.map(({ _id, chats }) => [
    _id,
    Object.fromEntries(
      chats.map(({ path, accountId, channel, userId }) => {
        const ref = refOf(secrets.of([`account:${accountId}`])[0], `${channel}:${userId}`);
        return [path, `${accountId} via ${channel}:${ref}`];
      }),
    ),
  ]);
}

type ActingChat = { path: string; accountId: string; channel: string; userId: string };

/** The chats that are named at a path of fields, in each element where one of them is a list. */
function chatsAt(value: unknown, fields: readonly string[], path: readonly string[] = []): ActingChat[] {
  if (Array.isArray(value)) return value.flatMap((one, index) => chatsAt(one, fields, [...path, String(index)]));
  const [field, ...rest] = fields;
  if (field !== undefined) {
    if (typeof value !== 'object' || value === null) return [];
    return chatsAt((value as Change)[field], rest, [...path, field]);
  }
  const [, accountId, channel = '', userId = ''] = /^(.*) via (telegram|discord):(\d+)$/.exec(String(value)) ?? [];
  return accountId === undefined ? [] : [{ path: path.join('.'), accountId, channel, userId }];
}

/** What was told is told, and what was handled is handled: the words of it are needed no more. */
async function forgetWhatIsOver({ database, assertLeased }: MigrationContext): Promise<void> {
  await assertLeased();
  await updateEvery(
    database.collection('telegram_updates'),
    { state: 'handled', $or: [{ update: { $exists: true } }, { chatId: { $exists: true } }] },
    { $unset: { update: '', chatId: '' } },
  );
  const forget = { $set: { 'content.data': {} } };
  await assertLeased();
  const sent = { state: { $nin: ['due', 'sending'] }, 'content.data': { $ne: {} } };
  await updateEvery(database.collection('notice_deliveries'), sent, forget);
  await assertLeased();
  const released = { state: { $ne: 'waiting' }, 'content.data': { $ne: {} } };
  await updateEvery(database.collection('waiting_notices'), released, forget);
}
