const SECRET_BYTES = { least: 24, most: 64 };

/** What is wrong with a text that is none. */
export const NO_WEBHOOK_SECRET = 'must be whsec_ and 24-64 bytes as base64';

/** The bytes of a signing secret of Standard Webhooks, `whsec_` and the base64 of 24 to 64 bytes; null for anything else. */
export function webhookSecretBytes(text: string): Buffer | null {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  // One spelling of the bytes alone, so that no second one passes.
  if (bytes.toString('base64') !== encoded) return null;
  return bytes.length >= SECRET_BYTES.least && bytes.length <= SECRET_BYTES.most ? bytes : null;
}

export function isWebhookSecret(text: string): boolean {
  return webhookSecretBytes(text) !== null;
}
