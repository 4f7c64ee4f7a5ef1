import { hasCode } from './errors.ts';

/** Whether a process of this machine is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of another user is alive, too.
    return hasCode(error, 'EPERM');
  }
}
