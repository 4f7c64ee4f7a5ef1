// The OpenAPI description without a service behind it: routes are added, and none is ever called.
import { Registry } from 'prom-client';

import { createApp } from '../webhooks/app.ts';

/** Stands for whatever the routes are handed, and for all that is in it. */
const NOTHING = new Proxy(() => {}, {
  get: (_, name) => (name === 'then' ? undefined : NOTHING),
  apply: () => NOTHING,
});

/** What `GET /openapi.json` answers, the test clock with it. */
export async function apiDescription() {
  const deps = {
    consoleUrl: undefined,
    ...{ apiKeys: [], ownerKeys: [], webhookSecrets: [SECRET], operationsApart: false },
    ...{ platform: { currency: 'USD' }, metrics: new Registry(), log: console, publicUrl: undefined },
    ...{
      sources: { list: [] },
      sourceSignatures: [],
      guard: undefined,
      mayDecide: undefined,
      telegramWebhook: undefined,
      policy: undefined,
      consoleUrl: undefined,
    },
  };
  const app = createApp(new Proxy(deps, { get: (own, name) => (name in own ? own[name] : NOTHING) }));
  return (await app.request('/openapi.json')).json();
}

/** Of the right form; nothing is ever signed with it. */
const SECRET = `whsec_${Buffer.alloc(32).toString('base64')}`;
