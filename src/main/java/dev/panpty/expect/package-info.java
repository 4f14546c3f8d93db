/**
 * Dialogs with programs.
 *
 * {@snippet file="dev/panpty/examples/Installer.java" region="answers"}
 *
 * {@snippet file="dev/panpty/examples/Login.java" region="login"}
 *
 * <p>{@link dev.panpty.expect.Expect} waits for the output of a program, or of a stream, and types: texts, regular expressions, silence and
 * the end, several at once, each wait with a limit of time. {@link dev.panpty.expect.Shell} runs commands one after the other in a live
 * shell and gives output and status of each. A wait that fails throws an {@link dev.panpty.expect.ExpectException}, whose message is enough
 * to find the fault.
 *
 * <p>It uses the API of {@link dev.panpty} and {@link dev.panpty.screen} alone. A session over a process needs no thread: the caller that
 * waits reads.
 *
 * <p>Null for a parameter gives a {@link NullPointerException} that names it, before anything is done, unless the method says otherwise.
 */
package dev.panpty.expect;
