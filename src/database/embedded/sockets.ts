import { lstat, readdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';

/** The state of the socket at `path`: it takes connections, is left over from a dead process, or neither is certain. */
export function acceptsConnections(path: string): Promise<'yes' | 'dead' | 'unknown'> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (answer: 'yes' | 'dead' | 'unknown') => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle('yes'));
    socket.once('error', (error) => settle('code' in error && error.code === 'ECONNREFUSED' ? 'dead' : 'unknown'));
  });
}

/**
 * The engine puts its socket into a folder of its own beside `socketPath`'s, and a killed process leaves that there.
 * Removes those that are this user's, refuse connections, and are older than ours by enough not to be just starting.
 */
export async function removeDeadSockets(socketPath: string): Promise<void> {
  const ownFolder = dirname(socketPath);
  const parent = dirname(ownFolder);
  const names = await readdir(parent).catch(() => []);
  const { mtimeMs: startedAt } = await lstat(ownFolder);
  for (const name of names) {
    const folder = join(parent, name);
    if (!/^embedded-mongodb-\w{6}$/.test(name) || folder === ownFolder) continue;
    if (await isDead(folder, basename(socketPath), startedAt)) await rm(folder, { recursive: true, force: true });
  }
}

const STARTING_MS = 10_000;

async function isDead(folder: string, socketName: string, now: number): Promise<boolean> {
  try {
    const { uid, mtimeMs } = await lstat(folder);
    if (uid !== process.getuid?.() || now - mtimeMs < STARTING_MS) return false;
    return (await acceptsConnections(join(folder, socketName))) === 'dead';
  } catch {
    // Another process removed it meanwhile.
    return false;
  }
}
