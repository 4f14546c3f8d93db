package dev.panpty.testing;

import static dev.panpty.testing.FullHost.check;

import dev.panpty.PtyProcessBuilder;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Optional;

/**
 * A JVM where no program can be started, and the library says so without an exception. Arguments: "nothing" if it may load nothing native,
 * else "any"; then words of the reason.
 */
public final class Unsupported implements ForkedJvm.Body {

    @Override
    public void run(String[] arguments) throws Throwable {
        for (int i = 0; i < 2; i++) {
            Optional<String> reason = PtyProcessBuilder.unsupportedReason();
            check(!PtyProcessBuilder.isSupported(), "supported");
            for (String word : List.of(arguments).subList(1, arguments.length)) {
                check(reason.orElse("").contains(word), reason);
            }
        }
        if (arguments[0].equals("nothing")) {
            Method loaded = ClassLoader.class.getDeclaredMethod("findLoadedClass", String.class);
            loaded.setAccessible(true);
            for (String name : List.of("dev.panpty.Support", "dev.panpty.internal.gen.Linux", "dev.panpty.internal.sys.Downcall",
                    "dev.panpty.internal.sys.NativeAccess", "dev.panpty.internal.loop.EventLoop")) {
                check(loaded.invoke(Unsupported.class.getClassLoader(), name) == null, "loaded: " + name);
            }
            check(loaded.invoke(Unsupported.class.getClassLoader(), "dev.panpty.PtyProcessBuilder") != null, "no class is found so");
        }
    }
}
