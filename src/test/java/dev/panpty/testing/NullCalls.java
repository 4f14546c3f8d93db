package dev.panpty.testing;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Flow;
import java.util.function.Predicate;

/**
 * Calls public methods and constructors with null for each parameter in turn, and samples for the others. What is not refused by a
 * NullPointerException that names the parameter is noted, and so is what was not called at all.
 */
public final class NullCalls {

    private final Map<Class<?>, Object> samples = new LinkedHashMap<>();
    private final Set<String> checked = new TreeSet<>();
    private final List<String> wrong = new ArrayList<>();
    private final Predicate<Executable> exempt;

    /** With methods that are left out: those that accept null, and those that only the library calls. */
    public NullCalls(Predicate<Executable> exempt) {
        this.exempt = exempt;
    }

    /** Values for parameters of their types. */
    public NullCalls samples(Object... each) {
        for (Object sample : each) {
            samples.put(sample.getClass(), sample);
        }
        return this;
    }

    /** A value for parameters of this type, before others that would fit. */
    public <T> NullCalls sample(Class<T> type, T sample) {
        samples.put(type, sample);
        return this;
    }

    private Object sample(Class<?> type) {
        Class<?> boxed = MethodType.methodType(type).wrap().returnType();
        return Optional.ofNullable(samples.get(boxed))
                .or(() -> samples.entrySet().stream().filter(entry -> boxed.isAssignableFrom(entry.getKey())).map(Map.Entry::getValue).findFirst())
                .orElseThrow(() -> new AssertionError("no sample of " + type));
    }

    /** All methods of an object. */
    public void target(Object target) throws Exception {
        for (Method method : target.getClass().getMethods()) {
            if (!Modifier.isStatic(method.getModifiers())) {
                check(method, target);
            }
        }
    }

    /** The methods of an interface, on an object whose class is not public. */
    public void target(Class<?> type, Object target) throws Exception {
        for (Method method : type.getMethods()) {
            check(method, target);
        }
    }

    /** Static methods and constructors. */
    public void type(Class<?> type) throws Exception {
        for (Method method : type.getMethods()) {
            if (Modifier.isStatic(method.getModifiers())) {
                check(method, null);
            }
        }
        for (Constructor<?> constructor : type.getConstructors()) {
            check(constructor, null);
        }
    }

    /** What did not refuse null by name. */
    public List<String> wrong() {
        return wrong;
    }

    /** Of these types, the methods and constructors that were not called. */
    public Set<String> missing(List<Class<?>> types) {
        Set<String> missing = new TreeSet<>();
        for (Class<?> type : types) {
            List<Executable> all = new ArrayList<>(List.of(type.getMethods()));
            all.addAll(List.of(type.getConstructors()));
            all.stream().filter(called -> isOurs(called) && !Modifier.isAbstract(called.getModifiers()) && hasReferences(called) && !checked.contains(called.toString()))
                    .forEach(called -> missing.add(called.toString()));
        }
        return missing;
    }

    private static boolean hasReferences(Executable called) {
        return Arrays.stream(called.getParameterTypes()).anyMatch(type -> !type.isPrimitive());
    }

    private boolean isOurs(Executable called) {
        Class<?> declaring = called.getDeclaringClass();
        boolean isOfEnum = declaring.isEnum() && called.getName().equals("valueOf"); // the JDK's
        return !called.isSynthetic() && !isOfEnum && !exempt.test(called)
                && (declaring.getPackageName().startsWith("dev.panpty") || declaring.getEnclosingClass() == Flow.class);
    }

    private void check(Executable called, Object target) throws Exception {
        if (!isOurs(called)) {
            return;
        }
        checked.add(called.toString());
        Class<?>[] types = called.getParameterTypes();
        for (int i = 0; i < types.length; i++) {
            if (types[i].isPrimitive()) {
                continue;
            }
            Object[] arguments = new Object[types.length];
            for (int j = 0; j < types.length; j++) {
                arguments[j] = j == i ? null : sample(types[j]);
            }
            outcome(called, target, arguments).ifPresent(what -> wrong.add(called + " with " + Arrays.toString(arguments) + ": " + what));
        }
    }

    /** The outcome of a call that is not the required exception; empty if it is. */
    private static Optional<String> outcome(Executable called, Object target, Object[] arguments) throws Exception {
        try {
            Object result = called instanceof Constructor<?> constructor
                    ? constructor.newInstance(arguments)
                    : ((Method) called).invoke(target, arguments);
            return Optional.of("answered " + result);
        } catch (InvocationTargetException thrown) {
            Throwable cause = thrown.getCause();
            boolean named = cause instanceof NullPointerException && cause.getMessage() != null && cause.getMessage().matches("[\\w ]+");
            return named ? Optional.empty() : Optional.of(cause.toString());
        }
    }
}
