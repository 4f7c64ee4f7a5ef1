import nock from 'nock';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type ChannelError, outcomeOf } from '../../bots/channelErrors.ts';
import { createApi } from '../../bots/telegram/api.ts';

// What happens on the way to Telegram's own address, where no stand-in on loopback can be: names that do not resolve,
// certificates that are refused, a network that answers in Telegram's place.
const TOKEN = '4711:AA_secret-of-the-bot';
const PAGE = '<html><body>Please log in to this network</body></html>';

beforeAll(() => nock.disableNetConnect());
afterEach(() => nock.cleanAll());
afterAll(() => {
  nock.enableNetConnect();
  nock.restore();
});

function telegram(): nock.Interceptor {
  return nock('https://api.telegram.org').post(`/bot${TOKEN}/sendMessage`);
}

async function faultOfSending(): Promise<ChannelError> {
  const api = createApi({ token: TOKEN });
  return api.send('1', { kind: 'text', text: 'hello', keyboard: [] }).then(
    () => expect.unreachable('the message was not to be sent'),
    (error: unknown) => api.channelErrorOf(error),
  );
}

describe("on the way to Telegram's own address", () => {
  it.each([
    ['a name that does not resolve', Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })],
    ['a certificate that is refused', Object.assign(new Error('expired'), { code: 'CERT_HAS_EXPIRED' })],
    ['a connection that is reset', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })],
  ])('tries again after %s, and keeps the token to itself', async (_, error) => {
    telegram().replyWithError(error);
    const fault = await faultOfSending();
    expect(fault.kind).toBe('failed');
    expect(outcomeOf(fault).kind).toBe('failed');
    expect(JSON.stringify(fault)).not.toContain('secret-of-the-bot');
  });

  it.each([200, 403, 502])(
    'takes a page that another network answers with %i for no answer of Telegram',
    async (status) => {
      telegram().reply(status, PAGE, { 'content-type': 'text/html', 'content-length': String(PAGE.length) });
      const fault = await faultOfSending();
      expect(fault.kind).toBe('failed');
      expect(JSON.stringify(fault)).not.toContain('secret-of-the-bot');
    },
  );
});
