#!/bin/sh
# The only writer of src/generated: Java bindings by jextract, the C trampoline from its table of steps and its frames
# native-headers/trampoline.c.in and trampoline.h.in.
#
#   ./jextract.sh                        rewrite src/generated; needs jextract: $JEXTRACT_HOME/bin/jextract, one on the PATH,
#                                        or the pinned build below, downloaded once into the user's cache
#   ./jextract.sh --check                fail unless src/generated matches native-headers; needs neither jextract nor a network,
#                                        only awk, grep, sed and the coreutils
#   ./jextract.sh --check --regenerate   also run jextract and compare its output, except for comments
set -eu
cd "$(dirname "$0")"
LC_ALL=C
export LC_ALL

PACKAGE=dev.panpty.internal.gen
JAVA_OUT=src/generated/java
C_OUT=src/generated/c
BINDINGS=$JAVA_OUT/dev/panpty/internal/gen/Linux.java
TABLE=native-headers/child-setup.txt

# The pinned build, of openjdk/jextract 91fc954 (2025-11-12) or close to it.
PIN_BASE=https://download.java.net/java/early_access/jextract/25/2
PIN_NAME=openjdk-25-jextract+2-4
PIN_SHA256_X64=d0cc481abc1adb16fb9514e1c5e0bfc08d38c29228bece667fb5054ceaffaa42
PIN_SHA256_AARCH64=0e25e6f6efa042f8758eaec65a873887fd2247fcf2e3e22dcfd7e4179fc8b0ae

# Mechanical changes to jextract's output. sed makes it Java 22: findOrThrow is new in 23. It also looks the address up where it is asked for. awk drops each function's method handle, the method that calls it, and the
# class that holds them, so that each function costs two small methods: sys.Downcall calls all functions by one shape, which costs a first start about 10 ms for each shape that is linked.
SUBSTITUTIONS='s/findOrThrow(\("[A-Za-z0-9_]*"\))/find(\1).orElseThrow()/
/^        public static final MemorySegment ADDR = /{
h
x
s/.* ADDR = //
x
}
/^        return [A-Za-z0-9_]*\.ADDR;$/{
g
s/^/        return /
}'
WITHOUT_CALLS='
/^    private static class [a-z]/ { name = $4; shape[name] = ""; next }
name != "" && /^    \}$/ { name = ""; next }
name != "" {
    if (/FunctionDescriptor DESC = /) { described = 1; sub(/.* DESC = /, "") } else if (described) sub(/^        /, "")
    if (described) shape[name] = shape[name] "\n        " $0
    if (/;$/) described = 0
    next
}
/^    \/\*\*$/ { comment = ""; commented = 1 }
commented { comment = comment $0 "\n"; if (/^     \*\/$/) commented = 0; next }
/^    public static MethodHandle .*[$]handle\(\) \{$/ { skipped = 1; comment = ""; next }
/^    public static .*\) \{$/ { declaration = $0 "\n"; next }
declaration != "" && /^        var mh[$] = / { skipped = 1; comment = ""; declaration = "" }
skipped { if (/^    \}$/) skipped = 0; next }
/^        return [a-z_0-9A-Z]*[.]DESC;$/ {
    sub(/^ *return /, ""); sub(/[.]DESC;$/, "")
    $0 = shape[$0]
    sub(/^\n        /, "        return ")
}
{ printf "%s%s", comment, declaration; comment = ""; declaration = ""; print }'

fail() {
    echo "jextract.sh: $*" >&2
    exit 1
}

# Whether two files are the same; prints the difference where diff(1) is available.
same() {
    [ "$(sha256sum <"$1")" = "$(sha256sum <"$2")" ] && return
    command -v diff >/dev/null && diff "$1" "$2" >&2
    return 1
}

