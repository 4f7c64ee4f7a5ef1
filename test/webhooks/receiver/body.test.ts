import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';

import { createGuard } from '../../../webhooks/guard/guard.ts';
import { BODY_LIMITS, type BodyLimits, createBodyReader } from '../../../webhooks/receiver/body.ts';

const request = new Request('http://settlebot/', { method: 'POST' });
const stranger = peer('192.0.2.1');

describe('a body', () => {
  it('is read whole up to the limit, and not beyond', async () => {
    const read = createBodyReader(10, 100);
    expect(await read(request, stream('x'.repeat(10)))).toEqual(Buffer.from('x'.repeat(10)));
    expect(await read(request, stream('x'.repeat(11)))).toBe('too-large');
  });

  it('is not read at all when its declared length is over the limit or no number', async () => {
    const read = createBodyReader(10, 100);
    for (const length of ['11', '1e9', 'many']) {
      const declared = new Request('http://settlebot/', { headers: { 'content-length': length } });
      const body = new PassThrough();
      expect(await read(declared, body)).toBe('too-large');
      expect(body.listenerCount('data')).toBe(0);
    }
  });

  it('has to wait when all that are being sent fill the memory, until one of them is done', async () => {
    const read = createBodyReader(10, 25);
    const slow = [new PassThrough(), new PassThrough()];
    const reading = slow.map((body) => read(request, body));
    for (const body of slow) body.write('x'.repeat(10));
    expect(await read(request, stream('x'.repeat(10)))).toBe('too-many');
    for (const body of slow) body.end();
    await Promise.all(reading);
    expect(await read(request, stream('x'.repeat(10)))).toEqual(Buffer.from('x'.repeat(10)));
  });

  it('that breaks off is aborted, also before anybody reads it', async () => {
    const read = createBodyReader();
    const body = new PassThrough();
    const reading = read(request, body);
    body.destroy();
    expect(await reading).toBe('aborted');
    expect(await read(request, body)).toBe('aborted');
  });

  it('that is not there is empty', async () => {
    expect(await createBodyReader()(request)).toEqual(Buffer.alloc(0));
  });
});

function stream(text: string): PassThrough {
  const body = new PassThrough();
  body.end(text);
  return body;
}
