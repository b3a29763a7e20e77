import { catalogue } from './catalogue.js';

export const list = catalogue({
  en: {
    group: 'Lists of payments',
    generate: 'Make a list of invented payments for demonstrations and tests',
    rows: 'number of rows',
    seed: 'the same seed gives the same list',
    format: 'format of the list',
    flawed: 'share of rows with a planted fault, from 0 to 1',
    output: 'write to this file instead of standard output',
    generating: 'Generating',
    generated: (rows: string, file: string) => `${rows} rows in ${file}`,
  },
  vi: {
    group: 'Danh sách chi trả',
    generate: 'Tạo danh sách chi giả định để trình diễn và thử nghiệm',
    rows: 'số dòng',
    seed: 'cùng một số gốc cho cùng một danh sách',
    format: 'định dạng danh sách',
    flawed: 'tỷ lệ dòng có lỗi cài sẵn, từ 0 đến 1',
    output: 'ghi vào tệp này thay cho đầu ra chuẩn',
    generating: 'Đang tạo',
    generated: (rows, file) => `${rows} dòng trong ${file}`,
  },
});
