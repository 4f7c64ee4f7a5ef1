import { createApi } from './api.ts';
import { type BatchOptions, createBatch } from './batch.ts';
import { createSend, signerOf } from './send.ts';
import { createSendLines, createSendMany } from './sendMany.ts';
import { type CallOptions, createTransport, type TransportOptions } from './transport.ts';
import { createVerifier } from './verify.ts';

export type ClientOptions = TransportOptions & {
  /** One of the service's WEBHOOK_SECRETS: signs events. */
  webhookSecret?: string | undefined;
  /** One of the service's API_KEYS: for `/v1`. */
  apiKey?: string | undefined;
  /** PLATFORM_WEBHOOK_SECRET, or several while it is changed: for `verify`. */
  platformWebhookSecrets?: string | readonly string[] | undefined;
};

export type Client = ReturnType<typeof createClient>;

/**
 * A client of settlebot for any runtime with fetch and Web Crypto. Give it what it is used for: `webhookSecret` to send events,
 * `apiKey` to call the API, `platformWebhookSecrets` to verify webhooks. Throws a TypeError for a secret or an address that is none.
 */
export function createClient(options: ClientOptions) {
  if (!/^https?:$/.test(new URL(options.url).protocol)) throw new TypeError('url must be http or https');
  const transport = createTransport(options);
  const signer = signerOf(options.webhookSecret);
  const sendLines = createSendLines(transport, signer);
  const { platformWebhookSecrets: secrets, now, apiKey } = options;
  const verify = secrets === undefined ? undefined : createVerifier({ secrets, now });

  return {
    send: createSend(transport, signer),
    sendMany: createSendMany(sendLines),
    /** Collects events that come one by one into batches. Make one, and send everything through it. */
    batch: (batchOptions: BatchOptions & CallOptions = {}) => createBatch(sendLines, batchOptions),
    /** See `createVerifier`. */
    verify: ((request) => {
      if (verify === undefined) throw new TypeError('verifying webhooks needs platformWebhookSecrets');
      return verify(request);
    }) satisfies ReturnType<typeof createVerifier>,
    ...createApi(transport, () => (apiKey === undefined ? undefined : { authorization: `Bearer ${apiKey}` })),
  };
}
