const SECRET_BYTES = { least: 24, most: 64 };

/** Whether this is a signing secret of Standard Webhooks: `whsec_` and the base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  const encoded = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(text)?.[1];
  const bytes = Buffer.from(encoded ?? '', 'base64');
  // One spelling of the bytes alone, as the check of signatures has it.
  if (bytes.toString('base64') !== encoded) return false;
  return bytes.length >= SECRET_BYTES.least && bytes.length <= SECRET_BYTES.most;
}
