# Runs a tool of the JDK that the phase validate chose: in-jdk.sh GOAL TOOL ARGUMENT...
# Fails where the Maven command has the goal alone, without a phase that chooses the JDK and compiles.
set -eu
goal=$1 tool=$2
shift 2
test -n "${TOOLCHAIN_JAVA_HOME:-}" && test -e target/classes/module-info.class || {
  echo "panpty: a phase is missing in front of the goal: mvn -q test-compile $goal" >&2
  exit 1
}
exec "$TOOLCHAIN_JAVA_HOME/bin/$tool" "$@"
