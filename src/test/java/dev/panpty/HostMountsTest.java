package dev.panpty;

import dev.panpty.testing.EachWay;
import dev.panpty.testing.ForkedJvm;
import dev.panpty.testing.FullHost;
import dev.panpty.testing.HiddenProgram;
import dev.panpty.testing.Namespace;
import dev.panpty.testing.Needs;
import dev.panpty.testing.NoProc;
import dev.panpty.testing.NoProcNorPath;
import dev.panpty.testing.Proc;
import dev.panpty.testing.Sandbox;
import dev.panpty.testing.StartRefused;
import dev.panpty.testing.Way;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** JVMs in a container without the usual mounts. */
@Timeout(120)
@Needs({"unshare", "mount", "bash"})
class HostMountsTest {

    @TempDir
    Path folder;

    /** The path at which the tests still find it. */
    private static final String PROC = "/mnt";

    private static final String NO_PROC = "mount --rbind /proc " + PROC + " && mount -t tmpfs none /proc\n";

    /** A /dev without terminals, built at /dev/shm. */
    private static final String DEVICES = "mount -t tmpfs none /dev/shm && cd /dev/shm\n"
            + "for name in null zero tty random urandom; do touch $name; mount --bind /dev/$name $name; done\n";

    /** A devpts whose terminals have no path. */
    private static final String NO_PATH = DEVICES + "mkdir real pts && mount -t devpts devpts real -o newinstance,ptmxmode=0666\n"
            + "ln -s real/ptmx ptmx && mount --rbind . /dev\n";

    /** A devpts whose terminals have the paths of others, which are open. */
    private static final String OTHER_PATH = DEVICES + "mkdir real pts && mount -t devpts devpts real -o newinstance,ptmxmode=0666\n"
            + "mount -t devpts devpts pts -o newinstance,ptmxmode=0666\n"
            + "ln -s real/ptmx ptmx && mount --rbind . /dev && exec 7<>/dev/pts/ptmx 8<>/dev/pts/ptmx 9<>/dev/pts/ptmx\n";

    private static ForkedJvm in(Class<? extends ForkedJvm.Body> body, String mounts) throws Exception {
        return new ForkedJvm(body).by(Namespace.after(mounts));
    }

    /** Without /proc the JVM does not find its own libraries. */
    private static ForkedJvm withoutProc(Class<? extends ForkedJvm.Body> body, String mounts) throws Exception {
        String libraries = System.getProperty("java.home") + "/lib";
        return in(body, mounts).variable("LD_LIBRARY_PATH", libraries + ":" + libraries + "/server").options(Proc.jvmOption(PROC));
    }

    @EachWay
    void noProcIsFine() throws Exception {
        withoutProc(NoProc.class, NO_PROC).run();
    }

    @EachWay
    void aTerminalWhosePathIsOutOfReachWillDo() throws Exception {
        in(FullHost.NoPath.class, NO_PATH).run();
    }

    @EachWay
    void aTerminalWhosePathLeadsToAnotherOneWillDo() throws Exception {
        in(FullHost.NoPath.class, OTHER_PATH).run();
    }

    @EachWay
    void neitherProcNorAPathIsFineForTheTrampolineAndRefusedByPosixSpawn() throws Exception {
        withoutProc(NoProcNorPath.class, NO_PROC + NO_PATH).run();
    }

    @EachWay
    void noProcInASandboxWithoutCloseRangeIsReported() throws Exception {
        boolean asksFirst = Way.forced().orElseThrow() == Way.POSIX_SPAWN;
        withoutProc(StartRefused.class, NO_PROC).by(Sandbox.refusing("EPERM", "close_range"))
                .arguments(asksFirst ? "STRATEGY" : "DESCRIPTORS", asksFirst ? "" : "ENOENT", "/proc/self/fd", "close_range").run();
    }

    /** Its file cannot be read, so that /proc hides it from all but a user with CAP_SYS_PTRACE, which root then lacks. */
    @EachWay
    @Needs({"setpriv", "sh"})
    void aProgramThatProcHidesIsEndedWithItsSession() throws Exception {
        Path shell = Files.copy(Path.of("/bin/sh").toRealPath(), folder.resolve("sh"));
        Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("--x--x--x"));
        in(HiddenProgram.class, "mount -t proc -o hidepid=2,gid=65534 proc /proc\nset -- setpriv --bounding-set=-all \"$@\"")
                .arguments(shell.toString()).run();
    }

    @Test
    void aMissingDevptsIsReported() throws Exception {
        String errno = Files.isSymbolicLink(Path.of("/dev/ptmx")) ? "ENOENT" : "ENODEV";
        in(StartRefused.class, "mount -t tmpfs none /dev/pts").arguments("OPEN_TERMINAL", errno, "/dev/ptmx", "devpts").run();
    }

    @Test
    void aMissingDevptsIsReportedWherePtmxIsALinkIntoIt() throws Exception {
        in(StartRefused.class, DEVICES + "mkdir pts && ln -s pts/ptmx ptmx && mount --rbind . /dev")
                .arguments("OPEN_TERMINAL", "ENOENT", "/dev/ptmx", "devpts").run();
    }

    @Test
    void aMissingPtmxIsReported() throws Exception {
        in(StartRefused.class, DEVICES + "mount --rbind . /dev").arguments("OPEN_TERMINAL", "ENOENT", "/dev/ptmx").run();
    }
}
