export { asksForWorkbook, column, ListApi, pageOrWorkbook, workbook } from './list-sheet.js';
export type { ListHeaders, ListSheet } from './list-sheet.js';
export { type ListSweep, sweepLists, sweptProblem } from './list-sweep.js';
export { formatOf, listTypes, ListUploadApi, refusingList } from './list-upload.js';
export {
  recordListAccess,
  refuseLongWorkbook,
  remarkedFile,
  RemarkedListApi,
  RemarkedListQuery,
  remarkedListRequest,
  remarkedRows,
} from './remarked-list.js';
export type { KeptList, RemarkedListRequest } from './remarked-list.js';
export { digestOfFile, removeAbandonedSpools, spool, withSpooled } from './spool.js';
export type { Spool } from './spool.js';
