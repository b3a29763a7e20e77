import type { Text } from '@ansinh/language';
import type { Fact } from './shape.js';

/** What nobody can state of a case, in the words of whoever stated it. */
export class FactError extends RangeError {
  override readonly name = 'FactError';

  constructor(readonly text: Text) {
    super(text.en);
  }
}

export const unknownFact = (name: string) =>
  new FactError({ vi: `Không có dữ kiện nào tên là ${name}`, en: `No fact is called ${name}` });

const typeNames: Record<Fact['type'], Text> = {
  boolean: { vi: 'true hoặc false', en: 'true or false' },
  number: { vi: 'số nguyên không âm', en: 'a whole number, not negative' },
  amount: { vi: 'số tiền tính bằng đồng, viết trong ngoặc kép', en: 'an amount in đồng, as text' },
  day: { vi: 'ngày, như 2022-03-31', en: 'a day, as 2022-03-31' },
  days: { vi: 'danh sách ngày, như 2022-03-31', en: 'a list of days, as 2022-03-31' },
  code: { vi: 'một trong các mã', en: 'one of the codes' },
  codes: { vi: 'danh sách các mã trong số', en: 'a list of some of the codes' },
};

export function wrongFact(name: string, { type, values }: Fact, value: unknown): FactError {
  const [choices, { vi, en }] = [values ? ` ${Object.keys(values).join(', ')}` : '', typeNames[type]];
  return new FactError({
    vi: `Dữ kiện ${name} phải là ${vi}${choices}, không phải ${String(value)}`,
    en: `The fact ${name} must be ${en}${choices}, not ${String(value)}`,
  });
}
