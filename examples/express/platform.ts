import express from 'express';
import { type Client, RefusedError, VerificationError, type WebhookEvent } from 'settlebot/client';

/** What your platform does with what it is told; it keeps the ids of what it has done, and does nothing twice. */
type Handle = (event: WebhookEvent) => Promise<void>;

export function createPlatform(settlebot: Client, handle: Handle) {
  const app = express();

  // The signature is over the bytes as they came: no parser may have touched them.
  app.post('/settlebot', express.raw({ type: 'application/json', limit: '1mb' }), async (request, response) => {
    try {
      await handle(await settlebot.verify({ headers: request.headers, body: request.body }));
      response.status(204).end();
    } catch (error) {
      if (!(error instanceof VerificationError)) throw error;
      response.status(401).end();
    }
  });

  app.put('/accounts/:id', express.json(), async (request, response) => {
    const { role, name, updatedAt } = request.body;
    const data = { accountId: request.params.id, role, name };
    try {
      // The same version again is the same event, under the same id.
      const id = `account-${data.accountId}-${Date.parse(updatedAt)}`;
      const { status } = await settlebot.send({ id, type: 'account.updated', timestamp: updatedAt, data });
      response.json({ status });
    } catch (error) {
      if (!(error instanceof RefusedError)) throw error;
      response.status(422).json({ code: error.code, errors: error.errors });
    }
  });

  return app;
}
