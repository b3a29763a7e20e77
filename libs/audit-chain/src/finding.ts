/**
 * What is wrong with a log, and where. `seq` to `to` are numbers of events, `day` to `toDay` days:
 * - `edited`: these events are not what was written
 * - `deleted`: between `seq` and `to` there was more (`to` is null at the end of the log)
 * - `inserted`: these events were not written by the log
 * - `moved`: what stands at `seq` to `to` was written as `from` and after
 * - `rewritten`: these events fit each other, and not the root that was signed for `day`
 * - `rootMissing`: these days have no root
 * - `rootUnsigned`: the root of `day` is not signed by the key that it names, or that key is not trusted
 * - `rootAltered`: the root of `day` does not follow the one before it, or is not the one that was kept elsewhere
 */
export interface AuditFinding {
  kind:
    | 'edited'
    | 'deleted'
    | 'inserted'
    | 'moved'
    | 'rewritten'
    | 'rootMissing'
    | 'rootUnsigned'
    | 'rootAltered';
  seq?: string;
  to?: string | null;
  from?: string;
  day?: string;
  toDay?: string;
}
