/**
 * The screen of a terminal as a value:
 *
 * {@snippet file="dev/panpty/examples/Screens.java" region="screen"}
 *
 * <p>{@link dev.panpty.screen.Screen} takes the output of a program, as a tap of a {@link dev.panpty.PtyProcess} or by hand, and gives
 * {@linkplain dev.panpty.screen.Snapshot snapshots}: lines as text, cells with their style, cursor, title and modes, as ANSI, HTML or SVG.
 * {@link dev.panpty.screen.Key} makes the bytes of a key, a paste or the mouse as the program has asked for them.
 * {@link dev.panpty.screen.PlainText} takes the escape sequences out of an output.
 *
 * <p>Null for a parameter gives a {@link NullPointerException} that names it, before anything is done, unless the method says otherwise.
 */
package dev.panpty.screen;
