package dev.panpty.adapters.jediterm;

import com.techsenger.jeditermfx.core.RequestOrigin;
import com.techsenger.jeditermfx.core.TerminalDisplay;
import com.techsenger.jeditermfx.core.TerminalExecutorServiceManager;
import com.techsenger.jeditermfx.core.TerminalStarter;
import com.techsenger.jeditermfx.core.TtyBasedArrayDataStream;
import com.techsenger.jeditermfx.core.model.JediTerminal;
import com.techsenger.jeditermfx.core.model.StyleState;
import com.techsenger.jeditermfx.core.model.TerminalTextBuffer;
import com.techsenger.jeditermfx.core.typeahead.TerminalTypeAheadManager;
import com.techsenger.jeditermfx.core.typeahead.TypeAheadTerminalModel;
import com.techsenger.jeditermfx.core.util.TermSize;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;

/** JediTerm's widget without a window: its emulator, its text buffer and its threads. */
final class Widget implements AutoCloseable {

    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService others = Executors.newCachedThreadPool();
    private final TerminalTextBuffer text;
    private final TerminalStarter starter;

    Widget(PtyConnector connector, int rows, int columns) {
        StyleState style = new StyleState();
        text = new TerminalTextBuffer(columns, rows, style);
        JediTerminal terminal = new JediTerminal(without(TerminalDisplay.class), text, style);
        starter = new TerminalStarter(terminal, connector, new TtyBasedArrayDataStream(connector),
                new TerminalTypeAheadManager(without(TypeAheadTerminalModel.class)), new TerminalExecutorServiceManager() {
                    @Override
                    public ScheduledExecutorService getSingleThreadScheduledExecutor() {
                        return sender;
                    }

                    @Override
                    public ExecutorService getUnboundedExecutorService() {
                        return others;
                    }

                    @Override
                    public void shutdownWhenAllExecuted() {
                        sender.shutdown();
                        others.shutdown();
                    }
                });
        others.execute(starter::start);
    }

    /** An interface of the window, none of whose methods has an effect. */
    private static <T> T without(Class<T> type) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.isDefault()) {
                return InvocationHandler.invokeDefault(proxy, method, arguments);
            }
            return method.getReturnType() == boolean.class ? (Object) false : method.getReturnType() == long.class ? (Object) 0L : null;
        }));
    }

    String screen() {
        text.lock();
        try {
            return text.getScreenLines();
        } finally {
            text.unlock();
        }
    }

    void type(String input) {
        starter.sendString(input, true);
    }

    void resize(int rows, int columns) {
        starter.postResize(new TermSize(columns, rows), RequestOrigin.User);
    }

    @Override
    public void close() {
        starter.close(); // also closes the connector
        sender.shutdown();
        others.shutdown();
    }
}
