package dev.panpty.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A user who exists in a mount namespace only, with a password, a home and the right to use sudo, see mount_namespaces(7): there /etc is a
 * copy, and /run, /var/log and /var/lib/sudo are empty. So no file of the machine changes. Needs root, unshare and mount.
 */
public final class OwnUser {

    public static final String NAME = "panptytest";
    public static final String PASSWORD = "pw-of-the-test";
    private static final String HASH = "$6$panpty$42VWErEA97Q7rVQKkR1EoffRVMKFzhJ9N/vCfrruUQyiQlr9XPR/HWp3yovyDOCXAZVQEnW.ovwfyxiEEmpBC/";
    private static final int NUMBER = 54321;

    private final Path folder;

    /** @param folder an empty one; other users get the right to enter it */
    public OwnUser(Path folder) throws IOException, InterruptedException {
        this.folder = folder;
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        Tools.skipUnless(Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0), "root");
        Files.writeString(folder.resolve("setup"), """
                mkdir "$1/etc" "$1/home"
                mount -t tmpfs tmpfs "$1/etc"
                cp -a /etc/. "$1/etc"
                mount --bind "$1/etc" /etc
                mount -t tmpfs tmpfs /run
                mkdir /run/sshd /run/lock
                mount -t tmpfs tmpfs /var/log
                test ! -d /var/lib/sudo || mount -t tmpfs tmpfs /var/lib/sudo
                echo '%s:x:%d:%d::'"$1"'/home:/bin/sh' >> /etc/passwd
                echo '%s:x:%d:' >> /etc/group
                echo '%s:%s:19000:0:99999:7:::' >> /etc/shadow
                test ! -d /etc/sudoers.d || echo '%s ALL=(ALL) ALL' > /etc/sudoers.d/panpty
                test ! -d /etc/sudoers.d || echo 'Defaults use_pty, !lecture, !syslog' >> /etc/sudoers.d/panpty
                test ! -f /etc/pam.d/common-auth || sed -i 's/pam_unix.so/& nodelay/' /etc/pam.d/common-auth # no 2 s after a wrong password
                chown %d:%d "$1/home"
                """.formatted(NAME, NUMBER, NUMBER, NAME, NUMBER, NAME, HASH, NAME, NUMBER, NUMBER));
        Tools.skipUnlessRuns("the right to mount", List.of("unshare", "--mount"), "true");
    }

    /** The command, run in the namespace as root. */
    public List<String> asRoot(String... command) {
        List<String> words = new ArrayList<>(List.of("unshare", "--mount", "sh", "-euc", ". \"$1/setup\"; cd \"$1/home\"; shift; exec \"$@\"", "sh",
                folder.toString()));
        words.addAll(Arrays.asList(command));
        return words;
    }

    /** The command, run in the namespace as the user. */
    public List<String> asUser(String... command) {
        List<String> words = new ArrayList<>(asRoot("setpriv", "--reuid=" + NUMBER, "--regid=" + NUMBER, "--clear-groups", "--"));
        words.addAll(Arrays.asList(command));
        return words;
    }
}
