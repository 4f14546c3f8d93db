/**
 * One class per kernel object; the only downcalls, and the only platform numbers.
 *
 * <p>Functions answer a result or the negative errno, and never throw for what the kernel says. EINTR is retried here. A number of a
 * descriptor is owned by a {@link dev.panpty.internal.sys.Descriptor} and leaves this package for the spawn only. Nothing here blocks,
 * but for {@code epoll_wait} and {@link dev.panpty.internal.sys.ShortWait}. Any thread may call, unless a class says otherwise.
 *
 * <p>It calls {@code dev.panpty.internal.gen}, which is jextract's output, and nothing else of the library.
 */
package dev.panpty.internal.sys;
