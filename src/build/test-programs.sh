# Compiles each program of src/test/c: test-programs.sh CC CFLAGS FOLDER
set -eu
cc=$1 cflags=$2 folder=$3
rm -rf target/surefire-reports # left-out.sh reads the reports of this run alone
for source in src/test/c/*.c; do
  test -f "$source" || continue
  command -v "$cc" >/dev/null || {
    echo "panpty: the tests need a C compiler ($cc): install one, or build with -DskipTests" >&2
    exit 1
  }
  mkdir -p "$folder"
  "$cc" $cflags -pthread -I native-headers -I src/generated/c -o "$folder/$(basename "$source" .c)" "$source"
done
