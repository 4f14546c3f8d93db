package dev.panpty.junit;

import dev.panpty.screen.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/** Compares screens with files, or writes the files. */
final class SnapshotFiles {

    private static final String UPDATE = "update";

    private final TestSession session;
    private final Started started;

    SnapshotFiles(TestSession session, Started started) {
        this.session = session;
        this.started = started;
    }

    void check(String name, List<Region> ignored) {
        Path relative = relative(name);
        Path file = Path.of(System.getProperty("panpty.snapshots.folder", "src/test/resources")).resolve(relative);
        if (System.getProperty("panpty.snapshots", "").equals(UPDATE)) {
            String shown = ScreenText.of(started.waits().awaitSettled(started.options().limit()), ignored);
            if (!read(file).equals(Optional.of(shown))) {
                write(file, shown);
            }
            return;
        }
        Optional<String> expected = read(file);
        if (expected.isPresent()) {
            compare(expected.get(), file, relative, ignored);
        } else {
            Snapshot settled = started.waits().awaitSettled(started.options().limit());
            Path actual = writeActual(relative, ScreenText.of(settled, ignored));
            throw new TerminalFailure(started.report(), "no file " + file + ": -Dpanpty.snapshots=update writes it\nthe screen as such a file: " + actual);
        }
    }

    private void compare(String expected, Path file, Path relative, List<Region> ignored) {
        try {
            started.waits().awaitSettled("", started.options().limit(), shown -> ScreenText.of(shown, ignored).equals(expected));
        } catch (TerminalFailure late) {
            String actual = ScreenText.of(started.screen().snapshot(), ignored);
            throw new TerminalFailure(started.report(), "the screen is not as in " + file + late.what() + " (-Dpanpty.snapshots=update writes it)\n"
                    + LineDiff.of(expected, actual) + "\nthe screen as such a file: " + writeActual(relative, actual), expected, actual);
        }
    }

    /** In the folder of the test's class. */
    private Path relative(String name) {
        Path folder = Path.of(session.className().replace('.', '/'));
        Path file = folder.resolve(name + ".screen").normalize();
        if (name.isEmpty() || !file.startsWith(folder)) {
            throw new IllegalArgumentException("not the name of a file in the folder of the test: " + name);
        }
        return file;
    }

    private static Optional<String> read(Path file) {
        try {
            return Files.exists(file) ? Optional.of(Files.readString(file).replace("\r\n", "\n")) : Optional.empty();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private Path writeActual(Path relative, String text) {
        Path file = Recordings.folder().resolve(relative);
        write(file, text);
        return file;
    }

    /** As a whole: another test may read it. */
    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Path written = Files.createTempFile(file.toAbsolutePath().getParent(), "new", ".screen");
            try {
                Files.writeString(written, text);
                move(written, file);
            } finally {
                Files.deleteIfExists(written);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException unusual) {
            Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
