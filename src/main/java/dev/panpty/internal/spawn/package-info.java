/**
 * Makes a child: by {@link dev.panpty.internal.spawn.PosixSpawn}, else by {@link dev.panpty.internal.spawn.ForkExec} with the C trampoline.
 * Searches PATH, and describes failures.
 *
 * <p>A start belongs to the thread that makes it; nothing here has a lock or knows the loop. It calls {@link dev.panpty.internal.sys}, and
 * {@code ForkExec} the generated layout of the trampoline's request.
 */
package dev.panpty.internal.spawn;
