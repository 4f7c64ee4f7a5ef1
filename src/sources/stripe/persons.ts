/** Fields of Stripe's objects that name or describe a person, or show one's papers: nothing of ours follows from them. */
const PERSONAL = new Set([
  ...['address', 'billing_details', 'collected_information', 'custom_fields', 'customer_address', 'customer_details'],
  ...[
    'customer_email',
    'customer_name',
    'customer_phone',
    'customer_shipping',
    'customer_tax_ids',
    'description',
    'email',
  ],
  ...['evidence', 'hosted_invoice_url', 'invoice_pdf', 'name', 'payment_method_details', 'phone', 'receipt_email'],
  ...['receipt_url', 'shipping', 'shipping_details', 'tax_ids', 'url'],
]);

/** An event without what it says of people; `metadata` is the platform's own. */
export function withoutPersons(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPersons);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, inner]) => {
      if (PERSONAL.has(key)) return [];
      return [[key, key === 'metadata' ? inner : withoutPersons(inner)]];
    }),
  );
}
