import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

/** The published schemas and bank samples stand beside the checkout, never in it. */
function findVectors(from: string): string | undefined {
  const vectors = join(from, 'shared/vectors/iso20022');
  if (existsSync(vectors)) return vectors;
  return dirname(from) === from ? undefined : findVectors(dirname(from));
}

export const vectors = findVectors(import.meta.dirname);

/** Says in the test's name why it was skipped. */
export const whenAbsent = vectors ? '' : ' (skipped: no shared/vectors/iso20022 beside the checkout)';

const validators = new Map<string, XsdValidator>();

/** @throws XmlValidateError naming the line and the rule of the published schema that is broken. */
export function validate(xml: Buffer | string, message: string): void {
  let validator = validators.get(message);
  if (!validator) {
    using schema = XmlDocument.fromBuffer(readFileSync(join(vectors!, 'xsd', `${message}.xsd`)));
    validators.set(message, (validator = XsdValidator.fromDoc(schema)));
  }
  using document = XmlDocument.fromBuffer(Buffer.from(xml));
  validator.validate(document);
}
