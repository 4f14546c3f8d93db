package dev.panpty.internal.sys;

import dev.panpty.internal.gen.Linux;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Users and groups of the name service, see getpwnam(3), getgrnam(3) and getgrouplist(3). A look-up may use the network. */
public final class Accounts {

    private static final Downcall GETPWNAM = new Downcall(Linux.getpwnam_r$address());
    private static final Downcall GETPWUID = new Downcall(Linux.getpwuid_r$address());
    private static final Downcall GETGRNAM = new Downcall(Linux.getgrnam_r$address());
    private static final Downcall GETGROUPLIST = new Downcall(Linux.getgrouplist$address());
    private static final Downcall GETEUID = new Downcall(Linux.geteuid$address());

    private static final int FIRST_BUFFER_BYTES = 4096;
    private static final int LAST_BUFFER_BYTES = 1 << 24;
    private static final int FIRST_GROUPS = 64;

    /** The errors, beside 0, that getpwnam_r may give for a name that does not exist, by its man page. */
    private static final List<Integer> NOT_FOUND = List.of(Linux.ENOENT(), Linux.ESRCH(), Linux.EBADF(), Linux.EPERM());

    private Accounts() {}

    /** An account with its primary and all its groups; name, home directory and shell as bytes, see passwd(5). */
    public record User(int uid, int gid, int[] groups, byte[] name, byte[] home, byte[] shell) {}

    /** The effective user id of this process. */
    public static int effectiveUser() {
        return GETEUID.call();
    }

    public static Optional<User> user(byte[] name) {
        try (NativeBlock memory = new NativeBlock(NativeBlock.sizeOfString(name))) {
            return user(GETPWNAM, memory.string(name));
        }
    }

    public static Optional<User> user(int uid) {
        return user(GETPWUID, uid);
    }

    public static Optional<Integer> group(byte[] name) {
        try (NativeBlock memory = new NativeBlock(NativeBlock.sizeOfString(name))) {
            return find(GETGRNAM, memory.string(name), Linux.SIZEOF_GROUP(),
                    (entry, at) -> entry.getInt(at + Linux.OFFSETOF_GROUP_GID()));
        }
    }

    private static Optional<User> user(Downcall function, long key) {
        return find(function, key, Linux.SIZEOF_PASSWD(), (entry, at) -> {
            int gid = entry.getInt(at + Linux.OFFSETOF_PASSWD_GID());
            long name = entry.getLong(at + Linux.OFFSETOF_PASSWD_NAME());
            return new User(entry.getInt(at + Linux.OFFSETOF_PASSWD_UID()), gid, groups(name, gid), string(name),
                    string(entry.getLong(at + Linux.OFFSETOF_PASSWD_DIR())), string(entry.getLong(at + Linux.OFFSETOF_PASSWD_SHELL())));
        });
    }

    private static byte[] string(long address) {
        return NativeBlock.string(address, LAST_BUFFER_BYTES);
    }

    private interface Reader<T> {
        T read(NativeBlock memory, long address);
    }

    /** Looks up an entry; retries with a larger buffer for its strings after ERANGE. */
    private static <T> Optional<T> find(Downcall function, long key, int entryBytes, Reader<T> reader) {
        for (int bufferBytes = FIRST_BUFFER_BYTES; bufferBytes <= LAST_BUFFER_BYTES; bufferBytes *= 4) {
            try (NativeBlock memory = new NativeBlock(entryBytes + (long) bufferBytes + 4 * Long.BYTES)) {
                long entry = memory.reserve(entryBytes);
                long result = memory.reserve(Long.BYTES);
                long buffer = memory.reserve(bufferBytes);
                int error = function.callForError(key, entry, buffer, bufferBytes, result, 0);
                if (error < 0 && !NOT_FOUND.contains(-error) && error != -Linux.ERANGE()) {
                    throw new UncheckedIOException(new IOException("user or group database: " + Errno.describe(-error)));
                }
                if (error != -Linux.ERANGE()) {
                    return memory.getLong(result) == 0 ? Optional.empty() : Optional.of(reader.read(memory, entry));
                }
            }
        }
        return Optional.empty();
    }

    private static int[] groups(long name, int gid) {
        for (int room = FIRST_GROUPS; ; room *= 4) {
            try (NativeBlock memory = new NativeBlock((long) room * Integer.BYTES + 2 * Long.BYTES)) {
                long count = memory.reserve(Integer.BYTES);
                long list = memory.reserve(room * Integer.BYTES);
                memory.putInt(count, room);
                int result = (int) GETGROUPLIST.callRaw(name, gid, list, count, 0, 0); // -1 without an errno: the list is too small
                if (result >= 0) {
                    int[] groups = new int[memory.getInt(count)];
                    for (int i = 0; i < groups.length; i++) {
                        groups[i] = memory.getInt(list + (long) i * Integer.BYTES);
                    }
                    return groups;
                }
            }
        }
    }
}
