# Fails unless the jar holds what a user needs, and is no larger than it may be: check-jar.sh JAR MODE ARCH
#   MODE and ARCH as of trampoline.sh
set -eu
jar=$1 mode=$2 arch=$3
most_bytes=839680
fail() { echo "panpty: $jar $*" >&2; exit 1; }
listing=$("$TOOLCHAIN_JAVA_HOME/bin/jar" --list --file "$jar")
require() {
  echo "$listing" | grep -q -x "$1" || fail "has no $1"
}
require module-info.class
require META-INF/LICENSE
require META-INF/UNICODE-LICENSE
trampoline=dev/panpty/internal/spawn/linux-%s/libpanpty-trampoline.so
case $mode in
  release) require "$(printf "$trampoline" amd64)" && require "$(printf "$trampoline" aarch64)" ;;
  build) require "$(printf "$trampoline" "$arch")" ;;
esac
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && "$TOOLCHAIN_JAVA_HOME/bin/jar" --extract --file "$jar" META-INF/MANIFEST.MF)
for header in Bundle-SymbolicName Bundle-Version Export-Package; do
  grep -q "^$header: " "$folder/META-INF/MANIFEST.MF" || fail "has no $header"
done
unfolded=$(tr -d '\r' <"$folder/META-INF/MANIFEST.MF" | awk '/^ / { printf "%s", substr($0, 2); next } { printf "\n%s", $0 }')
for package in $("$TOOLCHAIN_JAVA_HOME/bin/jar" --describe-module --file "$jar" | awk '$1 == "exports" { print $2 }'); do
  echo "$unfolded" | grep -q "^Export-Package: \(.*,\)*$package;version" || fail "does not export $package to OSGi"
done
bytes=$(wc -c <"$jar")
test "$bytes" -le "$most_bytes" || fail "has $bytes bytes, more than $most_bytes"
