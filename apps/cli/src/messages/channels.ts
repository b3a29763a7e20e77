import { catalogue } from './catalogue.js';

export const channels = catalogue({
  en: {
    profiles: 'How the banks want to be written to: version, limits, letters, what must be filled in',
    columns: {
      profile: 'PROFILE',
      version: 'VERSION',
      payments: 'PAYMENTS',
      messageAmount: 'A MESSAGE',
      paymentAmount: 'A PAYMENT',
      letters: 'LETTERS',
      required: 'REQUIRED',
      banks: 'BANKS',
    },
    otherBanks: 'all others',
    anyAmount: 'any',
    capitals: 'capitals, no marks',
    ascii: 'no marks',
    vietnamese: 'Vietnamese',
  },
  vi: {
    profiles: 'Yêu cầu của các ngân hàng: phiên bản điện, hạn mức, kiểu chữ, dữ liệu bắt buộc',
    columns: {
      profile: 'HỒ SƠ',
      version: 'PHIÊN BẢN',
      payments: 'SỐ KHOẢN',
      messageAmount: 'MỘT ĐIỆN',
      paymentAmount: 'MỘT KHOẢN',
      letters: 'KIỂU CHỮ',
      required: 'BẮT BUỘC',
      banks: 'NGÂN HÀNG',
    },
    otherBanks: 'các ngân hàng khác',
    anyAmount: 'không hạn chế',
    capitals: 'chữ hoa không dấu',
    ascii: 'không dấu',
    vietnamese: 'tiếng Việt',
  },
});
