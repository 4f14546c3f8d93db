package dev.panpty.model;

import dev.panpty.PtyProcess;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/** The output and standard error of a program that have arrived. */
sealed interface Ears permits Ears.Told, Ears.Reading {

    byte[] output();

    byte[] errors();

    /** Takes the output that is there; waits only for output that must come. */
    void listen(PtyProcess process, int output, int errors) throws IOException;

    /** In event style: it arrives by itself. */
    record Told(ModelRecorder recorder) implements Ears {

        @Override
        public byte[] output() {
            return recorder.bytes();
        }

        @Override
        public byte[] errors() {
            return recorder.errorBytes();
        }

        @Override
        public void listen(PtyProcess process, int output, int errors) {
            // the reactor delivers it
        }
    }

    /** In stream style: it must be read. */
    final class Reading implements Ears {

        private final boolean byReader;
        private final ByteArrayOutputStream output = new ByteArrayOutputStream();
        private final ByteArrayOutputStream errors = new ByteArrayOutputStream();
        private int turn;

        Reading(boolean byReader) {
            this.byReader = byReader;
        }

        @Override
        public byte[] output() {
            return output.toByteArray();
        }

        @Override
        public byte[] errors() {
            return errors.toByteArray();
        }

        @Override
        public void listen(PtyProcess process, int expectedOutput, int expectedErrors) throws IOException {
            boolean more = true;
            while (more && output.size() < expectedOutput) {
                more = byReader ? read(process.inputReader(StandardCharsets.ISO_8859_1), output) : read(process.getInputStream(), output);
            }
            more = true;
            while (more && errors.size() < expectedErrors) {
                more = byReader ? read(process.errorReader(StandardCharsets.ISO_8859_1), errors) : read(process.getErrorStream(), errors);
            }
        }

        /** Adds bytes that a step has read itself. */
        void read(byte[] bytes) {
            output.writeBytes(bytes);
        }

        /** Reads by one of the methods, in turn; false at the end. */
        private boolean read(InputStream in, ByteArrayOutputStream to) throws IOException {
            turn++;
            if (turn % 3 == 0) {
                int one = in.read();
                if (one >= 0) {
                    to.write(one);
                }
                return one >= 0;
            }
            byte[] bytes = new byte[turn % 3 == 1 ? 7 : 5000];
            int count = turn % 2 == 0 ? in.read(bytes) : in.read(bytes, 0, bytes.length);
            if (count > 0) {
                to.write(bytes, 0, count);
            }
            return count >= 0;
        }

        private static boolean read(Reader in, ByteArrayOutputStream to) throws IOException {
            int one = in.read();
            if (one >= 0) {
                to.write(one);
            }
            return one >= 0;
        }
    }
}
