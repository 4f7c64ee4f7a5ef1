import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createPost } from '../../../webhooks/outgoing/post.ts';
import { type PlatformReceiver, startPlatformReceiver } from '../../support/platformReceiver.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const BODY = '{"type":"invoice.issued","timestamp":"2026-11-23T06:00:00.000Z","data":{"name":"Zoë — ünïcode"}}';
const RUNNING = new AbortController().signal;

let receiver: PlatformReceiver;
beforeAll(async () => {
  receiver = await startPlatformReceiver(SECRET, { anyData: true });
});
afterAll(() => receiver.close());

const webhook = (id: string) => ({ id, body: BODY });

describe('one webhook to the platform', () => {
  it('is signed over its bytes, dated by the real time', async () => {
    const post = createPost({ url: receiver.url, secret: SECRET });
    expect(await post(webhook('a:1'), RUNNING)).toEqual({ kind: 'delivered' });
    const [got] = receiver.taken;
    expect(got).toMatchObject({ id: 'a:1', body: BODY, data: { name: 'Zoë — ünïcode' } });
    expect(Math.abs(Number(got?.headers['webhook-timestamp']) * 1_000 - Date.now())).toBeLessThan(5_000);
  });

  it('with another secret is refused by the library, and that is no delivery', async () => {
    const post = createPost({ url: receiver.url, secret: OTHER_SECRET });
    expect(await post(webhook('a:2'), RUNNING)).toEqual({ kind: 'failed', error: 'answered 401' });
    expect(receiver.refusedSignatures).toHaveLength(1);
  });

  it.each([
    ['15', 15_000],
    [new Date(Date.now() + 60_000).toUTCString(), 60_000],
  ])('hears Retry-After: %s', async (header, expected) => {
    receiver.behave({ status: 429, headers: { 'retry-after': header } });
    const outcome = await createPost({ url: receiver.url, secret: SECRET })(webhook('a:3'), RUNNING);
    const askedMs = outcome.kind === 'failed' ? (outcome.askedMs ?? 0) : 0;
    expect(Math.abs(askedMs - expected)).toBeLessThan(5_000);
  });

  it.each(['', 'soon', '-5', new Date(0).toUTCString()])('takes no nonsense for Retry-After: "%s"', async (header) => {
    receiver.behave({ status: 503, headers: { 'retry-after': header } });
    const outcome = await createPost({ url: receiver.url, secret: SECRET })(webhook('a:4'), RUNNING);
    expect(outcome).toEqual({ kind: 'failed', error: 'answered 503' });
  });

  it('is delivered by its status, though the answer has no end', async () => {
    receiver.behave('endless');
    const outcome = await createPost({ url: receiver.url, secret: SECRET })(webhook('a:5'), RUNNING);
    expect(outcome).toEqual({ kind: 'delivered' });
  });

  it('waits for an answer, but not for ever', async () => {
    receiver.behave('hang');
    const outcome = await createPost({ url: receiver.url, secret: SECRET, timeoutMs: 50 })(webhook('a:6'), RUNNING);
    expect(outcome).toEqual({ kind: 'failed', error: 'no answer within 0.05 s' });
  });

  it('is cut off when the service stops', async () => {
    receiver.behave('hang');
    const stop = new AbortController();
    const outcome = createPost({ url: receiver.url, secret: SECRET })(webhook('a:7'), stop.signal);
    stop.abort();
    expect(await outcome).toEqual({ kind: 'cut-off' });
  });

  it('gives the credentials of its URL as a header, and repeats them nowhere', async () => {
    receiver.behave(204);
    const url = receiver.url.replace('http://', 'http://user:pass%20word@');
    expect(await createPost({ url, secret: SECRET })(webhook('a:8'), RUNNING)).toEqual({ kind: 'delivered' });
    const expected = `Basic ${Buffer.from('user:pass word').toString('base64')}`;
    expect(receiver.taken.at(-1)?.headers.authorization).toBe(expected);
  });

  it('says what is wrong without a word of the address', async () => {
    const gone = await startPlatformReceiver(SECRET, { anyData: true });
    await gone.close();
    const url = gone.url.replace('http://', 'http://user:secret@').concat('?token=secret');
    const outcome = await createPost({ url, secret: SECRET })(webhook('a:9'), RUNNING);
    expect(outcome).toEqual({ kind: 'failed', error: 'cannot be reached (ECONNREFUSED)' });
    const broken = await createPost({ url: 'http://no.invalid/secret', secret: SECRET })(webhook('a:10'), RUNNING);
    expect(JSON.stringify(broken)).not.toContain('secret');
    expect(broken).toMatchObject({ kind: 'failed' });
  });
});
