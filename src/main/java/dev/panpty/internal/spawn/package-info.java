/**
 * How a child is made: {@link dev.panpty.internal.spawn.PosixSpawn} first, else {@link dev.panpty.internal.spawn.ForkExec} by the C
 * trampoline; the search in PATH, and the words for what failed.
 *
 * <p>A start belongs to the thread that makes it; nothing here has a lock or knows the loop. It calls {@link dev.panpty.internal.sys}, and
 * {@code ForkExec} the generated layout of the trampoline's request.
 */
package dev.panpty.internal.spawn;
