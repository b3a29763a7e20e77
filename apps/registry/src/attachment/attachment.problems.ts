import type { ProblemDefinition } from '@ansinh/problem';

export const attachmentProblems = {
  notFound: {
    code: 'ATTACHMENT_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy tệp đính kèm', en: 'The attachment was not found' },
  },
  content: {
    code: 'ATTACHMENT_CONTENT',
    status: 422,
    title: {
      vi: 'Nội dung tệp không đúng với loại đã khai (chỉ nhận PDF, JPEG, PNG)',
      en: 'The content is not of the type that was stated (PDF, JPEG or PNG)',
    },
  },
  infected: {
    code: 'ATTACHMENT_INFECTED',
    status: 422,
    title: {
      vi: 'Tệp có mã độc, đã bị từ chối và không được lưu',
      en: 'Malware was found in the file: it was refused, and is not kept',
    },
  },
  removed: {
    code: 'ATTACHMENT_REMOVED',
    status: 409,
    title: { vi: 'Tệp đính kèm đã được gỡ', en: 'The attachment was taken off already' },
  },
  tooMany: {
    code: 'ATTACHMENTS_TOO_MANY',
    status: 409,
    title: { vi: 'Hồ sơ đã có quá nhiều tệp đính kèm', en: 'The dossier has too many attachments' },
  },
  scannerAway: {
    code: 'SCANNER_UNAVAILABLE',
    status: 503,
    title: {
      vi: 'Chưa quét được mã độc; tệp chưa được nhận, hãy gửi lại sau',
      en: 'The file could not be scanned for malware and was not taken: send it again later',
    },
  },
  storeAway: {
    code: 'OBJECT_STORE_UNAVAILABLE',
    status: 503,
    title: {
      vi: 'Kho lưu trữ tệp tạm thời không truy cập được; hãy thử lại sau',
      en: 'The store of files cannot be reached at the moment: try again later',
    },
  },
} satisfies Record<string, ProblemDefinition>;
