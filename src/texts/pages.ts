/** Pages outside the chat that messages lead to, where the deployment has them. */
export type Pages = {
  /** Where a model tops up: a template with any of the placeholders in it. */
  topUp?: string;
  /** Where the rules are read (`GET /rules`). */
  rules?: string;
  /** Where the console is: the address that its own paths come after. */
  console?: string;
};

/** What the template of a page may have in braces. */
export const PLACEHOLDERS = ['accountId', 'amount', 'invoiceId', 'locale'] as const;

/** The address of a page for somebody: each placeholder is filled in, as it may stand in an address. */
export function fillPage(template: string, values: Record<(typeof PLACEHOLDERS)[number], string>): string {
  return PLACEHOLDERS.reduce((page, name) => page.replaceAll(`{${name}}`, encodeURIComponent(values[name])), template);
}
