import { readFileSync } from 'node:fs';
import { XmlDocument, XmlValidateError, XsdValidator } from 'libxml2-wasm';

let validator: XsdValidator | undefined;

/**
 * Validates a pain.001.001.09 against the schema of ISO 20022 (schema/README.md). Throws where it does not fit: nothing that a
 * bank would refuse leaves. What it says names elements and places, and no value: that may be somebody's account.
 */
export function validatePain(xml: string): void {
  validator ??= XsdValidator.fromDoc(XmlDocument.fromString(readFileSync(SCHEMA, 'utf8')));
  const document = XmlDocument.fromString(xml);
  try {
    validator.validate(document);
  } catch (error) {
    if (!(error instanceof XmlValidateError)) throw error;
    const places = error.details.slice(0, MOST_PLACES).map(({ line, xpath }) => `line ${line} (${xpath ?? '?'})`);
    throw new InvalidPain(`a SEPA file does not fit the schema of pain.001.001.09: ${places.join(', ')}`);
  } finally {
    document.dispose();
  }
}

export class InvalidPain extends Error {
  override name = 'InvalidPain';
}

const SCHEMA = new URL('./schema/pain.001.001.09.xsd', import.meta.url);
const MOST_PLACES = 5;
