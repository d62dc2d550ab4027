import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node'

/**
 * Prints one line at the very end, `N passed, N failed`, with `, N skipped` when some were. Tests that passed only when they were run again
 * (`retry` in `vitest.config.ts`) are named above it, with what failed first: each is a fault to be found.
 */
export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    let passed = 0
    let skipped = 0
    // Errors outside any test (a suite that does not load, a rejection) are failures too.
    let failed = errors.length
    const repeated: string[] = []
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        if (test.diagnostic()?.flaky === true) {
          const [first] = test.result().errors ?? []
          repeated.push(
            `  ${module.relativeModuleId} > ${test.fullName}: ${first?.message.split('\n')[0] ?? 'no message'}`,
          )
        }
        if (state === 'passed') passed++
        else if (state === 'skipped') skipped++
        else failed++
      }
      const brokenSuites = [module, ...module.children.allSuites()].filter(
        (suite) => suite.errors().length > 0,
      )
      failed += brokenSuites.length
    }
    if (reason === 'failed' && failed === 0) failed = 1
    const line = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
    // The default reporter writes its summary in the same step; the last words are ours.
    const notice = repeated.length === 0 ? [] : ['Passed only when run again:', ...repeated]
    process.once('exit', () => process.stdout.write([...notice, line, ''].join('\n')))
  }
}
