import { setTimeout as sleep } from 'node:timers/promises';
import { mongo } from 'mongoose';

import { type Command, forEngine } from './command.ts';
import { type CodeName, concernErrorOf, errorReply, type Fault, type Rule, ruleOf, type Which } from './faults.ts';
import { createMember, type Engine, type Member, openEngine } from './member.ts';
import { type ShardKeys, shardingRefusal } from './sharding.ts';
import { type Body, decode, encode, replyBody, writeRequest } from './wire.ts';

const { Long, ObjectId, Timestamp } = mongo;

/** `mongos`: the router of a sharded cluster. */
export type ClusterKind = 'replica' | 'mongos';

/** What was asked of which member. */
export type Recorded = Pick<Command, 'name' | 'collection' | 'readPreference' | 'wantsMajority' | 'body'> & {
  role: Member['role'];
};

export type Cluster = Awaited<ReturnType<typeof startCluster>>;

/**
 * What a driver takes for a replica set of three, or for the router of a sharded cluster, in front of one engine: every member is a
 * port, and all read and write the same data, but that secondaries are behind: nothing has reached them. It elects, refuses, breaks
 * and is late when told to, and remembers retryable writes as a server does. There is no replication, no rollback, and no snapshot.
 */
export async function startCluster(options: { engine: string; kind?: ClusterKind; shardKeys?: ShardKeys }) {
  const { engine: engineUri, kind = 'replica', shardKeys } = options;
  const rules = new Set<Rule>();
  const recorded: Recorded[] = [];
  const refused: string[] = [];
  /** Replies of retryable writes, by session and number; of one that is under way, its promise. */
  const remembered = new Map<string, Promise<Buffer>>();
  let answeredFromMemory = 0;
  let term = 0;
  let clockOffsetMs = 0;
  let majority: { back: Promise<void>; restore(): void } | undefined;

  const members: Member[] = Array.from({ length: kind === 'replica' ? 3 : 1 }, () =>
    createMember({ describe, answer, openEngine: () => openEngine(engineUri) }),
  );
  for (const member of members) await member.listen();
  elect(0);

  function primary(): Member | undefined {
    return members.find(({ role }) => role === 'primary');
  }

  function elect(index: number): void {
    const order = [...members.slice(index), ...members.slice(0, index)];
    const winner = order.find(({ role }) => role === 'primary' || role === 'secondary');
    if (winner === undefined) return;
    term += 1;
    for (const member of members) {
      if (member.role === 'primary') member.role = 'secondary';
    }
    winner.role = 'primary';
    announce();
  }

  function announce(): void {
    for (const member of members) member.announce();
  }

  function describe(member: Member, isLegacy: boolean): Body {
    const now = new Date(Date.now() + clockOffsetMs);
    const isPrimary = member.role === 'primary';
    const common = {
      [isLegacy ? 'ismaster' : 'isWritablePrimary']: isPrimary,
      helloOk: true,
      maxBsonObjectSize: 16 * 1024 * 1024,
      maxMessageSizeBytes: 48_000_000,
      maxWriteBatchSize: 100_000,
      localTime: now,
      logicalSessionTimeoutMinutes: 30,
      minWireVersion: 0,
      maxWireVersion: 25,
      readOnly: false,
      ok: 1,
    };
    if (kind === 'mongos') return { msg: 'isdbgrid', ...common };
    const opTime = { ts: new Timestamp({ t: Math.floor(now.getTime() / 1_000), i: 1 }), t: Long.fromNumber(term) };
    const elected = primary();
    return {
      hosts: members.map(({ host }) => host),
      setName: SET_NAME,
      setVersion: 1,
      secondary: !isPrimary,
      ...(elected === undefined ? {} : { primary: elected.host }),
      me: member.host,
      ...(isPrimary ? { electionId: new ObjectId(`7fffffff${term.toString(16).padStart(16, '0')}`) } : {}),
      lastWrite: { opTime, lastWriteDate: now, majorityOpTime: opTime, majorityWriteDate: now },
      ...common,
    };
  }

  async function answer(member: Member, command: Command, engine: Engine): Promise<Buffer | 'broken' | null> {
    const { name, collection, readPreference, wantsMajority, body } = command;
    recorded.push({ name, collection, readPreference, wantsMajority, body, role: member.role });
    const refusal = refusalOf(member, command);
    if (refusal !== undefined) return refusal;
    if (member.role === 'secondary' && command.isRead) return encode(NOTHING_YET);
    const fault = faultOf(command);
    if (fault.breaks === 'before') return 'broken';
    if (fault.error !== undefined) return error(member, fault.error, command);
    const reply = await executeOnce(command, engine);
    if (command.isWrite && wantsMajority) await majority?.back;
    if (fault.lateMs !== undefined) await sleep(fault.lateMs);
    if (fault.breaks === 'after' || member.role === 'down') return 'broken';
    if (hasGone(member)) return null;
    return fault.concernError === undefined
      ? reply
      : encode({ ...decode(reply), ...concernErrorOf(fault.concernError) });
  }

  function refusalOf(member: Member, command: Command): Buffer | undefined {
    if (member.role !== 'primary') {
      if (command.isChange) return error(member, 'NotWritablePrimary', command);
      if (command.isRead && command.readPreference === 'primary') {
        return error(member, 'NotPrimaryNoSecondaryOk', command);
      }
    }
    const refusal = shardKeys === undefined ? undefined : shardingRefusal(shardKeys, command);
    if (refusal === undefined) return undefined;
    refused.push(refusal.message);
    return error(member, refusal.codeName, command, refusal.message);
  }

  function error(member: Member, codeName: CodeName, command: Command, message?: string): Buffer {
    return encode({ ...errorReply(codeName, command, message), topologyVersion: member.topologyVersion });
  }

  function faultOf(command: Command): Fault {
    for (const rule of rules) {
      const fault = rule(command);
      if (fault !== undefined) return fault;
    }
    return {};
  }

  /** One execution for each session and number; a command that failed as a whole is not remembered. */
  async function executeOnce(command: Command, engine: Engine): Promise<Buffer> {
    const { key } = command;
    const known = key === undefined ? undefined : remembered.get(key);
    if (known !== undefined) {
      answeredFromMemory += 1;
      return known;
    }
    const running = engine.ask(writeRequest(forEngine(command), command.sequences)).then(replyBody);
    if (key === undefined) return running;
    remembered.set(key, running);
    const reply = await running.catch((failure: unknown) => {
      remembered.delete(key);
      throw failure;
    });
    if (Number(decode(reply).ok) !== 1) remembered.delete(key);
    return reply;
  }

  /** The primary is gone, in one way or another, and after `electionMs` another is elected. */
  async function failOver(how: 'stepDown' | 'kill' | 'silence', { electionMs = 300 } = {}): Promise<void> {
    const old = primary();
    if (old === undefined) return;
    old.role = ({ stepDown: 'secondary', kill: 'down', silence: 'silent' } as const)[how];
    if (how === 'kill') old.goDown();
    announce();
    await sleep(electionMs);
    elect((members.indexOf(old) + 1) % members.length);
  }

  /** Members that are gone come back, as secondaries. */
  async function recover(): Promise<void> {
    for (const member of members) {
      const { role } = member;
      if (role !== 'down' && role !== 'silent') continue;
      member.role = 'secondary';
      if (role === 'down') await member.listen();
      else member.dropConnections();
    }
    if (primary() === undefined) elect(0);
    else announce();
  }

  /** The primary executes writes, and acknowledges none, until this is undone. */
  function loseMajority(): () => void {
    let restore = () => {};
    const back = new Promise<void>((resolve) => {
      restore = resolve;
    });
    majority = { back, restore };
    return () => {
      majority = undefined;
      restore();
    };
  }

  /** Until what is answered is called, this befalls these commands. */
  function fault(which: Which, what: Fault): () => void {
    return rule(ruleOf(which, what));
  }

  function rule(one: Rule): () => void {
    rules.add(one);
    return () => rules.delete(one);
  }

  function close(): void {
    majority?.restore();
    for (const member of members) {
      // It answers nothing any more, and nobody waits for it.
      member.role = 'down';
      member.goDown();
    }
  }

  const hosts = members.map(({ host }) => host).join(',');
  return {
    /** The connection string of a database, with options that begin with `&`. */
    uri: (database: string, more = '') =>
      `mongodb://${hosts}/${database}?${kind === 'replica' ? `replicaSet=${SET_NAME}` : 'directConnection=false'}${more}`,
    recorded,
    /** What a sharded cluster would not take, in words. */
    refused,
    answeredFromMemory: () => answeredFromMemory,
    fault,
    rule,
    failOver,
    recover,
    loseMajority,
    /** No primary until `recover`: the set has lost its members but for one. */
    leaveNoPrimary: (): void => {
      const old = primary();
      for (const member of members) {
        if (member === old) member.role = 'secondary';
        else {
          member.role = 'down';
          member.goDown();
        }
      }
      announce();
    },
    /** Its clock is off by so much, as `hello` says. */
    setClock: (offsetMs: number): void => {
      clockOffsetMs = offsetMs;
    },
    close,
  };
}

const SET_NAME = 'rs0';

/** What a secondary has that nothing has reached yet. */
const NOTHING_YET = { ok: 1, cursor: { id: Long.ZERO, ns: 'none.none', firstBatch: [] }, n: 0, values: [] };

/** Behind a function, because it can have changed since it was asked last. */
function hasGone(member: Member): boolean {
  return member.role === 'silent';
}
