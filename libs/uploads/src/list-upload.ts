import { applyDecorators } from '@nestjs/common';
import { ApiBody, ApiConsumes } from '@nestjs/swagger';
import { ListError, type ListFormat } from '@ansinh/payment-list';
import { type ProblemDefinition, problems, ProblemError } from '@ansinh/problem';

/** Content types of the lists that offices send, by the name of the format. */
export const listTypes = {
  csv: 'text/csv',
  ndjson: 'application/x-ndjson',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
} as const satisfies Record<ListFormat, string>;

/** Documents a route that takes a list in. */
export const ListUploadApi = () =>
  applyDecorators(
    ApiConsumes(...Object.values(listTypes)),
    ApiBody({ schema: { type: 'string', format: 'binary' } }),
  );

const listRefused = {
  code: 'LIST_REFUSED',
  status: 422,
  title: {
    vi: 'Danh sách bị từ chối, chưa nhập dòng nào',
    en: 'The list was refused; nothing was imported',
  },
} satisfies ProblemDefinition;

/** @throws ProblemError UNSUPPORTED_MEDIA_TYPE */
export function formatOf(contentType: string | undefined): ListFormat {
  const type = (contentType ?? '').split(';', 1)[0]!.trim().toLowerCase();
  for (const format of ['csv', 'ndjson', 'xlsx'] as const) if (listTypes[format] === type) return format;
  const list = Object.values(listTypes).join(', ');
  throw new ProblemError(problems.unsupportedMediaType, {
    detail: { vi: `Danh sách phải là: ${list}.`, en: `A list must be: ${list}.` },
  });
}

/** @throws ProblemError LIST_REFUSED where the file is no list, or one that cannot be read */
export async function refusingList<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ListError)) throw error;
    throw new ProblemError(listRefused, {
      detail: error.text,
      errors: pointersOf(error).map((pointer) => ({ pointer, code: error.code, detail: error.text })),
      extensions: { reason: error.code, ...(error.facts.line !== undefined && { line: error.facts.line }) },
    });
  }
}

/** A list is pointed into as if it were an object of lines and columns; the empty pointer is the whole of it. */
function pointersOf({ facts: { line, column, columns } }: ListError): string[] {
  if (line !== undefined) return [`/lines/${line}`];
  const names = columns ?? (column === undefined ? [] : [column]);
  return names.length > 0 ? names.map((name) => `/columns/${name}`) : [''];
}
