# Compiles the trampoline into the classes, or removes it: trampoline.sh MODE CC CFLAGS BASEDIR CLASSES ARCH
set -eu
mode=$1 cc=$2 cflags=$3 basedir=$4 folder=$5/dev/panpty/internal/spawn/linux-$6
source=src/generated/c/trampoline.c
fail() { echo "panpty: $*" >&2; exit 1; }
rm -rf "$folder"
case $mode in
  build) ;;
  skip) echo 'panpty: no trampoline, as asked by -Dpanpty.trampoline=skip' >&2; exit 0 ;;
  *) fail "panpty.trampoline must be build or skip, was $mode" ;;
esac
test -f "$source" || fail "$source is missing: restore it or run ./jextract.sh"
command -v "$cc" >/dev/null || fail "no C compiler ($cc): install one, name one by" \
  "-Dpanpty.cc=..., or build without the fallback by -Dpanpty.trampoline=skip -DskipTests"
mkdir -p "$folder"
"$cc" $cflags -fPIC -fvisibility=hidden -shared -ffile-prefix-map="$basedir"=. \
  -Wl,--build-id=none -o "$folder/libpanpty-trampoline.so" "$source"
