/**
 * Recordings of terminals: made, read, played and converted.
 *
 * {@snippet file="dev/panpty/examples/Casting.java" region="record"}
 *
 * {@snippet file="dev/panpty/examples/Casting.java" region="play"}
 *
 * <p>A {@link dev.panpty.cast.Recorder} is a tap that writes asciicast (v3, v2), or the files of script(1) or ttyrec. A
 * {@link dev.panpty.cast.Recording} reads all of these and asciicast v1, compressed or not, and plays them to any
 * {@link dev.panpty.TerminalTap}. The formats: <a href="https://docs.asciinema.org/manual/asciicast/v3/">asciicast v3</a>,
 * <a href="https://docs.asciinema.org/manual/asciicast/v2/">v2</a>, script(1) and scriptreplay(1) of util-linux, ttyrec(1).
 *
 * <p>It uses the API of {@link dev.panpty} alone. Each recorder has a virtual thread that writes; a recording is read and played on the
 * threads of its callers.
 *
 * <p>Null for a parameter gives a {@link NullPointerException} that names it, before anything is done, unless the method says otherwise.
 */
package dev.panpty.cast;
