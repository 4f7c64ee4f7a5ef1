// Written by `npm run texts` from en.json: every text that people are told, and what it takes.
// biome-ignore-all format: a text a line
// biome-ignore-all lint/complexity/noBannedTypes: a text that takes nothing
export type TextArguments = {
  'invoices.buttons.pay': { total: string };
  'invoices.buttons.topUp': { missing: string };
  'invoices.buttons.details': { week: string };
  'invoices.topUp': {};
  'invoices.takenOff.discount': { discount: string };
  'invoices.takenOff.credit': { credit: string };
  'invoices.takenOff.both': { credit: string; discount: string };
  'invoices.late': { count: number };
  'invoices.issued.title': { invoice: string };
  'invoices.issued.what': { due: string; total: string; week: string };
  'invoices.issued.missing': { balance: string; missing: string };
  'invoices.receipt.title': { invoice: string };
  'invoices.receipt.what': { paid: string; total: string; week: string };
  'invoices.receipt.balance': { balance: string };
  'invoices.credited.what': { total: string; week: string };
  'invoices.credited.left': { left: string };
  'invoices.credited.covered': { credit: string };
  'invoices.credited.cancelledOut': {};
  'invoices.credited.nothingToDo': {};
  'invoices.paid.title': { invoice: string };
  'invoices.paid.what': { total: string; week: string };
  'invoices.paid.by': { by: 'chat' | 'other' | 'topUp'; paid: string };
  'invoices.voided.title': { invoice: string };
  'invoices.voided.what': { reason: string; total: string; week: string };
  'invoices.voided.owesNothing': {};
  'invoices.voided.creditReturned': { credit: string };
  'invoices.insufficient.title': { invoice: string };
  'invoices.insufficient.what': { balance: string; missing: string; total: string; week: string };
  'invoices.insufficient.due': { due: string };
};

export type TextKey = keyof TextArguments;
