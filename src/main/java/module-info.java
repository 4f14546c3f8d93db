/**
 * Panpty: programs on Linux pseudo-terminals, by {@code java.lang.foreign}.
 *
 * <pre>
 *   dev.panpty.expect                          dialogs with programs
 *      |
 *   dev.panpty.cast, dev.panpty.screen         recordings; what a program shows, as a value
 *      |
 *   dev.panpty                                 what a user sees
 *      |          \             \
 *      |     internal.stream  internal.event   blocking streams; callbacks
 *      |            \           /
 *   internal.spawn  internal.process           how a child is made; what both styles share
 *      |               |
 *      |            internal.loop              the engine, which knows no process
 *      |               |
 *   internal.sys ------+                       one class per kernel object, the only downcalls
 *      |
 *   internal.gen                               jextract's bindings
 * </pre>
 *
 * Arrows point down only, and to every room below that a line leads to, except that {@code cast} and {@code screen} use {@code dev.panpty}
 * alone, and {@code expect} uses {@code screen} and it; {@code ArrowsTest} holds them.
 */
module dev.panpty {
    exports dev.panpty;
    exports dev.panpty.cast;
    exports dev.panpty.expect;
    exports dev.panpty.screen;
}
