import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCanvas } from '@napi-rs/canvas';
import { afterAll, describe, expect, it } from 'vitest';

import { readIssuer } from '../../src/books/issuer.ts';
import { readConfig } from '../../src/config.ts';
import { scratchFolder } from '../support/scratch.ts';

const LEAST = { name: 'Example', address: ['Street 1'], country: 'DE', taxId: 'DE123456789' };
const folder = mkdtempSync(join(scratchFolder(), 'settlebot-issuer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = join(folder, 'issuer.json');

function read(issuer: unknown) {
  writeFileSync(file, typeof issuer === 'string' ? issuer : JSON.stringify(issuer));
  return readIssuer(file);
}

function errorsOf(issuer: unknown): string[] {
  const result = read(issuer);
  return 'errors' in result ? result.errors : [];
}

function logoOf(content: Uint8Array): { errors: string[] } | object {
  writeFileSync(join(folder, 'logo'), content);
  return read({ ...LEAST, logo: 'logo' });
}

describe('the issuer of a file', () => {
  it('needs a name, an address, a country and a tax id, and has series of its own', () => {
    const series = { invoice: 'INV', creditNote: 'CN', statement: 'SB' };
    expect(read(LEAST)).toEqual({ issuer: { ...LEAST, series } });
    expect(errorsOf({}).map((line) => line.split(': ')[1])).toEqual(Object.keys(LEAST));
    expect(readConfig({ ISSUER_FILE: file })).toMatchObject({ errors: expect.arrayContaining([expect.any(String)]) });
  });

  it('has account numbers without spaces', () => {
    const bank = { name: 'Example', iban: 'de89 3704 0044 0532 0130 00', bic: 'cobadeff' };
    expect(read({ ...LEAST, bank })).toMatchObject({
      issuer: { bank: { name: 'Example', iban: 'DE89370400440532013000', bic: 'COBADEFF' } },
    });
  });

  it.each([
    [{ iban: 'x' }, ': has iban, which is not known'],
    [{ country: 'XX' }, 'country: must be an ISO 3166 code, as DE'],
    [{ address: ['a', ''] }, 'address.1: '],
    [{ vat: { rateBps: 1900, reverseCharge: true } }, 'vat: must have either rateBps or reverseCharge'],
    [{ vat: {} }, 'vat: must have either rateBps or reverseCharge'],
    [{ vat: { rateBps: 19.5 } }, 'vat.rateBps: '],
    [{ vat: { rate: 19 } }, 'vat: has rate, which is not known'],
    [{ bank: { name: 'x', iban: 'DE00370400440532013000' } }, 'bank.iban: must be an IBAN'],
    [{ bank: { name: 'x', iban: 'DE89370400440532013000', bic: 'NO' } }, 'bank.bic: must be a BIC of 8'],
    [{ tron: 'hunter2' }, 'tron: '],
    [{ series: { invoice: 'CN' } }, 'series: must be three different ones'],
    [{ series: { invoice: 'inv-' } }, 'series.invoice: must be 1-10 of A-Z 0-9'],
    [{ logo: 'nowhere.png' }, 'logo: cannot be read (ENOENT)'],
  ])('names what is wrong by its path, and repeats no value: %j', (part, message) => {
    const errors = errorsOf({ ...LEAST, ...part });
    expect(errors[0]).toContain(`ISSUER_FILE: ${message.replace(/^: /, '')}`);
    expect(errors.join()).not.toMatch(/hunter2|DE00|nowhere/);
  });

  it('says of a file that is none, or no JSON, why', () => {
    expect(errorsOf('{')).toEqual(['ISSUER_FILE: cannot be read as JSON (it is none)']);
    expect(readIssuer('/nowhere')).toEqual({ errors: ['ISSUER_FILE: cannot be read as JSON (ENOENT)'] });
  });

  it('takes a whole PNG or JPEG for a logo, and nothing else', async () => {
    const canvas = createCanvas(60, 20);
    canvas.getContext('2d').fillRect(0, 0, 30, 20);
    for (const picture of [await canvas.encode('png'), await canvas.encode('jpeg')]) {
      expect(logoOf(picture)).toMatchObject({ issuer: { logo: picture } });
      expect(logoOf(picture.subarray(0, picture.length - 30))).toHaveProperty('errors');
    }
    const spoilt = await canvas.encode('png');
    spoilt.fill(0, 45, 60);
    expect(logoOf(spoilt)).toEqual({ errors: ['ISSUER_FILE: logo: must be a whole PNG or JPEG'] });
    expect(logoOf(Buffer.from('<svg/>'))).toHaveProperty('errors');
    expect(logoOf(await createCanvas(4_001, 1).encode('png'))).toEqual({
      errors: ['ISSUER_FILE: logo: must be of 1-4000 pixels each way'],
    });
  });
});
