/**
 * One class for each kernel object; the only downcalls, and the only platform constants.
 *
 * <p>Methods give a result or the negative errno, and do not throw for an error of the kernel. EINTR is retried here. The number of a
 * descriptor is owned by a {@link dev.panpty.internal.sys.Descriptor} and leaves this package for the spawn only. Nothing here blocks,
 * except {@code epoll_wait} and {@link dev.panpty.internal.sys.ShortWait}. Any thread may call, unless a class says otherwise.
 *
 * <p>It calls {@code dev.panpty.internal.gen}, which is jextract's output, and nothing else of the library.
 */
package dev.panpty.internal.sys;
