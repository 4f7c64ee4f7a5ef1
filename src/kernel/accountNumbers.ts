import { createHash } from 'node:crypto';

import { createBase58check } from '@scure/base';
import { electronicFormatIBAN, isSEPACountry, isValidBIC, ValidationErrorsIBAN, validateIBAN } from 'ibantools';

/**
 * Numbers of accounts that money is sent to: how they are written, and what is wrong with one. Nothing here ever repeats a
 * number, so that what it says may go to a log.
 */

/** A number as it is compared and stored, or what is wrong with it. */
export type ReadNumber = { number: string } | { fault: string };

/** Members of the SEPA area that the library does not count yet: they joined in 2024 and 2025. */
const JOINED_SEPA = new Set(['AL', 'MD', 'ME', 'MK', 'RS']);

/** An IBAN (ISO 13616) without its spaces, in capitals. Its country, length, form and check digits are as they must be. */
export function readIban(text: string): ReadNumber {
  const number = electronicFormatIBAN(text.replace(/\s/g, '')) ?? '';
  const { errorCodes } = validateIBAN(number);
  if (errorCodes.length === 0) return { number };
  return { fault: ibanFault(errorCodes) };
}

function ibanFault(codes: ValidationErrorsIBAN[]): string {
  const has = (code: ValidationErrorsIBAN) => codes.includes(code);
  if (has(ValidationErrorsIBAN.NoIBANProvided)) return 'must be an IBAN';
  if (has(ValidationErrorsIBAN.NoIBANCountry))
    return 'must be an IBAN: it does not begin with a country that has IBANs';
  if (has(ValidationErrorsIBAN.WrongBBANLength)) return 'must be an IBAN: it has not the length of its country';
  if (has(ValidationErrorsIBAN.WrongBBANFormat)) return 'must be an IBAN: it has not the form of its country';
  return 'must be an IBAN: its check digits are wrong, so at least one character is';
}

/** Whether an IBAN, as it is stored, can be paid to within SEPA. */
export function isInSepa(iban: string): boolean {
  const country = iban.slice(0, 2);
  return isSEPACountry(country) || JOINED_SEPA.has(country);
}

/** Whether it is one of the Swiss numbers that take payments with a QR reference alone. */
export function isQrIban(iban: string): boolean {
  return validateIBAN(iban, { allowQRIBAN: false }).errorCodes.includes(ValidationErrorsIBAN.QRIBANNotAllowed);
}

/** A BIC (ISO 9362) of 8 or 11 characters, in capitals. */
export function readBic(text: string): ReadNumber {
  const number = text.replace(/\s/g, '').toUpperCase();
  return isValidBIC(number) ? { number } : { fault: 'must be a BIC of 8 or 11 characters, as COBADEFF' };
}

const base58check = createBase58check((bytes: Uint8Array) => createHash('sha256').update(bytes).digest());
/** How an address of TRON begins, and how long it is, once decoded. */
const TRON_VERSION = 0x41;
const TRON_BYTES = 21;
/** Addresses that people paste by mistake: what is sent to them is lost. */
const NOBODYS = new Map([
  ['T9yD14Nj9j7xAB4dbGeiX9h8unkKHxuWwb', 'is the address that nobody has: what is sent there is lost'],
  ['TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t', 'is the contract of USDT itself, and no wallet: what is sent there is lost'],
]);

/** An address on TRON, where USDT is a TRC20 token: 34 characters of base58 with a checksum, from T on. Case matters. */
export function readTronAddress(text: string): ReadNumber {
  const number = text.trim();
  if (/^(0x)?[0-9a-f]{40,42}$/i.test(number)) {
    return { fault: 'must be a TRON address as wallets show it, from T on, and not in hexadecimal' };
  }
  const bytes = decoded(number);
  if (bytes === null) {
    return {
      fault: 'must be a TRON address of 34 characters, from T on: its checksum is wrong, so at least one character is',
    };
  }
  if (bytes.length !== TRON_BYTES || bytes[0] !== TRON_VERSION) {
    return { fault: 'must be a TRON address of 34 characters, from T on: this is of another chain' };
  }
  const nobodys = NOBODYS.get(number);
  return nobodys === undefined ? { number } : { fault: nobodys };
}

/** Null where a character or the checksum is wrong. */
function decoded(address: string): Uint8Array | null {
  try {
    return base58check.decode(address);
  } catch {
    // What the library says of it repeats the address.
    return null;
  }
}

/** As `DE89 … 3000`: enough for whoever knows the number to recognize it. The shortest IBAN has 15 characters. */
export function maskedNumber(number: string): string {
  return number.length < 12 ? '…' : `${number.slice(0, 4)} … ${number.slice(-4)}`;
}

/** As `k…@example.com`. */
export function maskedEmail(email: string): string {
  const at = email.lastIndexOf('@');
  if (at < 0) return '…';
  const local = [...email.slice(0, at)];
  return `${local.length < 3 ? '' : local[0]}…${email.slice(at)}`;
}

/** Of a text nobody knows what it says, so that next to nothing of it is shown. */
export function maskedText(text: string): string {
  const characters = [...text];
  return characters.length < 8 ? '…' : `… ${characters.slice(-2).join('')}`;
}
