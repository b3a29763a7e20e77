import type { ProblemDefinition } from '@ansinh/problem';

export const runProblems = {
  notFound: {
    code: 'SUPPORT_RUN_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy đợt xét này', en: 'The run was not found' },
  },
  nothing: {
    code: 'SUPPORT_RUN_EMPTY',
    status: 422,
    title: { vi: 'Không có danh sách nào chờ xét', en: 'No list waits for a decision' },
  },
  future: {
    code: 'SUPPORT_RUN_FUTURE_DAY',
    status: 422,
    title: { vi: 'Ngày xét ở tương lai', en: 'The day of the decision is in the future' },
  },
  month: {
    code: 'SUPPORT_RUN_MONTH',
    status: 422,
    title: {
      vi: 'Chương trình hằng tháng được xét cho một tháng, đến hết tháng sau, và xem lại tối đa 60 tháng; chương trình khác xét theo danh sách',
      en: 'A monthly programme is decided for one month, at most the next, and looks back 60 months; another one by its lists',
    },
  },
  state: {
    code: 'SUPPORT_RUN_STATE',
    status: 409,
    title: { vi: 'Đợt xét không ở trạng thái cho phép việc này', en: 'The run is not in a state for this' },
  },
  law: {
    code: 'SUPPORT_RUN_LAW_CHANGED',
    status: 409,
    title: {
      vi: 'Quy định đã khác so với lúc bắt đầu đợt xét: hãy bác đợt này và xét lại',
      en: 'The law is not the one that the run began with: reject it and decide anew',
    },
  },
  digest: {
    code: 'SUPPORT_RUN_DIGEST',
    status: 409,
    title: { vi: 'Đợt xét không phải là bản đã xem', en: 'The run is not the one that was looked at' },
  },
  builtUpon: {
    code: 'SUPPORT_RUN_BUILT_UPON',
    status: 409,
    title: {
      vi: 'Đợt xét sau đã tính trên khoản trừ của đợt này: hãy bác đợt sau trước, hoặc phê duyệt đợt này',
      en: 'A later run counts on what this one has deducted: reject that one first, or approve this one',
    },
  },
  own: {
    code: 'SUPPORT_RUN_OWN',
    status: 403,
    title: {
      vi: 'Người lập, người trình hoặc người nộp danh sách không được phê duyệt',
      en: 'Who made or submitted the run, or brought one of its lists, may not approve it',
    },
  },
} satisfies Record<string, ProblemDefinition>;
