package dev.panpty.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives a test a terminal with a program on it: as a parameter of type {@link TestTerminal}, in the test and in its {@code @BeforeEach} and
 * {@code @AfterEach} methods, all of which get the same one. The program starts when the first parameter is resolved. A parameter of type
 * {@link TerminalStarter} starts programs when the test asks for it.
 *
 * <p>A parameter of type {@link dev.panpty.expect.Expect}, alone or beside the {@link TestTerminal}, is a dialog with the same program by its
 * output, see {@link TestTerminal#expect}: for one that draws no screen, or asks for passwords. A window of 500 columns keeps line editors from
 * wrapping.
 *
 * <p>It stands beside {@code @Test}, {@code @ParameterizedTest}, {@code @RepeatedTest} or {@code @TestFactory}, on the class of such tests, or on
 * an annotation of your own. One on a method replaces that of its class as a whole, and one on a nested class that of the class around it.
 *
 * <p>The program gets no variable of the JVM's environment but PATH, USER, LOGNAME and TMPDIR. It has {@code TERM=xterm-256color},
 * {@code LANG=C.UTF-8}, {@code SHELL=/bin/sh}, {@code TZ=UTC}, and HOME, an empty folder that is deleted after the test. It runs in the JVM's working
 * directory. Its terminal answers queries as xterm does, see {@link dev.panpty.screen.Screen#answering()}.
 */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@Documented
@ExtendWith(TerminalExtension.class)
@SuppressWarnings("exports") // JUnit alone uses the extension
public @interface Terminal {

    /**
     * The program and its arguments. A name without a slash is looked up along the PATH, one with a slash is relative to the working directory.
     *
     * @return the command; empty, if all programs are started by a {@link TerminalStarter}
     */
    String[] command() default {};

    /**
     * The height of the window.
     *
     * @return 1 to 1000
     */
    int rows() default 24;

    /**
     * The width of the window.
     *
     * @return 1 to 1000
     */
    int columns() default 80;

    /**
     * More variables of the program's environment. One that is named above is replaced; with another HOME the program has the folder as
     * {@code PANPTY_HOME}, by which daemons that it leaves are found.
     *
     * @return each {@code NAME=value}, or {@code NAME} for the value that the JVM's environment has, if it has one
     */
    String[] environment() default {};

    /**
     * For how long waits wait, unless they are given a limit.
     *
     * @return in milliseconds, more than 0
     */
    long limitMillis() default 10_000;

    /**
     * For how long a screen that has changed since the last input must not change to be settled, see {@link TestTerminal#awaitSettled}.
     *
     * @return in milliseconds, more than 0
     */
    long settledMillis() default 100;

    /**
     * For how long a screen that has not changed since the last input must not change to be settled.
     *
     * @return in milliseconds, more than 0
     */
    long unchangedMillis() default 500;
}
