/**
 * A compact mocha reporter: one line per top-level suite, failures in full at the end, counts as JSON in the file that
 * the option `output` names. CommonJS without types, because that is how mocha loads a reporter.
 */
"use strict";
const { writeFileSync } = require("node:fs");
const { reporters, Runner } = require("mocha");

const { EVENT_RUN_END, EVENT_SUITE_END, EVENT_TEST_FAIL, EVENT_TEST_PASS, EVENT_TEST_PENDING } = Runner.constants;

/** How long a process may go on after its last test. */
const LINGER_MILLISECONDS = 30_000;

class CompactReporter extends reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    let counts = { passed: 0, failed: 0, pending: 0 };
    let startedAt = Date.now();
    runner.on(EVENT_TEST_PASS, () => (counts.passed += 1));
    runner.on(EVENT_TEST_PENDING, () => (counts.pending += 1));
    runner.on(EVENT_TEST_FAIL, (test) => {
      counts.failed += 1;
      process.stdout.write(`  failed: ${test.fullTitle()}\n`);
    });
    runner.on(EVENT_SUITE_END, (suite) => {
      if (suite.parent === undefined || !suite.parent.root) return;
      const extra = `${counts.failed > 0 ? `, ${counts.failed} failed` : ""}${counts.pending > 0 ? `, ${counts.pending} skipped` : ""}`;
      process.stdout.write(`  ${suite.title}: ${counts.passed} passed${extra} (${Date.now() - startedAt} ms)\n`);
      counts = { passed: 0, failed: 0, pending: 0 };
      startedAt = Date.now();
    });
    runner.once(EVENT_RUN_END, () => {
      if (this.failures.length > 0) reporters.Base.list(this.failures);
      const { output } = options.reporterOption ?? options.reporterOptions ?? {};
      if (output !== undefined) writeFileSync(output, JSON.stringify({ stats: this.stats }));
      // Fires only when something that a test left open keeps the process alive.
      setTimeout(() => {
        process.stdout.write("  a test left something open: ended by force\n");
        process.kill(process.pid, "SIGTERM"); // mocha would make it code 0
      }, LINGER_MILLISECONDS).unref();
    });
  }
}

module.exports = CompactReporter;
