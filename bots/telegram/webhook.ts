import { createHash, timingSafeEqual } from 'node:crypto';
import type { Update } from 'telegraf/types';

import { createGrowingBuffer } from '../../src/kernel/growingBuffer.ts';

const BODY_LIMIT_BYTES = 256 * 1_024;

/**
 * `POST /telegram/webhook`: 200 once the update is stored, so Telegram may forget it. 401 without the secret, 413 for
 * too much, 400 for anything else than an update, 503 when it could not be stored: Telegram sends it again.
 */
export function createWebhook(secret: string, receive: (updates: Update[]) => Promise<unknown>) {
  return async function webhook(request: Request): Promise<Response> {
    if (!sameSecret(request.headers.get('x-telegram-bot-api-secret-token') ?? '', secret)) return answer(401);
    const body = await readBody(request);
    if (body === null) return answer(413);
    const update = parseUpdate(body);
    if (update === null) return answer(400);
    try {
      await receive([update]);
      return answer(200);
    } catch {
      return answer(503);
    }
  };
}

function sameSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

/** Of equal length whatever was sent, so the comparison takes equally long. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

async function readBody(request: Request): Promise<string | null> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_LIMIT_BYTES) return null;
  const body = createGrowingBuffer(BODY_LIMIT_BYTES);
  for await (const chunk of request.body ?? []) if (!body.append(Buffer.from(chunk))) return null;
  return body.bytes().toString('utf8');
}

function parseUpdate(body: string): Update | null {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed !== 'object' || parsed === null || !('update_id' in parsed)) return null;
    // A sender that knows the secret is Telegram, and the handler reads only kinds of update that it knows.
    return Number.isSafeInteger(parsed.update_id) ? (parsed as Update) : null;
  } catch {
    return null;
  }
}

function answer(status: number): Response {
  return new Response(null, { status });
}
