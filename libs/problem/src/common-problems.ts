import type { ProblemDefinition } from './problem.js';

/** Refusals that every service gives. Those of a feature stand beside it, in `<feature>.problems.ts`. */
export const problems = {
  invalidRequest: {
    code: 'INVALID_REQUEST',
    status: 400,
    title: { vi: 'Yêu cầu không hợp lệ', en: 'The request is not valid' },
  },
  unauthenticated: {
    code: 'UNAUTHENTICATED',
    status: 401,
    title: { vi: 'Chưa đăng nhập hoặc phiên đã hết hạn', en: 'Not signed in, or the session has expired' },
  },
  forbidden: {
    code: 'FORBIDDEN',
    status: 403,
    title: { vi: 'Không có quyền thực hiện', en: 'You may not do this' },
  },
  notFound: {
    code: 'NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy', en: 'Not found' },
  },
  preconditionRequired: {
    code: 'PRECONDITION_REQUIRED',
    status: 428,
    title: {
      vi: 'Phải cho biết đang sửa phiên bản nào (tiêu đề If-Match)',
      en: 'State which version is changed (header If-Match)',
    },
  },
  preconditionFailed: {
    code: 'PRECONDITION_FAILED',
    status: 412,
    title: {
      vi: 'Hồ sơ đã được người khác sửa; hãy tải lại trước khi sửa',
      en: 'Somebody else has changed the record: read it again first',
    },
  },
  unsupportedMediaType: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    status: 415,
    title: { vi: 'Loại nội dung không được hỗ trợ', en: 'The content type is not supported' },
  },
  payloadTooLarge: {
    code: 'PAYLOAD_TOO_LARGE',
    status: 413,
    title: { vi: 'Nội dung quá lớn', en: 'The content is too large' },
  },
  requestTimeout: {
    code: 'REQUEST_TIMEOUT',
    status: 408,
    title: { vi: 'Dữ liệu gửi lên quá chậm', en: 'The request arrived too slowly' },
  },
  tooManyRequests: {
    code: 'TOO_MANY_REQUESTS',
    status: 429,
    title: { vi: 'Quá nhiều yêu cầu', en: 'Too many requests' },
  },
  unexpected: {
    code: 'UNEXPECTED',
    status: 500,
    title: { vi: 'Lỗi hệ thống', en: 'Unexpected error' },
  },
  unavailable: {
    code: 'UNAVAILABLE',
    status: 503,
    title: { vi: 'Dịch vụ tạm thời chưa sẵn sàng', en: 'The service is not ready at the moment' },
  },
} satisfies Record<string, ProblemDefinition>;
