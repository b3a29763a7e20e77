import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { XmlDocument, XsdValidator } from 'libxml2-wasm';

function findSchemas(from: string): string | undefined {
  const schemas = join(from, 'shared/vectors/iso20022/xsd');
  if (existsSync(schemas)) return schemas;
  return dirname(from) === from ? undefined : findSchemas(dirname(from));
}

/** The published schemas stand beside the checkout, never in it. */
export const schemas = findSchemas(import.meta.dirname);

/** Says in the test's name why it was skipped. */
export const whenAbsent = schemas ? '' : ' (skipped: no shared/vectors/iso20022 beside the checkout)';

/** @throws XmlValidateError naming the rule of the published schema that is broken. */
export function validate(xml: string | Buffer, message: string): void {
  using schema = XmlDocument.fromBuffer(readFileSync(join(schemas!, `${message}.xsd`)));
  using validator = XsdValidator.fromDoc(schema);
  using document = XmlDocument.fromBuffer(Buffer.from(xml));
  validator.validate(document);
}
