# Prints the tests that were left out and the reasons, from the reports of surefire; writes the list to target/left-out too.
set -eu
set -- target/surefire-reports/TEST-*.xml
test -f "$1" || exit 0
awk '
  / <testcase / {
    test = $0
    sub(/.* classname="([a-z]+[.])*/, "", test)
    sub(/".*/, "", test)
    name = $0
    sub(/.*<testcase name="/, "", name)
    sub(/[("[{].*/, "", name)
    if (name != "" && name != test) test = test "." name
  }
  / <skipped / {
    reason = $0
    sub(/.*(message="|Exception: )/, "", reason)
    sub(/(" type=|"[/>]|[]]+>).*/, "", reason)
    gsub(/&quot;/, "\"", reason)
    gsub(/&amp;/, "\\&", reason)
    if (!count[test ": " reason]++) print test ": " reason
  }' "$@" | sort >target/left-out
if test -s target/left-out; then
  echo 'Left out:'
  cat target/left-out
else
  echo 'No test was left out.'
fi
