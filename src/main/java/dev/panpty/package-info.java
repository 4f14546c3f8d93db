/**
 * Programs on Linux pseudo-terminals. {@link dev.panpty.PtyProcess} is a {@link java.lang.Process} that has a terminal,
 * {@link dev.panpty.PtyProcessBuilder} starts one; see pty(7).
 *
 * <p>Null for a parameter gives a {@link NullPointerException} that names it, before anything is done, unless the method says otherwise.
 */
package dev.panpty;
