import { type ProblemDefinition, ProblemError } from '@ansinh/problem';
import type { BatchState } from './batch.states.js';

export const batchProblems = {
  notFound: {
    code: 'BATCH_NOT_FOUND',
    status: 404,
    title: { vi: 'Không tìm thấy lô chi trả', en: 'The batch was not found' },
  },
  wrongState: {
    code: 'BATCH_STATE',
    status: 409,
    title: { vi: 'Trạng thái của lô không cho phép', en: 'The state of the batch does not allow this' },
  },
  programmeNotFunded: {
    code: 'PROGRAMME_NOT_FUNDED',
    status: 422,
    title: {
      vi: 'Nguồn kinh phí không chi cho chương trình này',
      en: 'The fund does not pay for this programme',
    },
  },
  channelMismatch: {
    code: 'CHANNEL_MISMATCH',
    status: 422,
    title: { vi: 'Kênh chi không khớp với nguồn kinh phí', en: 'The channel is not that of the fund' },
  },
  listEmpty: {
    code: 'LIST_EMPTY',
    status: 422,
    title: { vi: 'Danh sách không có dòng nào để chi', en: 'The list has no line to pay' },
  },
  blockingFindings: {
    code: 'BLOCKING_FINDINGS',
    status: 409,
    title: { vi: 'Còn phát hiện chặn chi', en: 'There are blocking findings' },
  },
  notWaivable: {
    code: 'FINDING_NOT_WAIVABLE',
    status: 422,
    title: { vi: 'Phát hiện này không được miễn', en: 'This finding cannot be waived' },
  },
  nothingToWaive: {
    code: 'NOTHING_TO_WAIVE',
    status: 404,
    title: { vi: 'Không có phát hiện nào như vậy để miễn', en: 'There is no such finding to waive' },
  },
  ownBatch: {
    code: 'MAKER_IS_NOT_CHECKER',
    status: 403,
    title: { vi: 'Người lập không được duyệt lô của mình', en: 'The maker of a batch may not approve it' },
  },
  decidedAlready: {
    code: 'DECIDED_ALREADY',
    status: 409,
    title: { vi: 'Bạn đã quyết định lô này rồi', en: 'You have decided on this batch already' },
  },
  digestMismatch: {
    code: 'DIGEST_MISMATCH',
    status: 409,
    title: {
      vi: 'Danh sách không còn là danh sách bạn đã xem',
      en: 'The list is no longer the one that you looked at',
    },
  },
  obligationTaken: {
    code: 'OBLIGATION_TAKEN',
    status: 409,
    title: {
      vi: 'Có khoản trong lô đã được duyệt hoặc chi ở lô khác',
      en: 'Some obligations of the batch are approved or paid in another batch',
    },
  },
  openExceptions: {
    code: 'OPEN_EXCEPTIONS',
    status: 409,
    title: { vi: 'Lô còn sai lệch chưa xử lý', en: 'Exceptions of the batch are still open' },
  },
  messageNotFound: {
    code: 'MESSAGE_NOT_FOUND',
    status: 404,
    title: { vi: 'Không có điện chi số này', en: 'There is no message of this number' },
  },
} satisfies Record<string, ProblemDefinition>;

/** What people call the states, for sentences. */
const stateNames: Record<BatchState, { vi: string; en: string }> = {
  draft: { vi: 'mới lập', en: 'draft' },
  checking: { vi: 'đang kiểm tra', en: 'being checked' },
  checked: { vi: 'đã kiểm tra', en: 'checked' },
  submitted: { vi: 'đã trình', en: 'submitted' },
  approved: { vi: 'đã duyệt', en: 'approved' },
  rejected: { vi: 'bị trả lại', en: 'rejected' },
  transmitting: { vi: 'đang gửi ngân hàng', en: 'being sent' },
  paused: { vi: 'tạm dừng', en: 'paused' },
  transmitted: { vi: 'đã gửi ngân hàng', en: 'sent' },
  reconciled: { vi: 'đã đối chiếu', en: 'reconciled' },
  closed: { vi: 'đã đóng', en: 'closed' },
  cancelled: { vi: 'đã huỷ', en: 'cancelled' },
};

/** @param allowed the states in which the command would have been possible */
export function wrongState(state: BatchState, allowed: readonly BatchState[]): ProblemError {
  const names = (language: 'vi' | 'en') =>
    allowed.map((name) => `«${stateNames[name][language]}»`).join(', ');
  return new ProblemError(batchProblems.wrongState, {
    detail: {
      vi: `Lô đang ở trạng thái «${stateNames[state].vi}»; thao tác này chỉ dành cho lô ${names('vi')}.`,
      en: `The batch is «${stateNames[state].en}»; this is possible only for a batch that is ${names('en')}.`,
    },
    extensions: { state, allowed },
  });
}
