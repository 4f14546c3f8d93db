package dev.panpty.model;

import dev.panpty.ProtocolRecorder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.ReentrantLock;

/** Hears of standard error too. */
final class ModelRecorder extends ProtocolRecorder {

    private final ReentrantLock lock = new ReentrantLock();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @Override
    public void errReceived(ByteBuffer data) {
        byte[] bytes = new byte[data.remaining()];
        data.get(bytes);
        lock.lock();
        try {
            errors.writeBytes(bytes);
        } finally {
            lock.unlock();
        }
    }

    byte[] errorBytes() {
        lock.lock();
        try {
            return errors.toByteArray();
        } finally {
            lock.unlock();
        }
    }
}
