package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;

/** What tells a file from others, see statx(2): its device and inode, and whether it still has a name. */
final class FileIdentity {

    private static final Downcall STATX = new Downcall(Linux.statx$address());
    private static final byte[] ITSELF = {};

    private FileIdentity() {}

    /** No where one of them cannot be looked at. */
    static boolean same(Descriptor descriptor, byte[] path) {
        try (Scratch scratch = Scratch.take()) { // first: should there be no memory for it, nothing is held
            return descriptor.acquire() && same(scratch, descriptor, path);
        }
    }

    /** Whether two paths lead to one file; no where one of them cannot be looked at. A server that does not answer is not asked. */
    static boolean same(byte[] path, byte[] other) {
        try (Scratch scratch = Scratch.take()) {
            return look(scratch, Linux.AT_FDCWD(), path, Linux.AT_STATX_DONT_SYNC())
                    && isSeenAgain(scratch, other, Linux.AT_STATX_DONT_SYNC());
        }
    }

    private static boolean same(Scratch scratch, Descriptor descriptor, byte[] path) {
        try {
            return look(scratch, descriptor.number(), ITSELF, Linux.AT_EMPTY_PATH()) && isSeenAgain(scratch, path, 0);
        } finally {
            descriptor.release();
        }
    }

    /** Whether the file that the path leads to has no name any more. A server that does not answer is not asked. */
    static boolean isRemoved(byte[] path) {
        try (Scratch scratch = Scratch.take()) {
            long name = scratch.string(Linux.SIZEOF_STATX(), path);
            int result = STATX.call(Linux.AT_FDCWD(), name, Linux.AT_STATX_DONT_SYNC(), Linux.STATX_NLINK(), scratch.address());
            return result == 0 && scratch.data().getInt(Linux.OFFSETOF_STATX_NLINK()) == 0;
        }
    }

    /** Whether the path leads to the file that was looked at. */
    private static boolean isSeenAgain(Scratch scratch, byte[] path, int flags) {
        long device = device(scratch);
        long inode = inode(scratch);
        return look(scratch, Linux.AT_FDCWD(), path, flags) && device == device(scratch) && inode == inode(scratch);
    }

    private static boolean look(Scratch scratch, int directory, byte[] path, int flags) {
        long name = scratch.string(Linux.SIZEOF_STATX(), path);
        return STATX.call(directory, name, flags, Linux.STATX_INO(), scratch.address()) == 0;
    }

    /** Both halves of its number. */
    private static long device(Scratch scratch) {
        return scratch.data().getLong(Linux.OFFSETOF_STATX_DEV());
    }

    private static long inode(Scratch scratch) {
        return scratch.data().getLong(Linux.OFFSETOF_STATX_INO());
    }
}
