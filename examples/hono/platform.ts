import { Hono } from 'hono';
import { type Client, VerificationError, type WebhookEvent } from 'settlebot/client';

/** What your platform does with what it is told; it keeps the ids of what it has done, and does nothing twice. */
type Handle = (event: WebhookEvent) => Promise<void>;

/** Runs wherever Hono does: Node, Bun, Deno, workers. */
export function createPlatform(settlebot: Client, handle: Handle) {
  const app = new Hono();
  // One for the whole process: top-ups that come together go to settlebot in one request.
  const batch = settlebot.batch();

  app.post('/top-ups/:id', async (c) => {
    const { accountId, amount } = await c.req.json<{ accountId: string; amount: number }>();
    const topUpId = c.req.param('id');
    const toppedUpAt = new Date();
    const data = { topUpId, accountId, amount, toppedUpAt };
    // The id follows from the top-up, so that a second request for it is a duplicate.
    const id = `topup-${topUpId}`;
    const { status } = await batch.send({ id, type: 'balance.topped_up', timestamp: toppedUpAt, data });
    return c.json({ status });
  });

  app.post('/settlebot', async (c) => {
    try {
      await handle(await settlebot.verify(c.req.raw));
      return c.body(null, 204);
    } catch (error) {
      if (error instanceof VerificationError) return c.text('unauthorized', 401);
      // Anything but a 2xx is delivered again.
      throw error;
    }
  });

  return app;
}
