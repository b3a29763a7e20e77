import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

function findLaw(from: string): string | undefined {
  const law = join(from, 'shared/law');
  if (existsSync(law)) return law;
  return dirname(from) === from ? undefined : findLaw(dirname(from));
}

/** The tables of law stand beside the checkout, never in it. */
const law = findLaw(import.meta.dirname);
export const areTablesThere = law !== undefined;
export const whenAbsent = law ? '' : ' (skipped: no shared/law beside the checkout)';

export function lawTable<Table>(name: string): Table {
  return JSON.parse(readFileSync(join(law!, `${name}.json`), 'utf8')) as Table;
}
