import { catalogue } from './catalogue.js';

export const programme = catalogue({
  en: {
    group: 'Programmes: bounds of an amount, severities, approval bands',
    list: 'List the programmes',
    set: 'Set the rules of a programme',
    code: 'code of the programme',
    name: 'name of the programme',
    min: 'smallest lawful amount of a payment, in đồng',
    max: 'largest lawful amount of a payment, in đồng',
    severity: 'CODE=block or CODE=warn; may be repeated',
    band: 'AMOUNT=CHECKERS for batches up to that amount, *=CHECKERS for larger ones; may be repeated',
    saved: (code: string) => `Saved the programme ${code}`,
    columns: { code: 'CODE', name: 'NAME', min: 'MIN', max: 'MAX', bands: 'CHECKERS' },
    upTo: (amount: string, checkers: number) => `${checkers} up to ${amount}`,
    above: (checkers: number) => `${checkers} above`,
  },
  vi: {
    group: 'Chương trình: mức chi, mức độ phát hiện, cấp duyệt',
    list: 'Danh sách chương trình',
    set: 'Đặt quy tắc của chương trình',
    code: 'mã chương trình',
    name: 'tên chương trình',
    min: 'mức chi nhỏ nhất được phép (đồng)',
    max: 'mức chi lớn nhất được phép (đồng)',
    severity: 'MÃ=block hoặc MÃ=warn; có thể lặp lại',
    band: 'SỐ_TIỀN=SỐ_NGƯỜI_DUYỆT cho lô đến mức đó, *=SỐ_NGƯỜI_DUYỆT cho lô lớn hơn; có thể lặp lại',
    saved: (code) => `Đã lưu chương trình ${code}`,
    columns: { code: 'MÃ', name: 'TÊN', min: 'NHỎ NHẤT', max: 'LỚN NHẤT', bands: 'NGƯỜI DUYỆT' },
    upTo: (amount, checkers) => `${checkers} người đến ${amount}`,
    above: (checkers) => `${checkers} người nếu lớn hơn`,
  },
});
