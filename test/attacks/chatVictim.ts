import { createPlatform } from '../support/platform.ts';
import { startVictim } from './victim.ts';

export type ChatVictim = Awaited<ReturnType<typeof startChatVictim>>;

/** The built service, with what an attack by chat does for people who are no attackers; `environment` has it speak to stand-ins. */
export async function startChatVictim(cli: string, environment: Record<string, string>) {
  const { target, peakMebibytes, hasEnded, stop } = await startVictim(cli, environment);
  const url = `http://${target.host}:${target.port}`;
  const call = (method: string, path: string) =>
    fetch(new URL(path, url), { method, headers: { authorization: `Bearer ${target.apiKey}` } });
  return {
    call,
    platform: createPlatform({ url, secret: target.secret }),
    /** A code that links a chat to an account, which must be known. */
    linkCode: async (accountId: string): Promise<string> => {
      const answer = await call('POST', `/v1/accounts/${accountId}/link-codes`);
      return ((await answer.json()) as { code: string }).code;
    },
    peakMebibytes,
    hasEnded,
    stop,
  };
}
