/**
 * Tests of terminal programs with JUnit 5: what a user sees, typed and looked at as a user does it.
 *
 * {@snippet file="dev/panpty/junit/LessTest.java" region="test"}
 *
 * <p>{@link dev.panpty.junit.Terminal} on a test or its class starts the program, {@link dev.panpty.junit.TestTerminal} is the parameter to talk
 * to it by, {@link dev.panpty.expect.Expect} one for a dialog by its output, {@link dev.panpty.junit.TerminalStarter} one for tests that start
 * programs themselves. A test that fails has the screen, the unread output and the path of a recording in its message. After each test no
 * process of its programs is left, whether it has failed or not; but for a daemon whose parent has exited and that has changed HOME.
 *
 * <p>System properties, which Surefire and Gradle pass on to tests if they are told to:
 *
 * <ul>
 * <li>{@code panpty.snapshots=update} writes the files that {@link dev.panpty.junit.TestTerminal#assertSnapshot} compares with;</li>
 * <li>{@code panpty.snapshots.folder} is where they are, {@code src/test/resources} unless set;</li>
 * <li>{@code panpty.recordings} is the folder of recordings and of screens that differ from their snapshot; unless set it is {@code panpty} in the
 *     build folder, {@code target}, or {@code build} where there is a {@code build.gradle} or {@code build.gradle.kts};</li>
 * <li>{@code panpty.recordings.keep=all} keeps the recordings of tests that succeed, too.</li>
 * </ul>
 *
 * <p>Tests may run in parallel: nothing is shared between two of them. The objects of one test may be used by any of its threads.
 */
package dev.panpty.junit;
