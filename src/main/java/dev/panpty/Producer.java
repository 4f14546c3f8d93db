package dev.panpty;

/**
 * Somebody who has data for a program, and whom the {@linkplain ProcessTransport transport} tells when it may come. One of two kinds;
 * all methods are called on the reactor's thread, so none may block.
 */
public sealed interface Producer {

    /** Produce; for a {@link Push} until told to pause, for a {@link Pull} one piece. */
    void resumeProducing();

    /** Never produce again: the terminal's end has come. */
    void stopProducing();

    /**
     * Produces by itself. It is paused when more is pending than the high water mark, and resumed when no more is pending than the low
     * water mark, strictly in turn, beginning with a pause.
     */
    non-sealed interface Push extends Producer {

        /** Do not produce until resumed. Data that is written all the same is still taken. */
        void pauseProducing();
    }

    /** Produces when asked: once when it is registered, and once each time that all it wrote has gone out. */
    non-sealed interface Pull extends Producer {}
}
