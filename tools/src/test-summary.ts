/** The parts of Jest's `--json` report that are counted. */
export interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Spec files that could not be loaded: no test of theirs is counted, so each counts as a failure. */
  numRuntimeErrorTestSuites: number;
  testResults: { assertionResults: { status: string; fullName: string }[] }[];
}

export interface TestCounts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Without a report Jest itself has failed: that is one failure, never a success. */
export function countTests(report: JestReport | undefined): TestCounts {
  if (!report) return { passed: 0, failed: 1, skipped: 0 };
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** `N passed, N failed`, and `, N skipped` when there are any. */
export function summaryLine({ passed, failed, skipped }: TestCounts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/** One line a reason: the one in the title, `[skipped: …]` by `describeWith` or `(skipped: …)`, else the title itself. */
export function skipReasons(report: JestReport): string[] {
  const counts = new Map<string, number>();
  for (const { status, fullName } of report.testResults.flatMap(({ assertionResults }) => assertionResults)) {
    if (status !== 'pending' && status !== 'todo') continue;
    const reason = /[[(]skipped: (.+?)[\])]/.exec(fullName)?.[1] ?? `${status}: ${fullName}`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].map(([reason, count]) => `skipped ${count}: ${reason}`);
}
