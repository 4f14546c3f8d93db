/**
 * The engine: one thread that waits in {@code epoll_wait(2)} for any number of descriptors. It knows no process and no terminal.
 *
 * <p>{@link dev.panpty.internal.loop.EventLoop} owns the epoll instance and the thread. A descriptor takes part by a
 * {@link dev.panpty.internal.loop.Registration}; what the loop must end when it ends itself, by
 * {@link dev.panpty.internal.loop.Member}. Other threads hand it work by a command, and what must not run on the loop runs on
 * {@link dev.panpty.internal.loop.CallbackThreads}.
 *
 * <p>Threads: {@link dev.panpty.internal.loop.Registration#ready}, commands, timers and slices run on the loop's thread, under no lock.
 * Everything else may be called from any thread, but for what its Javadoc gives to the loop alone. The locks of this room are innermost:
 * no call leaves the room while one is held.
 *
 * <p>It calls {@link dev.panpty.internal.sys} only.
 */
package dev.panpty.internal.loop;
