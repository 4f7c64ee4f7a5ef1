import type { ItemOf } from './api.ts';
import type { Say } from './say.ts';

type Failure = NonNullable<ItemOf<'GET /v1/webhooks'>['failure']>;

/** Why a webhook did not reach the platform. */
export function failureWords(failure: Failure, say: Say): string {
  switch (failure.kind) {
    case 'refused':
    case 'redirected':
      return say(`webhookFailures.${failure.kind}`, { status: String(failure.status) });
    case 'late':
      return say('webhookFailures.late', { seconds: failure.seconds });
    case 'unreachable':
      return failure.code === null
        ? say('webhookFailures.unreachable')
        : say('webhookFailures.unreachableFor', { code: failure.code });
    case 'erased':
      return say('webhookFailures.erased');
  }
}
