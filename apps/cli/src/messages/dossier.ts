import { catalogue } from './catalogue.js';

/** Texts of the one-stop desk. */
export const dossier = catalogue({
  en: {
    group: 'Dossiers of the one-stop desk',
    list: 'List dossiers, what is due first on top (exit code 3 when something is overdue)',
    options: {
      overdue: 'only what is overdue',
      soon: 'only what is due within two working days',
      byStep: 'by the due day of the step, not of the whole',
      holder: 'place code of the office that has it now',
      procedure: 'code of the procedure',
      step: 'code of the step',
      limit: 'how many at most',
    },
    desk: 'desk',
    standings: { onTime: 'on time', dueSoon: 'due soon', overdue: 'OVERDUE' },
    someLate: (count: string) => `Overdue: ${count}`,
    unconfirmed: 'Days marked * rest on a holiday that is not confirmed yet: they may move.',
    columns: {
      code: 'CODE',
      procedure: 'PROCEDURE',
      applicant: 'APPLICANT',
      holder: 'WITH',
      step: 'STEP',
      stepDue: 'STEP DUE',
      due: 'DUE',
      standing: 'STANDING',
    },
  },
  vi: {
    group: 'Hồ sơ một cửa',
    list: 'Danh sách hồ sơ, hồ sơ đến hạn trước ở trên (mã thoát 3 nếu có hồ sơ quá hạn)',
    options: {
      overdue: 'chỉ hồ sơ quá hạn',
      soon: 'chỉ hồ sơ đến hạn trong hai ngày làm việc',
      byStep: 'theo hạn của bước, không theo hạn của cả hồ sơ',
      holder: 'mã địa bàn của đơn vị đang giữ hồ sơ',
      procedure: 'mã thủ tục',
      step: 'mã bước',
      limit: 'nhiều nhất bao nhiêu hồ sơ',
    },
    desk: 'một cửa',
    standings: { onTime: 'trong hạn', dueSoon: 'sắp đến hạn', overdue: 'QUÁ HẠN' },
    someLate: (count: string) => `Quá hạn: ${count}`,
    unconfirmed: 'Ngày có dấu * phụ thuộc ngày nghỉ chưa được xác nhận: có thể thay đổi.',
    columns: {
      code: 'MÃ HỒ SƠ',
      procedure: 'THỦ TỤC',
      applicant: 'NGƯỜI NỘP',
      holder: 'ĐƠN VỊ',
      step: 'BƯỚC',
      stepDue: 'HẠN BƯỚC',
      due: 'HẠN TRẢ',
      standing: 'TÌNH TRẠNG',
    },
  },
});
