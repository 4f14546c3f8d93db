/**
 * Programs on Linux pseudo-terminals. {@link dev.panpty.PtyProcess} is a {@link java.lang.Process} that has a terminal,
 * {@link dev.panpty.PtyProcessBuilder} starts one; see pty(7).
 */
package dev.panpty;
