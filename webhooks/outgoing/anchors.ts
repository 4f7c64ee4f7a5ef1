import type { Config } from '../../src/config.ts';
import type { SendOutcome } from '../../src/outgoing/outgoing.ts';
import { createPost } from './post.ts';

/** Posts the last seals of days as ANCHOR_URL is configured, signed as webhooks are; without one there is no `post`. */
export function createAnchorPost({
  ANCHOR_URL: url,
  ANCHOR_SECRET: secret,
}: Pick<Config, 'ANCHOR_URL' | 'ANCHOR_SECRET'>): {
  post: ((message: { id: string; body: string }) => Promise<SendOutcome>) | undefined;
  stop: () => void;
} {
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  if (url === undefined || secret === undefined) return { post: undefined, stop };
  const post = createPost({ url, secret });
  return { post: (message) => post(message, stopped.signal), stop };
}
