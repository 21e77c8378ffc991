#!/bin/sh
# The counter of test cases must not lose a failure: feed it logs as ctest writes them and demand the
# counts "PASSED FAILED SKIPPED".
set -eu
tools=$(cd "$(dirname "$0")" && pwd)

# counts EXPECTED: of the log on standard input.
counts() {
    got=$(awk -f "$tools/count_tests.awk" 2>/dev/null)
    [ "$got" = "$1" ] || { echo "test_count: got '$got', expected '$1'" >&2; exit 1; }
}

# one NAME VERDICT: a test of ctest's log with the output on standard input.
one() {
    printf '1/9 Testing: %s\n1/9 Test: %s\nOutput:\n-----\n' "$1" "$1"
    cat
    printf '<end of output>\nTest time = 0.1 sec\n-----\nTest %s.\n"%s" end time: now\n-----\n\n' "$2" "$1"
}

cmocka_ok='[ RUN      ] test_a
[       OK ] test_a
[ RUN      ] test_b
a line of its own
[       OK ] test_b
[  PASSED  ] 2 test(s).'
cmocka_mixed='[ RUN      ] test_a
[  FAILED  ] test_a
[ RUN      ] test_b
[  SKIPPED ] test_b
[ RUN      ] test_c
[       OK ] test_c
[  PASSED  ] 1 test(s).
[  SKIPPED ] 1 test(s), listed below:
[  SKIPPED ] test_b
[  FAILED  ] 1 test(s), listed below:
[  FAILED  ] test_a'
cmocka_crash='[ RUN      ] test_a
[       OK ] test_a
[ RUN      ] test_b
==7==ERROR: AddressSanitizer: heap-buffer-overflow'
script='ok - one claim
# a remark
not ok - another
skip - a third (needs shared data)'

counts "0 0 0" </dev/null
echo "$cmocka_ok" | one base/a Passed | counts "2 0 0"
echo "$cmocka_mixed" | one base/a Failed | counts "1 1 1"
echo "$cmocka_crash" | one base/a Failed | counts "1 1 0"
echo "$cmocka_ok" | one base/a Failed | counts "2 1 0"
echo "$script" | one e2e/a Failed | counts "1 1 1"
echo "12 inputs" | one fuzz/a Passed | counts "12 0 0"
echo "nothing to count" | one e2e/a Passed | counts "0 1 0"
echo "Segmentation fault" | one fuzz/a Failed | counts "0 1 0"
{ echo "$cmocka_crash" | one base/a Failed; echo "$cmocka_ok" | one base/b Passed; } | counts "3 1 0"
echo "the counter of test cases holds"
