/**
 * Panpty: programs on Linux pseudo-terminals, by {@code java.lang.foreign}.
 *
 * <pre>
 *   dev.panpty                 what a user sees
 *      |        \
 *   internal.spawn  internal.loop     how a child is made; the event loop and what runs on it
 *      |        /
 *   internal.sys               one class per kernel object, the only downcalls
 *      |
 *   internal.gen               jextract's bindings
 * </pre>
 *
 * Arrows point down only; spawn and loop do not know each other.
 */
module dev.panpty {
    exports dev.panpty;
}
