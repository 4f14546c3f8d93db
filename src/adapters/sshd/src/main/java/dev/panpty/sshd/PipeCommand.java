package dev.panpty.sshd;

import dev.panpty.ExitStatus;
import dev.panpty.Signal;
import dev.panpty.WindowSize;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.common.io.IoOutputStream;
import org.apache.sshd.server.channel.ChannelDataReceiver;
import org.apache.sshd.server.channel.ChannelSession;

/**
 * A program on pipes, with a platform thread for each: a virtual thread that blocks in a pipe's read(2) or write(2) holds its carrier.
 *
 * <p>{@code setsid} makes it a session leader and then becomes the program, with the same process number: the JVM's child leads no process
 * group, so setsid(1) does not fork. In the same way {@code setpriv} changes the user.
 *
 * <pre>
 *   created --launch--> running --exit, both outputs are at their end and sent--> ended: EOF, status, CLOSE
 *   created, running --destroy: the channel is closed--> gone: the session is terminated
 *   ended --destroy--> ended
 * </pre>
 */
final class PipeCommand extends ChannelCommand implements ChannelRequests.Target {

    private final Launch launch;
    private final ChannelRequests requests;
    private final ChannelSession channel;
    private final PipeInput input;

    private final ReentrantLock lock = new ReentrantLock(); // over the next three
    private Process process; // or null before it runs
    private boolean gone;
    private boolean ended;

    PipeCommand(Launch launch, ChannelRequests requests) {
        this.launch = launch;
        this.requests = requests;
        channel = launch.channel();
        input = new PipeInput(channel);
    }

    @Override
    ChannelDataReceiver receiver() {
        return input;
    }

    @Override
    void launch(ChannelSession session) throws IOException {
        Launch.Resolved resolved = launch.resolve();
        List<String> command = new ArrayList<>();
        if (resolved.user().isPresent() && !Launch.isOwn(resolved.user().get())) {
            String user = resolved.user().get();
            command.addAll(List.of("setpriv", "--reuid=" + user, "--regid=" + primaryGroup(user), "--init-groups", "--"));
        }
        command.addAll(List.of("setsid", "--"));
        command.addAll(resolved.command());
        if (resolved.arg0().isPresent()) {
            command.add("-l"); // a login shell: Java's ProcessBuilder sets no argv[0]
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(resolved.directory().toFile());
        builder.environment().clear();
        builder.environment().putAll(resolved.environment());
        Process started = builder.start();
        boolean isWanted;
        lock.lock();
        try {
            process = started;
            isWanted = !gone;
        } finally {
            lock.unlock();
        }
        if (!isWanted) {
            terminate(started);
            return;
        }
        requests.target(this);
        Thread errors = thread(started, "err", () -> pump(started.getErrorStream(), err()));
        thread(started, "in", () -> input.pump(started.getOutputStream()));
        thread(started, "out", () -> {
            pump(started.getInputStream(), out());
            awaitEnd(started, errors);
        });
    }

    private static String primaryGroup(String user) throws IOException {
        Process id = new ProcessBuilder("id", "-g", "--", user).redirectErrorStream(true).start();
        String answer = new String(id.getInputStream().readAllBytes()).strip();
        if (!answer.matches("\\d+")) {
            throw new IOException("id -g " + user + ": " + answer);
        }
        return answer;
    }

    private static Thread thread(Process process, String stream, Runnable work) {
        return Thread.ofPlatform().daemon().name("panpty-sshd-" + stream + "-" + process.pid()).start(work);
    }

    /** Reads to the end. When the channel is closed it goes on reading, and drops what it reads, until the session is terminated. */
    private static void pump(InputStream from, IoOutputStream to) {
        byte[] bytes = new byte[CHUNK_BYTES];
        boolean isOpen = true;
        try {
            for (int count = from.read(bytes); count >= 0; count = from.read(bytes)) {
                isOpen = isOpen && send(to, bytes, count);
            }
        } catch (IOException broken) {
            LOG.log(System.Logger.Level.DEBUG, "the output of a program ends", broken);
        }
    }

    private static boolean send(IoOutputStream to, byte[] bytes, int count) {
        try {
            write(to, bytes, 0, count).join();
            return true;
        } catch (CompletionException closed) { // the channel: destroy ends the session
            return false;
        }
    }

    private void awaitEnd(Process exiting, Thread errors) {
        try {
            errors.join();
            int code = exiting.waitFor();
            input.stop();
            lock.lock();
            try {
                ended = true;
            } finally {
                lock.unlock();
            }
            end(channel, new ExitStatus.Exited(code));
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("no other code has this thread", interrupted);
        }
    }

    @Override
    public void destroy(ChannelSession session) {
        Process running;
        lock.lock();
        try {
            gone = true;
            running = ended ? null : process;
        } finally {
            lock.unlock();
        }
        input.stop();
        if (running != null) {
            terminate(running);
        }
    }

    private void terminate(Process running) {
        Thread.ofPlatform().daemon().name("panpty-sshd-end-" + running.pid())
                .start(() -> new ProcessSession(running).terminate(launch.settings().grace()));
    }

    /** Pipes have no size. */
    @Override
    public void resize(WindowSize size) {}

    /** To the process group of the program. The shell's kill(1) sends it: Java's Process has SIGTERM and SIGKILL only. */
    @Override
    public void signal(Signal signal) throws IOException {
        Process running;
        lock.lock();
        try {
            running = process;
        } finally {
            lock.unlock();
        }
        if (!running.isAlive()) {
            throw new IOException("the program has exited");
        }
        new ProcessBuilder("sh", "-c", "kill -s \"$1\" -- \"-$2\"", "sh", Integer.toString(signal.number()), Long.toString(running.pid()))
                .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
    }

    /** Pipes have no break. */
    @Override
    public void sendBreak() throws IOException {
        throw new IOException("the channel has no terminal");
    }
}