# Copies the frame $1 and replaces its lines @CODES@, @TEXTS@, @FIELDS@, @ACTIONS@ and @CALLS@ by the table of steps.
render() {
    awk '
    function read_row(  word) {
        if (/^ /) { body[steps] = body[steps] $0 "\n"; return }
        word = $1
        sub(/^[a-z]+[ \t]*/, "")
        if (word == "step") name[++steps] = $0
        else if (word == "when") when[steps] = $0
        else if (word == "text") text[steps] = $0
        else if (word == "note") note[steps] = note[steps] " " $0
        else if (word == "field") field[++fields] = $0
        else if (word != "" && word !~ /^#/) { print FILENAME ", line " FNR ": what is " word "?" | "cat >&2"; exit 1 }
    }
    function padded(s, width) { return sprintf("%-" width "s", s) }
    function code(i) { return "PANPTY_STEP_" toupper(name[i]) }
    function parameters(i, request, child) {
        if (body[i] !~ /request/) return body[i] ~ /child/ ? child : ""
        return body[i] ~ /child/ ? request ", " child : request
    }
    function comment(s,  word, words, line, i) {
        words = split(s, word, " ")
        if (length(s) <= 114) { print "/* " s " */"; return }
        print "/*"
        for (i = 1; i <= words; i++) {
            if (length(line word[i]) > 116) { print " *" line; line = "" }
            line = line " " word[i]
        }
        print " *" line "\n */"
    }

    BEGIN { print "/* Rendered from " ARGV[1] " and " ARGV[2] " by jextract.sh; do not edit. */" }
    NR == FNR { read_row(); next }
    /^@CODES@$/ {
        for (i = 1; i <= steps; i++) print "    " padded(code(i) " = " i ",", 35) "/* " text[i] " */"
        next
    }
    /^@TEXTS@$/ {
        for (i = 1; i <= steps; i++) print "#define " padded("PANPTY_TEXT_" toupper(name[i]), 26) "\"" text[i] "\""
        next
    }
    /^@FIELDS@$/ {
        for (i = 1; i <= fields; i++) {
            end = index(field[i], ";")
            print "    " padded(substr(field[i], 1, end), 35) "/* " substr(field[i], end + 2) " */"
        }
        next
    }
    /^@ACTIONS@$/ {
        for (i = 1; i <= steps; i++) if (when[i] != "parent") {
            comment(toupper(substr(text[i], 1, 1)) substr(text[i], 2) "." note[i])
            signature = parameters(i, "const struct panpty_request *request", "struct child *child")
            print "static long step_" name[i] "(" (signature == "" ? "void" : signature) ")\n{\n" body[i] "}\n"
        }
        next
    }
    /^@CALLS@$/ {
        for (i = 1; i <= steps; i++) if (when[i] != "parent") {
            call = "step_" name[i] "(" parameters(i, "request", "child") ")"
            condition = when[i] == "asked" ? "asked(request, " code(i) ")" : when[i]
            print "    " padded("case " code(i) ":", 32) "return " (condition == "always" ? call : condition " ? " call " : 0") ";"
        }
        next
    }
    { print }
    ' "$TABLE" "$1"
}

inputs_digest() {
    {
        cat native-headers/linux.h native-headers/includes.txt "$TABLE" native-headers/trampoline.c.in native-headers/trampoline.h.in
        echo "$SUBSTITUTIONS$WITHOUT_CALLS"
    } | sha256sum | cut -d ' ' -f 1
}

# The third line of each binding file has the digest of the lines after it.
check_untouched() {
    for file in "$1"/*.java; do
        recorded=$(sed -n '3s|^// What follows: sha256 ||p' "$file")
        [ "$recorded" = "$(sed 1,3d "$file" | sha256sum | cut -d ' ' -f 1)" ] || fail "$file was edited: run ./jextract.sh"
    done
}

# Every name of includes.txt must be in the bindings: jextract ignores an unknown name without a message.
check_names() {
    missing=$(sed -n 's/^--include-[a-z]* *//p' native-headers/includes.txt | while read -r name; do
        grep -q -E "[ .]$name(\(| |[$]address)" "$1"/*.java || printf ' %s' "$name"
    done)
    [ -z "$missing" ] || fail "listed in native-headers/includes.txt but not in the bindings:$missing"
}

find_jextract() {
    if [ -n "${JEXTRACT_HOME:-}" ]; then
        [ -x "$JEXTRACT_HOME/bin/jextract" ] || fail "JEXTRACT_HOME is $JEXTRACT_HOME, but $JEXTRACT_HOME/bin/jextract cannot be run"
        JEXTRACT=$JEXTRACT_HOME/bin/jextract
    elif command -v jextract >/dev/null 2>&1; then
        JEXTRACT=$(command -v jextract)
    else
        download_jextract
    fi
}

download_jextract() {
    case $(uname -m) in
        x86_64) platform=linux-x64 sha256=$PIN_SHA256_X64 ;;
        aarch64) platform=linux-aarch64 sha256=$PIN_SHA256_AARCH64 ;;
        *) fail "there is no pinned jextract for $(uname -m): set JEXTRACT_HOME" ;;
    esac
    cache=${XDG_CACHE_HOME:-$HOME/.cache}/panpty/$PIN_NAME
    JEXTRACT=$cache/jextract-25/bin/jextract
    [ -x "$JEXTRACT" ] && return
    mkdir -p "$cache"
    archive=$cache/$platform.tar.gz
    curl --fail --silent --show-error --location --output "$archive" "$PIN_BASE/${PIN_NAME}_${platform}_bin.tar.gz" ||
        fail "no jextract here and no network to fetch it: set JEXTRACT_HOME to one from https://jdk.java.net/jextract/"
    if ! echo "$sha256  $archive" | sha256sum --check --quiet; then
        rm "$archive"
        fail "what was downloaded is not the pinned build: removed"
    fi
    rm -rf "$cache/unpacking" && mkdir "$cache/unpacking"
    tar -xzf "$archive" -C "$cache/unpacking"
    mv "$cache/unpacking"/* "$cache"
    rm -r "$archive" "$cache/unpacking"
    [ -x "$JEXTRACT" ] || fail "the archive has no $JEXTRACT"
}

# Writes the bindings below the folder $1, with the trampoline's header from $2.
write_bindings() {
    find_jextract
    "$JEXTRACT" --output "$1" --target-package "$PACKAGE" --header-class-name Linux \
        -I native-headers -I "$2" @native-headers/includes.txt native-headers/linux.h
    made_by=$("$JEXTRACT" --version 2>&1 | grep -E '^(jextract|LibClang)' | paste -s -d ' ' -)
    for file in "$1"/dev/panpty/internal/gen/*.java; do
        sed -e 's/[[:space:]]*$//' -e "$SUBSTITUTIONS" "$file" | awk "$WITHOUT_CALLS" >"$file.new"
        {
            echo "// Written by jextract.sh with $made_by; do not edit."
            echo "// Inputs: sha256 $(inputs_digest)"
            echo "// What follows: sha256 $(sha256sum <"$file.new" | cut -d ' ' -f 1)"
            cat "$file.new"
        } >"$file"
        rm "$file.new"
    done
    check_names "$1/dev/panpty/internal/gen"
}

without_comments() {
    grep -v -E '^ *(//|/\*|\*)' "$1"
}

# Fails unless both folders have the same bindings, except for comments.
compare_bindings() {
    for file in "$1"/dev/panpty/internal/gen/*.java; do
        name=$(basename "$file")
        without_comments "$file" >"$scratch/fresh"
        without_comments "$JAVA_OUT/dev/panpty/internal/gen/$name" >"$scratch/committed" || fail "not committed: $name"
        same "$scratch/committed" "$scratch/fresh" || fail "jextract writes another $name than the committed one"
    done
}

check=false regenerate=false
for argument in "$@"; do
    case $argument in
        --check) check=true ;;
        --regenerate) regenerate=true ;;
        *) fail "unknown argument $argument; see the head of this script" ;;
    esac
done
$regenerate && ! $check && fail "--regenerate goes with --check"

for tool in awk grep sed sha256sum mktemp; do
    command -v "$tool" >/dev/null || fail "the build needs awk, grep, sed and the coreutils, and there is no $tool here"
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/c" "$scratch/java"
for file in trampoline.c trampoline.h; do
    render "native-headers/$file.in" >"$scratch/c/$file"
done

if $check; then
    recorded=$(sed -n 's|^// Inputs: sha256 ||p' "$BINDINGS")
    [ "$recorded" = "$(inputs_digest)" ] || fail "native-headers and src/generated disagree: run ./jextract.sh"
    check_names "$(dirname "$BINDINGS")"
    check_untouched "$(dirname "$BINDINGS")"
    for file in trampoline.c trampoline.h; do
        same "$C_OUT/$file" "$scratch/c/$file" ||
            fail "$C_OUT/$file is not what $TABLE and native-headers/$file.in render to: run ./jextract.sh"
    done
    if $regenerate; then
        write_bindings "$scratch/java" "$scratch/c"
        compare_bindings "$scratch/java"
    fi
else
    write_bindings "$scratch/java" "$scratch/c"
    rm -rf "$JAVA_OUT" "$C_OUT"
    mkdir -p "$JAVA_OUT" "$C_OUT"
    cp -r "$scratch/java/." "$JAVA_OUT"
    cp "$scratch/c/"* "$C_OUT"
fi
