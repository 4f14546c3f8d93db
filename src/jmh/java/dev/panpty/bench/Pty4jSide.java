package dev.panpty.bench;

import com.pty4j.Command;
import com.pty4j.PtyProcess;
import com.pty4j.PtyProcessBuilder;
import com.pty4j.WinSize;
import com.pty4j.unix.UnixPtyProcess;
import java.util.List;
import java.util.Map;

/** The left column of {@code src/pty4j.md}, to be compiled, not run; {@code Pty4jPageTest} compares the two. */
final class Pty4jSide {

    private Pty4jSide() {}

    @SuppressWarnings("deprecation")
    static void calls(
            PtyProcessBuilder builder, PtyProcess process, UnixPtyProcess unix, WinSize size, String[] command,
            Map<String, String> environment) throws Exception {
        // the column
        new PtyProcessBuilder(command);
        new PtyProcessBuilder(new Command.CommandList(List.of("ls", "-l")));
        builder.setCommand(command);
        builder.setEnvironment(environment);
        builder.setDirectory("/tmp");
        builder.setInitialColumns(120).setInitialRows(40);
        builder.setRedirectErrorStream(true);
        builder.setConsole(true);
        builder.setUnixOpenTtyToPreserveOutputAfterTermination(true);
        builder.start();
        PtyProcess.exec(command, environment, "/tmp");
        process.setWinSize(new WinSize(120, 40));
        process.getWinSize();
        size.getColumns();
        size.getRows();
        process.isRunning();
        process.getEnterKeyCode();
        process.isConsoleMode();
        process.getInputStream();
        process.getOutputStream();
        process.getErrorStream();
        process.pid();
        unix.getPty().getSlaveName();
        unix.hangup();
        process.waitFor();
        process.exitValue();
        process.destroy();
        process.destroyForcibly();
        // its end
    }
}
