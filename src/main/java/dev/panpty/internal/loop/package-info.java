/**
 * The engine: one thread that waits in {@code epoll_wait(2)} for any number of descriptors. It knows no process and no terminal.
 *
 * <p>{@link dev.panpty.internal.loop.EventLoop} owns the epoll instance and the thread. A
 * {@link dev.panpty.internal.loop.Registration} adds a descriptor; a {@link dev.panpty.internal.loop.Member} is an object that must end
 * with the loop. Other threads post commands; work that must not run on the loop's thread runs on
 * {@link dev.panpty.internal.loop.CallbackThreads}.
 *
 * <p>Threads: {@link dev.panpty.internal.loop.Registration.Handler#ready}, commands, timers and slices run on the loop's thread, under no
 * lock. Everything else may be called from any thread, unless its Javadoc confines it to the loop's thread. The locks of this package are
 * innermost: no call leaves the package while one is held.
 *
 * <p>It calls {@link dev.panpty.internal.sys} only.
 */
package dev.panpty.internal.loop;
