package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;

/** The identity of a file, see statx(2): its device and inode, and whether it still has a name. */
final class FileIdentity {

    /** statx(2), whose function glibc has since 2.28. */
    private static final Downcall SYSCALL = new Downcall(Linux.syscall_long$address());
    private static final byte[] ITSELF = {};

    private FileIdentity() {}

    /** Whether both are one file; false if statx fails for one of them. */
    static boolean same(Descriptor descriptor, byte[] path) {
        try (Scratch scratch = Scratch.take()) { // first: if it runs out of memory, nothing is held
            return descriptor.acquire() && same(scratch, descriptor, path);
        }
    }

    /** Whether two paths lead to one file; false if statx fails for one of them. Does not wait for a file server. */
    static boolean same(byte[] path, byte[] other) {
        try (Scratch scratch = Scratch.take()) {
            return statx(scratch, Linux.AT_FDCWD(), path, Linux.AT_STATX_DONT_SYNC())
                    && isSameAsLast(scratch, other, Linux.AT_STATX_DONT_SYNC());
        }
    }

    private static boolean same(Scratch scratch, Descriptor descriptor, byte[] path) {
        try {
            return statx(scratch, descriptor.number(), ITSELF, Linux.AT_EMPTY_PATH()) && isSameAsLast(scratch, path, 0);
        } finally {
            descriptor.release();
        }
    }

    /** Whether the file that the path leads to has no name any more. Does not wait for a file server. */
    static boolean isRemoved(byte[] path) {
        try (Scratch scratch = Scratch.take()) {
            long name = scratch.string(Linux.SIZEOF_STATX(), path);
            int result = SYSCALL.call(
                    Architecture.here().sysStatx(), Linux.AT_FDCWD(), name, Linux.AT_STATX_DONT_SYNC(), Linux.STATX_NLINK(), scratch.address());
            return result == 0 && scratch.data().getInt(Linux.OFFSETOF_STATX_NLINK()) == 0;
        }
    }

    /** Whether the path leads to the file of the last statx. */
    private static boolean isSameAsLast(Scratch scratch, byte[] path, int flags) {
        long device = device(scratch);
        long inode = inode(scratch);
        return statx(scratch, Linux.AT_FDCWD(), path, flags) && device == device(scratch) && inode == inode(scratch);
    }

    private static boolean statx(Scratch scratch, int directory, byte[] path, int flags) {
        long name = scratch.string(Linux.SIZEOF_STATX(), path);
        return SYSCALL.call(Architecture.here().sysStatx(), directory, name, flags, Linux.STATX_INO(), scratch.address()) == 0;
    }

    /** Major and minor number. */
    private static long device(Scratch scratch) {
        return scratch.data().getLong(Linux.OFFSETOF_STATX_DEV());
    }

    private static long inode(Scratch scratch) {
        return scratch.data().getLong(Linux.OFFSETOF_STATX_INO());
    }
}
