import { createVerifier, VerificationError, type WebhookEvent } from 'settlebot/client';

// Both runtimes of Next do, with nothing but Web APIs.
export const runtime = 'edge';

let verify: ReturnType<typeof createVerifier> | undefined;

/** `POST /settlebot`: the address that PLATFORM_WEBHOOK_URL names. */
export async function POST(request: Request): Promise<Response> {
  // Made at the first request: a build has no secrets.
  verify ??= createVerifier({ secrets: (process.env.PLATFORM_WEBHOOK_SECRETS ?? '').split(',') });
  try {
    return Response.json({ shown: wordsFor(await verify(request)) });
  } catch (error) {
    if (error instanceof VerificationError) return new Response(null, { status: 401 });
    throw error;
  }
}

/** What the platform shows; each case knows the data of its type. */
function wordsFor(event: WebhookEvent): string | null {
  switch (event.type) {
    case 'invoice.issued':
      return `Invoice ${event.data.invoiceId}: ${event.data.total} due ${event.data.dueAt}`;
    case 'campaigns.paused':
      return `Campaigns of ${event.data.modelId} are paused: ${event.data.reasons.join(' ')}`;
    case 'payout.settled':
      return `Payout ${event.data.payoutId} is paid`;
    default:
      // Types that come with a later version, too: taken, and nothing done.
      return null;
  }
}
