package dev.panpty.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A FUSE mount whose server no longer answers, with a file that a process holds open: stat(2) of that file blocks until {@link #close}.
 * See fuse(4); the server is a Python script with as much of the protocol as an open needs.
 */
public final class DeadMount implements AutoCloseable {

    private static final String SERVER = """
            import ctypes, os, signal, struct, sys
            libc = ctypes.CDLL(None, use_errno=True)
            folder = sys.argv[1]
            try:
                fuse = os.open('/dev/fuse', os.O_RDWR)
                options = 'fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other' % fuse
                if libc.mount(b'fuse', folder.encode(), b'fuse', 6, options.encode()) != 0:
                    raise OSError(ctypes.get_errno(), 'mount')
            except OSError as refused:
                print('refused', refused, flush=True)
                sys.exit()
            holder = os.fork()
            if holder == 0:
                os.close(fuse)
                held = os.open(folder + '/file', os.O_RDONLY)
                while True:
                    signal.pause()
            def attributes(node):
                return struct.pack('<6Q10I', node, 0, 0, 0, 0, 0, 0, 0, 0, 0o40755 if node == 1 else 0o100644, 1, 0, 0, 0, 4096, 0)
            INIT, GETATTR, LOOKUP, OPEN, ACCESS = 26, 3, 1, 14, 34
            opened = False
            while not opened:
                request = os.read(fuse, 1 << 20)
                length, opcode, unique, node = struct.unpack('<IIQQ', request[:24])
                error, answer = 0, b''
                if opcode == INIT:
                    answer = struct.pack('<IIIIHHIIHHI7I', 7, 31, 65536, 0, 12, 10, 65536, 1, 1, 0, 0, *[0] * 7)
                elif opcode == GETATTR:
                    answer = struct.pack('<QII', 0, 0, 0) + attributes(node)
                elif opcode == LOOKUP:
                    answer = struct.pack('<QQQQII', 2, 0, 0, 0, 0, 0) + attributes(2)
                elif opcode == OPEN:
                    answer, opened = struct.pack('<QII', 1, 0, 0), True
                elif opcode != ACCESS:
                    error = -38
                os.write(fuse, struct.pack('<IiQ', 16 + len(answer), error, unique) + answer)
            print('held', holder, flush=True)
            os.kill(os.getpid(), signal.SIGSTOP)
            """;

    private final Path folder;
    private final Process server;
    private final String said;

    public DeadMount(Path folder) throws IOException {
        this.folder = folder;
        server = new ProcessBuilder("python3", "-c", SERVER, folder.toString()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        said = server.inputReader(StandardCharsets.UTF_8).readLine();
    }

    /** Whether the mount succeeded, which takes privilege and a kernel with FUSE. */
    public boolean isMade() {
        return said != null && said.startsWith("held ");
    }

    @Override
    public void close() throws IOException {
        if (isMade()) {
            ProcessHandle.of(Long.parseLong(said.substring("held ".length()))).ifPresent(ProcessHandle::destroyForcibly);
            new ProcessBuilder("umount", "-l", folder.toString()).start().onExit().join();
        }
        server.destroyForcibly().onExit().join();
    }
}
