import type { Billing } from '../accounts/account.ts';
import type { Issuer } from '../books/issuer.ts';
import type { Vat } from '../books/vat.ts';
import { countryName } from '../kernel/country.ts';
import type { MinorUnits } from '../kernel/money.ts';
import { oneLine } from '../kernel/text.ts';
import { type DisplayContext, speechOf } from '../texts/speech.ts';
import type { Paper } from './paper.ts';
import { accountName, saidByOthers } from './words.ts';

/** What an accountant looks for on a document, beside what it is about; without an issuer only the number. */
export type Bookkeeping = { issuer?: Issuer | undefined; number?: string | undefined };

/** Whose document it is, or to whom it is made out. */
export type Party = { accountId: string; name: string; billing?: Billing | undefined };

/** The issuer above everything else: logo, name, address, tax id. */
export function letterhead(paper: Paper, issuer: Issuer | undefined, display: DisplayContext): void {
  if (issuer === undefined) return;
  const { say, language } = speechOf(display);
  paper.letterhead({
    logo: issuer.logo,
    name: issuer.name,
    lines: [
      ...issuer.address,
      countryName(issuer.country, language),
      say('documents.books.taxId', { taxId: issuer.taxId }),
      ...(issuer.email === undefined ? [] : [issuer.email]),
    ],
  });
}

/** An account as an address: its name for the tax office, or else its own, with what it has told. */
export function partyLines({ accountId, name, billing = {} }: Party, display: DisplayContext): string[] {
  const { say, language } = speechOf(display);
  const { address = '', country, taxId } = billing;
  return [
    accountName(billing.name ?? name, accountId),
    ...address
      .split('\n')
      .filter((line) => oneLine(line) !== '')
      .map(saidByOthers),
    ...(country === undefined ? [] : [countryName(country, language)]),
    ...(taxId === undefined ? [] : [say('documents.books.taxId', { taxId: saidByOthers(taxId) })]),
  ];
}

/** Its number, where it has one. */
export function numberFact(number: string | undefined, display: DisplayContext): [string, string][] {
  return number === undefined ? [] : [[speechOf(display).say('documents.books.number'), number]];
}

/** What of an amount is VAT, or who owes it. */
export function vatLines(paper: Paper, vat: Vat, amount: MinorUnits, display: DisplayContext): void {
  const { say, money, rate } = speechOf(display);
  switch (vat.kind) {
    case 'none':
      return;
    case 'reverse-charge':
      paper.paragraph(vat.note ?? say('documents.books.reverseCharge'));
      return;
    case 'included':
      paper.facts([
        [say('documents.books.net'), money(vat.net)],
        [say('documents.books.vat', { rate: rate(vat.rateBps) }), money(vat.vat)],
        [say('documents.books.gross'), money(amount)],
      ]);
      if (vat.note !== undefined) paper.small(vat.note);
  }
}

/** How to pay what is unpaid; nothing where the issuer says nothing of it. */
export function howToPay(
  paper: Paper,
  { issuer, number }: Bookkeeping,
  reference: string,
  display: DisplayContext,
): void {
  const { paymentTerms, bank } = issuer ?? {};
  if (paymentTerms === undefined && bank === undefined) return;
  const { say } = speechOf(display);
  paper.section(say('documents.books.howToPay'));
  if (paymentTerms !== undefined) paper.paragraph(paymentTerms);
  if (bank === undefined) return;
  paper.facts([
    [say('documents.books.accountHolder'), bank.name],
    ['IBAN', bank.iban.replaceAll(/(.{4})(?=.)/g, '$1 ')],
    ...(bank.bic === undefined ? [] : [['BIC', bank.bic] as [string, string]]),
    [say('documents.books.paymentReference'), number ?? reference],
  ]);
}
