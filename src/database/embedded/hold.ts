import { connect, createServer, type Server, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { mongo } from 'mongoose';

import { BackupFailed } from '../errors.ts';

/**
 * Holds all writes of an embedded engine for a moment, so that its files are those of one instant.
 *
 * The engine can lock itself (`fsync` with `lock`), and stays locked until it is told otherwise, whatever becomes of who
 * asked: a backup that is killed would leave a service that never writes again. So the process that has the engine open
 * locks it, for as long as a connection to this socket lasts. When the other end dies the system closes the connection,
 * and when this process dies so does its engine.
 */
export type HoldOffer = { close(): Promise<void> };

/** Whoever holds the engine longer is cut off: a disk that hangs must not stop the service. */
const LONGEST_HOLD_MS = 60_000;

const SOCKET_NAME = 'hold.sock';

type Held = { socket: Socket; release(): Promise<void> };

/** Offers to hold the engine at `uri`, beside its socket, where only this user reaches it. */
export async function offerHold(
  { uri, socketPath }: { uri: string; socketPath: string },
  longestMs = LONGEST_HOLD_MS,
): Promise<HoldOffer> {
  let taken = false;
  const holds = new Set<Held>();

  async function serve(socket: Socket): Promise<void> {
    // What went wrong with a connection ends it, and that is looked at.
    socket.on('error', () => socket.destroy());
    if (taken) {
      socket.end('busy\n');
      return;
    }
    taken = true;
    const release = await lockEngine(uri).catch((error: unknown) => {
      taken = false;
      socket.end(`failed ${String(error).replaceAll('\n', ' ')}\n`);
    });
    if (release === undefined) return;
    let released: Promise<void> | undefined;
    const held: Held = {
      socket,
      release: () => {
        released ??= release().finally(() => {
          taken = false;
          clearTimeout(timer);
          holds.delete(held);
        });
        return released;
      },
    };
    const timer = setTimeout(() => socket.destroy(), longestMs);
    holds.add(held);
    // A rejection ends the process, and that is meant: an engine that cannot be unlocked serves nobody.
    socket.once('close', () => void held.release());
    socket.once('data', () => void held.release().then(() => socket.end('released\n')));
    if (socket.destroyed) await held.release();
    else socket.write('held\n');
  }

  const server = createServer((socket) => void serve(socket));
  await listen(server, holdSocketBeside(socketPath));
  server.unref();

  async function close(): Promise<void> {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    await Promise.all([...holds].map((held) => held.release()));
    for (const { socket } of holds) socket.destroy();
    await closed;
  }
  return { close };
}

/**
 * Does some work while nobody can write to the engine whose socket is at `socketPath`; reads go on. Answers what the work
 * does, and for how many milliseconds writers waited. Throws BackupFailed when the engine cannot be held, or was held no longer
 * when the work was over: then it may have seen more than one instant.
 */
export async function holdWrites<T>(
  socketPath: string,
  work: () => Promise<T>,
): Promise<{ answer: T; heldMs: number }> {
  const socket = connect(holdSocketBeside(socketPath));
  const lines = linesFrom(socket);
  try {
    const told = await lines.next();
    if (told === 'busy') throw new BackupFailed('another backup of this database is at its last step; try again');
    if (told !== 'held') {
      const reason = told?.startsWith('failed ') ? told.slice('failed '.length) : 'its process does not offer to';
      throw new BackupFailed(`the running engine could not be held: ${reason}`);
    }
    const from = performance.now();
    const answer = await work();
    socket.write('release\n');
    if ((await lines.next()) !== 'released')
      throw new BackupFailed('the engine was held too long and went on before its files were copied; try again');
    return { answer, heldMs: Math.round(performance.now() - from) };
  } finally {
    socket.destroy();
  }
}

/** Locks the engine with all that is written on disk; what it answers unlocks it. */
async function lockEngine(uri: string): Promise<() => Promise<void>> {
  const client = new mongo.MongoClient(uri);
  try {
    await client.db('admin').command({ fsync: 1, lock: true });
  } catch (error) {
    await client.close();
    throw error;
  }
  return async () => {
    try {
      await client.db('admin').command({ fsyncUnlock: 1 });
    } finally {
      await client.close();
    }
  };
}

function holdSocketBeside(socketPath: string): string {
  return join(dirname(socketPath), SOCKET_NAME);
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** The lines that come from a socket, one after the other; undefined when it has ended. */
function linesFrom(socket: Socket): { next(): Promise<string | undefined> } {
  const chunks = socket.setEncoding('utf8')[Symbol.asyncIterator]();
  let rest = '';

  async function next(): Promise<string | undefined> {
    for (;;) {
      const end = rest.indexOf('\n');
      if (end >= 0) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 1);
        return line;
      }
      // There is nobody at the other end, which is the same as nothing that is said.
      const { value, done } = await chunks.next().catch(() => ({ value: undefined, done: true }));
      if (done) return undefined;
      rest += value;
    }
  }
  return { next };
}
