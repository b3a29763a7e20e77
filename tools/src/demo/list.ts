import { createReadStream, createWriteStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { extname } from 'node:path';
import type { ListType } from '@ansinh/client';
import { FriendlyError } from '@ansinh/embedded';
import { checkRow, ListError, type ListFormat, readList } from '@ansinh/payment-list';
import { generateRows, writeCsv } from '@ansinh/samples';

export interface DemoList {
  path: string;
  type: ListType;
  programmeCodes: string[];
  /** Sum of all readable amounts: what the fund must hold at most. */
  amount: bigint;
}

const types: Record<ListFormat, ListType> = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
};

export async function generateList(path: string, rows: number, seed: number): Promise<void> {
  await writeCsv(generateRows({ rows, seed }), createWriteStream(path, { mode: 0o600 }));
}

/** Reads a list once to learn for which programmes a fund must be opened, and how much it may need. */
export async function surveyList(path: string): Promise<DemoList> {
  const format = formatOf(path);
  const codes = new Set<string>();
  let amount = 0n;
  try {
    await access(path);
  } catch (error) {
    const text = { vi: `Không đọc được tệp ${path}`, en: `The file ${path} cannot be read` };
    throw new FriendlyError(text, { cause: error });
  }
  try {
    for await (const rows of readList(createReadStream(path), format)) {
      for (const raw of rows) {
        const { fields } = checkRow(raw);
        if (fields.programmeCode !== null && codeForm.test(fields.programmeCode))
          codes.add(fields.programmeCode);
        amount += fields.amount ?? 0n;
      }
    }
  } catch (error) {
    if (error instanceof ListError) throw new FriendlyError(error.text, { cause: error });
    throw error;
  }
  return { path, type: types[format], programmeCodes: codes.size > 0 ? [...codes].sort() : ['DEMO'], amount };
}

/** What the service takes for a code; a line with another one is set aside there. */
const codeForm = /^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,39}$/u;

function formatOf(path: string): ListFormat {
  const ending = extname(path).toLowerCase();
  if (ending === '.xlsx') return 'xlsx';
  if (ending === '.ndjson' || ending === '.jsonl') return 'ndjson';
  return 'csv';
}
