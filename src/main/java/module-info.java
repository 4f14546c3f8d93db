/**
 * Panpty: programs on Linux pseudo-terminals, by {@code java.lang.foreign}.
 *
 * <pre>
 *   dev.panpty.cast                            recordings
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
 * Arrows point down only, and to every room below that a line leads to; {@code ArrowsTest} holds them.
 */
module dev.panpty {
    exports dev.panpty;
    exports dev.panpty.cast;
}
