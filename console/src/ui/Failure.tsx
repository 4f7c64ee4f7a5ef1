import type { ItemOf } from '../api.ts';
import { useConsole } from '../context.ts';
import { failureWords } from '../failures.ts';
import { AsWritten } from './AsWritten.tsx';

/** Why a webhook did not reach the platform; of what nobody has words for, what was stored. */
export function Failure({ error, failure }: Pick<ItemOf<'GET /v1/webhooks'>, 'error' | 'failure'>) {
  const { say } = useConsole();
  if (failure !== null) return <span class="words">{failureWords(failure, say)}</span>;
  return error === null ? null : <AsWritten>{error}</AsWritten>;
}
