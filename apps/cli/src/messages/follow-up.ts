import { catalogue } from './catalogue.js';

/** Texts of returned lines and of the batches that pay them again. */
export const followUp = catalogue({
  en: {
    returned: 'Show what the bank refused or gave back, or download it to be corrected',
    followUp: 'Make a batch of the lines that a list of corrections names, and wait for its check',
    corrections: 'list of corrections (CSV, NDJSON or XLSX), or - for standard input',
    state: 'only lines in this state',
    key: 'Idempotency-Key of the command, to repeat it after a crash',
    made: (code: string, source: string) => `Opened ${code}, which pays lines of ${source} again`,
    states: { open: 'open', followedUp: 'followed up', paidOtherwise: 'paid by another batch' },
    outcomes: { returned: 'returned', refused: 'refused' },
    columns: {
      payment: 'PAYMENT',
      name: 'NAME',
      bank: 'BANK',
      account: 'ACCOUNT',
      amount: 'AMOUNT',
      outcome: 'OUTCOME',
      reason: 'REASON',
      state: 'STATE',
      again: 'PAID AGAIN BY',
    },
  },
  vi: {
    returned: 'Xem các khoản bị ngân hàng từ chối hoặc hoàn trả, hoặc tải về để sửa',
    followUp: 'Lập lô chi lại các dòng trong danh sách sửa và chờ kiểm tra',
    corrections: 'danh sách sửa (CSV, NDJSON hoặc XLSX), hoặc - để đọc từ đầu vào chuẩn',
    state: 'chỉ các dòng ở trạng thái này',
    key: 'Idempotency-Key của lệnh, để chạy lại sau sự cố',
    made: (code: string, source: string) => `Đã lập ${code}, chi lại các dòng của ${source}`,
    states: { open: 'chưa chi lại', followedUp: 'đã có lô chi lại', paidOtherwise: 'đã chi ở lô khác' },
    outcomes: { returned: 'hoàn trả', refused: 'từ chối' },
    columns: {
      payment: 'KHOẢN CHI',
      name: 'HỌ TÊN',
      bank: 'NGÂN HÀNG',
      account: 'TÀI KHOẢN',
      amount: 'SỐ TIỀN',
      outcome: 'KẾT QUẢ',
      reason: 'LÝ DO',
      state: 'TRẠNG THÁI',
      again: 'CHI LẠI Ở',
    },
  },
});
