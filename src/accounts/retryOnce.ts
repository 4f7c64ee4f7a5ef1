import { isDuplicateKey } from '../kernel/errors.ts';

/** Two upserts of one key at once: the slower one meets the other's document and finds it the second time. */
export async function retryOnce<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (error) {
    if (!isDuplicateKey(error)) throw error;
    return attempt();
  }
}
