import type { ProblemDefinition } from '@ansinh/problem';

export const dossierProblems = {
  notFound: {
    code: 'DOSSIER_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy hồ sơ', en: 'The dossier was not found' },
  },
  state: {
    code: 'DOSSIER_STATE',
    status: 409,
    title: { vi: 'Trạng thái hồ sơ không cho phép', en: 'The state of the dossier does not allow this' },
  },
  elsewhere: {
    code: 'DOSSIER_ELSEWHERE',
    status: 409,
    title: { vi: 'Hồ sơ đang ở đơn vị khác', en: 'The dossier is with another office' },
  },
  procedureUnknown: {
    code: 'PROCEDURE_NOT_FOUND',
    status: 404,
    title: {
      vi: 'Không có thủ tục này, hoặc đã hết thời hạn tiếp nhận',
      en: 'There is no such procedure, or it can no longer be asked for',
    },
  },
  procedureOfAnother: {
    code: 'PROCEDURE_OF_ANOTHER_SERVICE',
    status: 403,
    title: {
      vi: 'Thủ tục này không giao cho dịch vụ đang gọi',
      en: 'This procedure is not assigned to the calling service',
    },
  },
  referenceTaken: {
    code: 'DOSSIER_REFERENCE_TAKEN',
    status: 409,
    title: {
      vi: 'Dịch vụ đã mở một hồ sơ với mã tham chiếu này',
      en: 'The service has opened a dossier with this reference',
    },
  },
  referenceOfNobody: {
    code: 'DOSSIER_REFERENCE_OF_NOBODY',
    status: 422,
    title: {
      vi: 'Chỉ dịch vụ mở hồ sơ thay cán bộ mới đặt mã tham chiếu',
      en: 'Only a service that opens a dossier for an official gives it a reference',
    },
  },
  documentUnknown: {
    code: 'DOSSIER_DOCUMENT',
    status: 422,
    title: { vi: 'Giấy tờ không thuộc thủ tục này', en: 'The paper does not belong to this procedure' },
  },
  placeNotOurs: {
    code: 'DOSSIER_PLACE',
    status: 422,
    title: {
      vi: 'Địa bàn không thuộc phạm vi tiếp nhận của đơn vị',
      en: 'The place is not one whose dossiers this office receives',
    },
  },
  stepUnknown: {
    code: 'DOSSIER_STEP',
    status: 422,
    title: { vi: 'Hồ sơ không thể chuyển đến bước này', en: 'The dossier cannot go on to this step' },
  },
  stepsLeft: {
    code: 'DOSSIER_STEPS_LEFT',
    status: 409,
    title: { vi: 'Hồ sơ chưa qua hết các bước', en: 'There are steps that the dossier has not been through' },
  },
  askedOnce: {
    code: 'SUPPLEMENT_ASKED_ONCE',
    status: 409,
    title: {
      vi: 'Chỉ được yêu cầu bổ sung một lần',
      en: 'A supplement is asked for once only',
    },
  },
  askedTooLate: {
    code: 'SUPPLEMENT_ASKED_TOO_LATE',
    status: 409,
    title: {
      vi: 'Đã quá thời hạn yêu cầu bổ sung',
      en: 'The time in which a supplement may be asked for is over',
    },
  },
  apologisedOnce: {
    code: 'APOLOGY_ONCE',
    status: 409,
    title: {
      vi: 'Chỉ được hẹn lại ngày trả kết quả một lần',
      en: 'Another day is promised once only',
    },
  },
  promise: {
    code: 'DOSSIER_PROMISE',
    status: 422,
    title: {
      vi: 'Ngày hẹn lại phải là ngày làm việc, sau ngày hẹn trả và không trước hôm nay',
      en: 'The day that is promised must be a working day, after the due day and not before today',
    },
  },
  registerTooLong: {
    code: 'REGISTER_TOO_LONG',
    status: 422,
    title: {
      vi: 'Sổ quá dài để in một lần: hãy chọn khoảng ngày ngắn hơn',
      en: 'The register is too long for one paper: ask for fewer days',
    },
  },
  dayFull: {
    code: 'DOSSIER_NUMBERS_EXHAUSTED',
    status: 409,
    title: {
      vi: 'Đơn vị đã dùng hết số hồ sơ trong ngày',
      en: 'The desk has given every number that a day has',
    },
  },
  notTracked: {
    code: 'TRACKING_NOT_FOUND',
    status: 404,
    title: {
      vi: 'Không có hồ sơ với mã số và mã tra cứu này',
      en: 'There is no dossier with this code and secret',
    },
  },
} satisfies Record<string, ProblemDefinition>;
