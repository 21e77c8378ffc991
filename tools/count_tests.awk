# Counts single test cases in ctest's LastTest.log: cmocka's results, the claims of end-to-end scripts,
# the inputs of fuzz corpora. Prints "PASSED FAILED SKIPPED", and on standard error what went wrong
# where. A test that ctest calls failed counts at least one failure (a crash names no case); one that
# passed without a single case is a failure too, because it tested nothing.
function close_test() {
    if (name == "")
        return
    if (running)
        fail("ended inside " running)
    if (!verdict && !failed_here)
        fail("failed")
    if (verdict && !cases)
        fail("passed, but reports no test case")
    name = ""
}
function fail(what) {
    failed++
    failed_here++
    printf "FAILED %s: %s\n", name, what | "cat >&2"
}
/^[0-9]+\/[0-9]+ Testing: / {
    close_test()
    name = $0
    sub(/^[0-9]+\/[0-9]+ Testing: /, "", name)
    running = ""
    verdict = cases = failed_here = 0
}
/^\[ RUN      \] / { running = $4 }
running && /\[       OK \] / { passed++; cases++; running = "" }
running && /\[  SKIPPED \] / { skipped++; cases++; running = "" }
running && /\[  FAILED  \] / { cases++; fail(running); running = "" }
name && /^ok - / { passed++; cases++ }
name && /^skip - / { skipped++; cases++ }
name && /^not ok - / { cases++; fail(substr($0, 10)) }
name && /^[0-9]+ inputs$/ { passed += $1; cases += $1 }
/^Test Passed\.$/ { verdict = 1 }
END {
    close_test()
    printf "%d %d %d\n", passed, failed, skipped
}
