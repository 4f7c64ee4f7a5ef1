import { describe, expect, it } from 'vitest';

import { verifyInitData } from '../../src/console/initData.ts';
import { initDataOf, signedInitData } from '../support/initData.ts';

/** Published at https://docs.telegram-mini-apps.com/platform/init-data#validating, with the token of a bot that is no more. */
const PUBLISHED = {
  botToken: '5768337691:AAH5YkoiEuPk8-FZa32hStHTqXiLPtAEhx8',
  initData:
    'query_id=AAHdF6IQAAAAAN0XohDhrOrc&user=%7B%22id%22%3A279058397%2C%22first_name%22%3A%22Vladislav%22%2C%22last_name%22%3A%22Kibenko%22%2C%22username%22%3A%22vdkfrost%22%2C%22language_code%22%3A%22ru%22%2C%22is_premium%22%3Atrue%7D&auth_date=1662771648&hash=c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2',
};
const AT = new Date('2026-11-23T06:00:00Z');
const token = '4711:test-token';
const after = (seconds: number) => new Date(AT.getTime() + seconds * 1_000);
const verify = (initData: string, now = AT) => verifyInitData(initData, { botToken: token, now });
const good = initDataOf(279058397, { token, openedAt: AT });

describe('initData', () => {
  it('is verified as Telegram says, by the published example', () => {
    const openedAt = new Date(1_662_771_648_000);
    expect(verifyInitData(PUBLISHED.initData, { ...PUBLISHED, now: openedAt })).toEqual({
      kind: 'verified',
      userId: '279058397',
      hash: 'c501b71e775f74ce10e377dea85a7ea24ecd640b223ea86dfe453e0eaed2e2b2',
      openedAt,
    });
  });

  it('has the same hash in whatever order its fields come', () => {
    const turned = good.split('&').reverse().join('&');
    expect(verify(turned)).toEqual(verify(good));
    expect(verify(good)).toMatchObject({ kind: 'verified', userId: '279058397' });
  });

  it.each([
    ['another user', good.replace('279058397', '279058398')],
    ['another instant', good.replace(/auth_date=\d/, 'auth_date=2')],
    ['one field less', good.replace(/&signature=[^&]*/, '')],
    ['one field more', `${good}&chat_type=sender`],
    ['another hash', good.replace(/hash=./, (found) => (found === 'hash=0' ? 'hash=1' : 'hash=0'))],
    ['another bot', initDataOf(279058397, { token: '4712:test-token', openedAt: AT })],
  ])('is refused as forged with %s', (_, initData) => {
    expect(verify(initData)).toEqual({ kind: 'refused', why: 'forged' });
  });

  it.each([
    ['nothing', ''],
    ['no hash', good.replace(/&hash=.*/, '')],
    ['a short hash', good.slice(0, -2)],
    ['a hash in capitals', good.replace(/hash=.*/, (hash) => `hash=${hash.slice(5).toUpperCase()}A`.slice(0, 69))],
    ['a hash twice', `${good}&hash=${'0'.repeat(64)}`],
    [
      'a user twice',
      signedInitData(
        [...new URLSearchParams(good)].filter(([name]) => name !== 'hash').concat([['user', '{"id":1}']]),
        token,
      ),
    ],
    ['what cannot be decoded', `${good}&x=%E0%A4%A`],
    ['an odd name', `${good}&a%0Ab=1`],
    ['too much', `${good}&x=${'y'.repeat(5_000)}`],
    ['no user', initDataOf(1, { token, openedAt: AT, changes: { user: '' } })],
    ['a user of nothing', initDataOf(1, { token, openedAt: AT, changes: { user: 'null' } })],
    ['a user whose id is a text', initDataOf(1, { token, openedAt: AT, changes: { user: '{"id":"279058397"}' } })],
    ['a user below zero', initDataOf(-5, { token, openedAt: AT })],
    ['half a user', initDataOf(1.5, { token, openedAt: AT })],
    ['a user beyond numbers', initDataOf(2 ** 60, { token, openedAt: AT })],
    ['no instant', initDataOf(1, { token, openedAt: AT, changes: { auth_date: '' } })],
    ['an instant with more behind it', initDataOf(1, { token, openedAt: AT, changes: { auth_date: '1795413600x' } })],
    ['an endless instant', initDataOf(1, { token, openedAt: AT, changes: { auth_date: '9'.repeat(30) } })],
  ])('is refused as malformed with %s', (_, initData) => {
    expect(verify(initData)).toEqual({ kind: 'refused', why: 'malformed' });
  });

  it.each([
    [-61, { kind: 'refused', why: 'too-new' }],
    [-60, { kind: 'verified' }],
    [600, { kind: 'verified' }],
    [601, { kind: 'refused', why: 'too-old' }],
  ])('at %i seconds of age: %j', (seconds, verdict) => {
    expect(verify(good, after(seconds))).toMatchObject(verdict);
  });
});
