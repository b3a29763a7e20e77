import { type ArgumentMetadata, Injectable, type PipeTransform, ValidationPipe } from '@nestjs/common';
import type { ValidationError } from 'class-validator';
import type { Text } from '@ansinh/language';
import { problems } from './common-problems.js';
import { type FieldError, ProblemError } from './problem.js';

/** What each class-validator constraint means to an officer. One that is missing here would show its own message, in English. */
export const sentences: Record<string, Text> = {
  isString: { vi: 'phải là chuỗi ký tự', en: 'must be text' },
  isNotEmpty: { vi: 'không được để trống', en: 'must not be empty' },
  isInt: { vi: 'phải là số nguyên', en: 'must be a whole number' },
  isArray: { vi: 'phải là danh sách', en: 'must be a list' },
  arrayNotEmpty: { vi: 'danh sách không được rỗng', en: 'the list must not be empty' },
  arrayMaxSize: { vi: 'danh sách quá dài', en: 'the list is too long' },
  arrayMinSize: { vi: 'danh sách quá ngắn', en: 'the list is too short' },
  arrayUnique: { vi: 'danh sách có phần tử lặp lại', en: 'the list has an element twice' },
  isBoolean: { vi: 'phải là true hoặc false', en: 'must be true or false' },
  isUuid: { vi: 'không phải mã định danh hợp lệ', en: 'is not a valid identifier' },
  isIn: { vi: 'không thuộc các giá trị cho phép', en: 'is not one of the allowed values' },
  isAfter: { vi: 'phải sau ngày bắt đầu', en: 'must be after the first day' },
  isIso8601: {
    vi: 'phải là ngày, hoặc thời điểm, có thật theo ISO 8601',
    en: 'must be a day, or an instant, that there is, by ISO 8601',
  },
  isLength: { vi: 'quá ngắn hoặc quá dài', en: 'is too short or too long' },
  maxLength: { vi: 'quá dài', en: 'is too long' },
  minLength: { vi: 'quá ngắn', en: 'is too short' },
  matches: { vi: 'không đúng định dạng', en: 'does not have the expected form' },
  min: { vi: 'quá nhỏ', en: 'is too small' },
  max: { vi: 'quá lớn', en: 'is too large' },
  isNumber: { vi: 'phải là số', en: 'must be a number' },
  nestedValidation: { vi: 'không đúng cấu trúc', en: 'does not have the expected structure' },
  isObject: { vi: 'phải là một đối tượng', en: 'must be an object' },
  whitelistValidation: { vi: 'không có trường này', en: 'there is no such field' },
};

function fieldErrors(errors: ValidationError[], prefix: string): FieldError[] {
  return errors.flatMap((error) => {
    const pointer = `${prefix}${error.property}`;
    const own = Object.entries(error.constraints ?? {}).map(([code, message]) => ({
      pointer,
      code,
      detail: sentences[code] ?? { vi: message, en: message },
    }));
    return [...own, ...fieldErrors(error.children ?? [], `${pointer}/`)];
  });
}

const prefixes = { body: '/', query: '?', param: '#', custom: '' };

/** PostgreSQL stores no NUL, and nobody types one: it is refused wherever it stands. */
function nulErrors(value: unknown, pointer: string): FieldError[] {
  if (typeof value === 'string' && value.includes('\u0000')) {
    return [
      {
        pointer,
        code: 'nul',
        detail: { vi: 'chứa ký tự không hợp lệ', en: 'has a character that is not allowed' },
      },
    ];
  }
  if (typeof value !== 'object' || value === null) return [];
  const inner = pointer.length === 1 ? pointer : `${pointer}/`;
  return Object.entries(value).flatMap(([key, part]) => nulErrors(part, `${inner}${key}`));
}

/** Checks bodies and queries by class-validator; refuses unknown fields; answers with a pointer to each wrong field. */
@Injectable()
export class ProblemValidationPipe implements PipeTransform {
  private readonly pipes = {
    body: pipeFor(prefixes.body),
    query: pipeFor(prefixes.query),
    param: pipeFor(prefixes.param),
    custom: undefined,
  };

  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const pipe = this.pipes[metadata.type];
    if (!pipe) return value;
    // A body that another route reads as a stream. Validation would walk into the socket beneath it, which ends the process.
    if (isStream(value)) throw new ProblemError(problems.unsupportedMediaType);
    const errors = nulErrors(value, prefixes[metadata.type]);
    if (errors.length > 0) throw new ProblemError(problems.invalidRequest, { errors });
    return pipe.transform(value ?? {}, metadata);
  }
}

function isStream(value: unknown): boolean {
  return typeof (value as { pipe?: unknown } | null | undefined)?.pipe === 'function';
}

function pipeFor(prefix: string): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) =>
      new ProblemError(problems.invalidRequest, { errors: fieldErrors(errors, prefix) }),
  });
}
