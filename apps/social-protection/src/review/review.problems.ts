import type { ProblemDefinition } from '@ansinh/problem';

export const reviewProblems = {
  notFound: {
    code: 'REVIEW_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy cuộc rà soát này', en: 'The review was not found' },
  },
  householdNotFound: {
    code: 'REVIEWED_HOUSEHOLD_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy kết quả rà soát của hộ này', en: 'The reviewed household was not found' },
  },
  listNotFound: {
    code: 'REVIEW_LIST_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy danh sách rà soát này', en: 'The list of the review was not found' },
  },
  once: {
    code: 'REVIEW_EXISTS',
    status: 409,
    title: {
      vi: 'Xã, phường này đã có cuộc rà soát của năm',
      en: 'The commune has a review of that year already',
    },
  },
  place: {
    code: 'REVIEW_PLACE',
    status: 422,
    title: {
      vi: 'Địa bàn không phải là xã, phường vào ngày đó, hoặc thuộc đơn vị khác',
      en: 'There was no such commune on that day, or it is of another office',
    },
  },
  day: {
    code: 'REVIEW_DAY',
    status: 422,
    title: {
      vi: 'Ngày ở tương lai, hoặc không thuộc năm rà soát, hoặc trước ngày rà soát',
      en: 'The day is in the future, not in the year of the review, or before the review',
    },
  },
  state: {
    code: 'REVIEW_STATE',
    status: 409,
    title: {
      vi: 'Cuộc rà soát không ở trạng thái cho phép việc này',
      en: 'The review is not in a state for this',
    },
  },
  form: {
    code: 'REVIEW_FORM',
    status: 422,
    title: { vi: 'Phiếu rà soát không đúng', en: 'The form of the review is not right' },
  },
  elsewhere: {
    code: 'REVIEWED_ELSEWHERE',
    status: 409,
    title: {
      vi: 'Chủ hộ đã được rà soát trong năm ở nơi khác',
      en: 'The head was reviewed in another place that year',
    },
  },
  empty: {
    code: 'REVIEW_EMPTY',
    status: 409,
    title: { vi: 'Chưa có hộ nào được rà soát', en: 'No household was reviewed' },
  },
  tooMany: {
    code: 'REVIEW_TOO_MANY',
    status: 409,
    title: {
      vi: 'Số hộ đã rà soát nhiều hơn tổng số hộ của xã, phường',
      en: 'More households were reviewed than the commune has',
    },
  },
  unclassified: {
    code: 'REVIEW_UNCLASSIFIED',
    status: 409,
    title: {
      vi: 'Còn hộ chưa xếp loại được: thiếu thông tin, hoặc quy định chưa được xác nhận',
      en: 'Some households are not classified: something is not known, or the law is not confirmed',
    },
  },
  meeting: {
    code: 'REVIEW_MEETING',
    status: 422,
    title: {
      vi: 'Số người đồng ý nhiều hơn số người dự họp',
      en: 'More people agreed than were present',
    },
  },
  meetingLaw: {
    code: 'REVIEW_MEETING_LAW',
    status: 409,
    title: {
      vi: 'Quy định về tỷ lệ đồng ý chưa được xác nhận',
      en: 'The law on how many have to agree is not confirmed',
    },
  },
  posted: {
    code: 'REVIEW_POSTED',
    status: 409,
    title: { vi: 'Chưa hết thời gian niêm yết công khai', en: 'The result still hangs out' },
  },
  contested: {
    code: 'REVIEW_CONTESTED',
    status: 409,
    title: {
      vi: 'Còn khiếu nại về hộ của cuộc rà soát chưa được trả lời',
      en: 'A grievance about one of its households is not answered',
    },
  },
  digest: {
    code: 'REVIEW_DIGEST',
    status: 409,
    title: {
      vi: 'Kết quả rà soát không phải là bản đã xem',
      en: 'The review is not the one that was looked at',
    },
  },
  own: {
    code: 'REVIEW_OWN',
    status: 403,
    title: {
      vi: 'Người rà soát hoặc trình kết quả không được công nhận kết quả',
      en: 'Who reviewed or submitted may not approve',
    },
  },
  correctionNotFound: {
    code: 'REVIEW_CORRECTION_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy đề nghị đính chính này', en: 'The correction was not found' },
  },
  correctionState: {
    code: 'REVIEW_CORRECTION_STATE',
    status: 409,
    title: {
      vi: 'Đề nghị đính chính đã được duyệt, từ chối hoặc rút',
      en: 'The correction was approved, rejected or withdrawn',
    },
  },
  correctionOutdated: {
    code: 'REVIEW_CORRECTION_OUTDATED',
    status: 409,
    title: {
      vi: 'Kết quả của hộ đã được đính chính sau khi lập đề nghị này',
      en: 'The household was corrected otherwise since this was proposed',
    },
  },
  tooLong: {
    code: 'REVIEW_LIST_TOO_LONG',
    status: 422,
    title: { vi: 'Danh sách có hơn 20.000 hộ', en: 'The list has more than 20,000 households' },
  },
} satisfies Record<string, ProblemDefinition>;
