# Compiles the trampoline into the classes, for this machine and the other one that the library runs on, or removes it:
# trampoline.sh MODE CC CFLAGS BASEDIR CLASSES ARCH
#   MODE build: for this machine, and for the other one where its cross compiler is installed; release: for both, or fail; skip
#   ARCH this machine's, as the system property os.arch has it
set -eu
mode=$1 cc=$2 cflags=$3 basedir=$4 folder=$5/dev/panpty/internal/spawn arch=$6
source=src/generated/c/trampoline.c
fail() { echo "panpty: $*" >&2; exit 1; }
compile() {
  mkdir -p "$folder/linux-$2"
  "$1" $cflags -fPIC -fvisibility=hidden -shared -ffile-prefix-map="$basedir"=. \
    -Wl,--build-id=none -o "$folder/linux-$2/libpanpty-trampoline.so" "$source"
}
rm -rf "$folder"/linux-*
case $mode in
  build | release) ;;
  skip) echo 'panpty: no trampoline, as asked by -Dpanpty.trampoline=skip' >&2; exit 0 ;;
  *) fail "panpty.trampoline must be build, release or skip, was $mode" ;;
esac
test -f "$source" || fail "$source is missing: restore it or run ./jextract.sh"
command -v "$cc" >/dev/null || fail "no C compiler ($cc): install one, name one by" \
  "-Dpanpty.cc=..., or build without the fallback by -Dpanpty.trampoline=skip -DskipTests"
compile "$cc" "$arch"
case $arch in
  amd64) other=aarch64 cross=aarch64-linux-gnu-gcc ;;
  aarch64) other=amd64 cross=x86_64-linux-gnu-gcc ;;
  *) exit 0 ;;
esac
if command -v "$cross" >/dev/null; then
  compile "$cross" "$other"
elif test "$mode" = release; then
  fail "a release holds the trampoline for $other too, and there is no $cross"
else
  echo "panpty: no $cross: the jar runs on linux-$arch without restriction, on linux-$other without the fallback" >&2
fi
