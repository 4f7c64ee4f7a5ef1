import { userInfo } from 'node:os';

/** Who acts by a command, as the audit trail has it: the user of the machine. */
export function commandActor(): string {
  return `cli:${userInfo().username}`;
}
