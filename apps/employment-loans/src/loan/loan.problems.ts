import type { Text } from '@ansinh/language';
import { LoanError, type LoanState } from '@ansinh/loans';
import { type ProblemDefinition, ProblemError } from '@ansinh/problem';

export const loanProblems = {
  notFound: {
    code: 'LOAN_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy khoản vay', en: 'The loan was not found' },
  },
  state: {
    code: 'LOAN_STATE',
    status: 409,
    title: { vi: 'Trạng thái khoản vay không cho phép', en: 'The state of the loan does not allow this' },
  },
  placeNotOurs: {
    code: 'LOAN_PLACE',
    status: 422,
    title: {
      vi: 'Nơi thực hiện dự án không thuộc địa bàn của đơn vị',
      en: 'The place of the project is not in the area of this office',
    },
  },
  productUnknown: {
    code: 'LOAN_PRODUCT',
    status: 422,
    title: {
      vi: 'Ngày này không có chương trình cho vay đó',
      en: 'There is no such loan product on that day',
    },
  },
  borrower: {
    code: 'LOAN_BORROWER',
    status: 422,
    title: {
      vi: 'Người vay không thuộc đối tượng của chương trình',
      en: 'The product is not for borrowers of this kind',
    },
  },
  ceiling: {
    code: 'LOAN_CEILING',
    status: 422,
    title: { vi: 'Vượt mức vay tối đa', en: 'More than may be lent' },
  },
  term: {
    code: 'LOAN_TERM',
    status: 422,
    title: { vi: 'Vượt thời hạn vay tối đa', en: 'Longer than may be lent for' },
  },
  rate: {
    code: 'LOAN_RATE',
    status: 422,
    title: {
      vi: 'Lãi suất do quy định ấn định, hoặc phải ghi trong báo cáo thẩm định',
      en: 'The rate is what the law says; where it says none, the appraisal does',
    },
  },
  factsMissing: {
    code: 'LOAN_FACTS_MISSING',
    status: 409,
    title: {
      vi: 'Hồ sơ thiếu căn cứ để xác định lãi suất, mức vay; người vay nộp lại hồ sơ',
      en: 'The application lacks facts by which rate and ceiling are decided; it is to be made anew',
    },
  },
  collateral: {
    code: 'LOAN_COLLATERAL',
    status: 422,
    title: { vi: 'Thiếu tài sản bảo đảm', en: 'Collateral is missing' },
  },
  sameOfficer: {
    code: 'LOAN_SAME_OFFICER',
    status: 409,
    title: { vi: 'Người thẩm định không được phê duyệt', en: 'Who appraised a loan does not approve it' },
  },
  otherBody: {
    code: 'LOAN_OTHER_BODY',
    status: 409,
    title: {
      vi: 'Không thuộc thẩm quyền phê duyệt của đơn vị',
      en: 'Another body approves so much of this capital',
    },
  },
  schedule: {
    code: 'LOAN_SCHEDULE',
    status: 422,
    title: { vi: 'Không lập được lịch trả nợ', en: 'No schedule can be made of these terms' },
  },
  disbursement: {
    code: 'LOAN_DISBURSEMENT',
    status: 409,
    title: {
      vi: 'Vượt số tiền còn được giải ngân, hoặc đã đến hạn trả',
      en: 'More than is left to be paid out, or an instalment is due already',
    },
  },
  day: {
    code: 'LOAN_DAY',
    status: 422,
    title: { vi: 'Ngày không hợp lệ cho việc này', en: 'The day does not suit what is to be recorded' },
  },
  event: {
    code: 'LOAN_EVENT',
    status: 422,
    title: {
      vi: 'Sổ của khoản vay không cho ghi việc này',
      en: 'The book of the loan does not take this',
    },
  },
  worker: {
    code: 'LOAN_WORKER',
    status: 422,
    title: { vi: 'Người lao động không có trong dự án', en: 'The project does not name this worker' },
  },
} satisfies Record<string, ProblemDefinition>;

/**
 * The problem of what the book or a schedule refuses, with why; days beyond the calendar say nothing of themselves.
 * @throws the error, where it is a defect of ours
 */
export function refusedFor(error: unknown, definition: ProblemDefinition): ProblemError {
  if (!(error instanceof RangeError)) throw error;
  return new ProblemError(definition, error instanceof LoanError ? { detail: error.text } : {});
}

const stateTexts: Record<LoanState, Text> = {
  applied: { vi: 'đã nộp hồ sơ', en: 'applied for' },
  confirmed: { vi: 'xã đã xác nhận', en: 'confirmed by the commune' },
  appraised: { vi: 'đã thẩm định', en: 'appraised' },
  approved: { vi: 'đã phê duyệt', en: 'approved' },
  contracted: { vi: 'đã ký hợp đồng', en: 'signed' },
  disbursing: { vi: 'đang giải ngân', en: 'on its way to the borrower' },
  active: { vi: 'đang vay', en: 'running' },
  overdue: { vi: 'quá hạn', en: 'overdue' },
  frozen: { vi: 'khoanh nợ', en: 'frozen' },
  recalled: { vi: 'thu hồi trước hạn', en: 'recalled' },
  closed: { vi: 'đã tất toán', en: 'closed' },
  refused: { vi: 'bị từ chối', en: 'refused' },
  withdrawn: { vi: 'người vay đã rút', en: 'withdrawn' },
  cancelled: { vi: 'đã hủy', en: 'cancelled' },
};

/** LOAN_STATE, with where the loan is. */
export function wrongState(state: LoanState): ProblemError {
  const { vi, en } = stateTexts[state];
  const detail = {
    vi: `Khoản vay đang ở trạng thái «${vi}»; bước này không làm được ở trạng thái đó.`,
    en: `The loan is «${en}»; this is not possible in that state.`,
  };
  return new ProblemError(loanProblems.state, { detail, extensions: { state } });
}
