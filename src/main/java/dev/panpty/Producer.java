package dev.panpty;

/**
 * A source of data for a program, which the {@linkplain ProcessTransport transport} asks, pauses and resumes. It is a {@link Push} or a
 * {@link Pull}. All methods are called on the reactor's thread, so none may block.
 */
public sealed interface Producer {

    /** Produce: a {@link Push} until it is paused, a {@link Pull} one piece. */
    void resumeProducing();

    /** Stop for ever: no more input is accepted. */
    void stopProducing();

    /**
     * Produces by itself. It is paused when more bytes are pending than the high water mark, and resumed when no more are pending than the
     * low water mark; the calls alternate and begin with a pause.
     */
    non-sealed interface Push extends Producer {

        /** Do not produce until resumed. Data that is written nevertheless is accepted. */
        void pauseProducing();
    }

    /**
     * Produces when asked: once when it is registered, once each time all it wrote has left the queue, and once more if the queue is empty
     * when {@link ProcessTransport#loseConnection} is called.
     */
    non-sealed interface Pull extends Producer {}
}
