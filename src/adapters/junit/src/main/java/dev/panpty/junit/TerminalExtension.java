package dev.panpty.junit;

import dev.panpty.expect.Expect;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;
import org.junit.platform.commons.support.AnnotationSupport;

/** Gives tests their terminals. It has no state: that of a test is its {@link TestSession}, in the store of the test's context. */
final class TerminalExtension implements ParameterResolver, AfterEachCallback, TestExecutionExceptionHandler,
        LifecycleMethodExecutionExceptionHandler, InvocationInterceptor {

    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(TerminalExtension.class);
    private static final Pattern INVOCATION = Pattern.compile("invocation:(#\\d+)\\]");

    TerminalExtension() {}

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestTerminal.class || type == Expect.class || type == TerminalStarter.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        if (context.getTestMethod().isEmpty() || parameter.getDeclaringExecutable() instanceof Constructor) {
            throw new ParameterResolutionException("a terminal belongs to one test: it is a parameter of the test, or of @BeforeEach and @AfterEach");
        }
        TestSession session = context.getStore(NAMESPACE).getOrComputeIfAbsent(TestSession.class, key -> session(context), TestSession.class);
        Class<?> type = parameter.getParameter().getType();
        if (type == TerminalStarter.class) {
            return new TerminalStarter(session);
        }
        if (session.options().command().isEmpty()) {
            throw new ParameterResolutionException("@Terminal has no command for this " + type.getSimpleName() + "; a TerminalStarter starts programs by its own");
        }
        try {
            return type == Expect.class ? session.first().expect() : session.first();
        } catch (IOException failed) {
            throw new ParameterResolutionException("cannot start the program: " + failed.getMessage(), failed);
        }
    }

    private static TestSession session(ExtensionContext context) {
        String invocations = INVOCATION.matcher(context.getUniqueId()).results().map(MatchResult::group)
                .map(group -> group.replaceAll("\\D", "")).collect(Collectors.joining("-"));
        return new TestSession(Options.of(annotation(context)), context.getRequiredTestClass().getName().replace('$', '.'),
                context.getRequiredTestMethod().getName() + (invocations.isEmpty() ? "" : "-" + invocations));
    }

    /** Of the method, else of its class, else of the class around that: the one that is run, which may have inherited the nested class. */
    private static Terminal annotation(ExtensionContext context) {
        Optional<Terminal> found = AnnotationSupport.findAnnotation(context.getRequiredTestMethod(), Terminal.class);
        for (Optional<ExtensionContext> of = Optional.of(context); found.isEmpty() && of.isPresent(); of = of.get().getParent()) {
            found = of.get().getTestClass().flatMap(type -> AnnotationSupport.findAnnotation(type, Terminal.class));
        }
        return found.orElseThrow(() -> new ParameterResolutionException("no @Terminal on the test or its class"));
    }

    private static Optional<TestSession> find(ExtensionContext context) {
        return Optional.ofNullable(context.getStore(NAMESPACE).get(TestSession.class, TestSession.class));
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        find(context).ifPresent(session -> session.show(thrown));
        throw thrown;
    }

    /** The failure of a dynamic test is none of its factory, which alone is shown to the other methods. */
    @Override
    public void interceptDynamicTest(Invocation<Void> test, DynamicTestInvocationContext dynamic, ExtensionContext context) throws Throwable {
        try {
            test.proceed();
        } catch (Throwable thrown) {
            find(context).ifPresent(session -> session.failed(thrown));
            throw thrown;
        }
    }

    @Override
    public void handleBeforeEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        handleTestExecutionException(context, thrown);
    }

    @Override
    public void handleAfterEachMethodExecutionException(ExtensionContext context, Throwable thrown) throws Throwable {
        handleTestExecutionException(context, thrown);
    }

    @Override
    public void afterEach(ExtensionContext context) throws IOException {
        Optional<TestSession> session = find(context);
        if (session.isPresent()) {
            session.get().end(context.getExecutionException());
        }
    }
}
