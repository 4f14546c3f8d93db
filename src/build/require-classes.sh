# Fails unless the main project is compiled: require-classes.sh CLASSES
set -eu
test -e "$1/module-info.class" || {
  echo "panpty: the library is not compiled; first, at the top: mvn -q test-compile" >&2
  exit 1
}
