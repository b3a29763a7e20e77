import { z } from 'zod';
import { checkCatalogue } from './check.js';
import { canonicalJson } from './digest.js';
import {
  type Fact,
  type Measure,
  type Parameter,
  type ParameterRow,
  parameterRowShape,
  policyFile,
  type PolicyFile,
  type Programme,
} from './shape.js';

export interface Instrument {
  number: string;
  name: { vi: string; en: string };
  inForceFrom: string;
  source: string;
}

/** Everything that may be applied: each programme with the facts and parameters of its file, and all instruments. */
export interface Catalogue {
  instruments: Record<string, Instrument>;
  sources: Record<string, string>;
  programmes: Record<string, ProgrammeInFile>;
}

export interface ProgrammeInFile {
  programme: Programme;
  facts: Record<string, Fact>;
  measures: Record<string, Measure>;
  parameters: Record<string, Parameter>;
}

/**
 * Reads files of law. @throws PolicyFileError when a file has another form, or the whole does not hold together: a service
 * with such law does not start.
 */
export function openCatalogue(files: readonly unknown[]): Catalogue {
  const catalogue: Catalogue = { instruments: {}, sources: {}, programmes: {} };
  const findings: string[] = [];
  for (const file of files.map(readFile)) {
    addNew(catalogue.instruments, file.instruments, findings);
    addNew(catalogue.sources, file.sources, findings);
    const { facts, measures, parameters } = file;
    for (const programme of file.programmes)
      addNew(
        catalogue.programmes,
        { [programme.code]: { programme, facts, measures, parameters } },
        findings,
      );
  }
  findings.push(...checkCatalogue(catalogue));
  if (findings.length > 0) throw new PolicyFileError(findings);
  return catalogue;
}

/** A row beside the carried ones, with its instrument where that is not among the carried ones either. */
export interface AddedRow {
  parameter: string;
  row: ParameterRow;
  instrument?: Instrument;
}

/**
 * The catalogue with values that a province set, or that an official entered where the law was not known: rows beside the
 * carried ones, held to the same checks. @throws PolicyFileError for a row that does not stand beside them
 */
export function withParameterRows(catalogue: Catalogue, added: readonly AddedRow[]): Catalogue {
  const programmes = Object.fromEntries(
    Object.entries(catalogue.programmes).map(([code, entry]) => {
      const parameters = { ...entry.parameters };
      for (const { parameter, row } of added) {
        const known = parameters[parameter];
        if (known) parameters[parameter] = { ...known, rows: [...known.rows, parameterRowShape.parse(row)] };
      }
      return [code, { ...entry, parameters }];
    }),
  );
  const findings = added
    .filter(({ parameter }) => !Object.values(programmes).some((entry) => parameter in entry.parameters))
    .map(({ parameter, row }) => `${row.id}: there is no parameter ${parameter}`);
  const instruments = { ...catalogue.instruments };
  for (const { row, instrument } of added)
    if (instrument) addNew(instruments, { [row.citation.instrument]: instrument }, findings);
  const sources = { ...catalogue.sources };
  for (const { instrument } of added) if (instrument) sources[instrument.source] ??= instrument.source;
  const extended = { instruments, sources, programmes };
  findings.push(...checkCatalogue(extended));
  if (findings.length > 0) throw new PolicyFileError(findings);
  return extended;
}

export class PolicyFileError extends Error {
  constructor(readonly findings: readonly string[]) {
    super(`The law cannot be applied as it is written:\n${findings.join('\n')}`);
    this.name = 'PolicyFileError';
  }
}

function readFile(file: unknown): PolicyFile {
  const read = policyFile.safeParse(file);
  if (!read.success) throw new PolicyFileError([z.prettifyError(read.error)]);
  return read.data;
}

/** One instrument may stand in several files, but says the same in each, in whatever order a file or a database has it. */
function addNew<Entry>(into: Record<string, Entry>, from: Record<string, Entry>, findings: string[]): void {
  for (const [key, entry] of Object.entries(from)) {
    if (key in into && canonicalOf(into[key]!) !== canonicalOf(entry))
      findings.push(`${key}: two files say different things of it`);
    into[key] = entry;
  }
}

const canonicalOf = (entry: unknown) => canonicalJson(entry as Parameters<typeof canonicalJson>[0]);
