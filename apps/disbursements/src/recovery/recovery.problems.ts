import type { ProblemDefinition } from '@ansinh/problem';

export const recoveryProblems = {
  sendingClosed: {
    code: 'SENDING_CLOSED',
    status: 409,
    title: {
      vi: 'Chưa được gửi: sổ sách chưa đối chiếu với ngân hàng sau khi cơ sở dữ liệu khởi động',
      en: 'Nothing is sent: the books are not compared with the bank since the database was started',
    },
  },
  beforeRestore: {
    code: 'BATCH_BEFORE_RESTORE',
    status: 409,
    title: {
      vi: 'Lô lập trước khi khôi phục dữ liệu không được duyệt nữa',
      en: 'A batch from before the restore can no longer be approved',
    },
  },
  running: {
    code: 'RECOVERY_RUNNING',
    status: 409,
    title: { vi: 'Một lần khôi phục đang chạy', en: 'A recovery is running' },
  },
  notCollected: {
    code: 'RECOVERY_NOT_COLLECTED',
    status: 409,
    title: {
      vi: 'Không có lần khôi phục nào đang chờ kết thúc',
      en: 'No recovery is waiting for its end',
    },
  },
} satisfies Record<string, ProblemDefinition>;
