package dev.panpty.testing;

import dev.panpty.PtyProcess;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The public types of the exported packages, as compiled. */
public final class ExportedTypes {

    private ExportedTypes() {}

    /** The names of the packages. */
    public static List<String> packages() throws IOException {
        try (InputStream module = Files.newInputStream(classes().resolve("module-info.class"))) {
            return ModuleDescriptor.read(module).exports().stream().map(Exports::source).sorted().toList();
        }
    }

    /** The types of all packages, nested ones included. */
    public static List<Class<?>> all() throws IOException {
        List<Class<?>> types = new ArrayList<>();
        for (String name : packages()) {
            types.addAll(of(name));
        }
        return types;
    }

    /** The types of a package, nested ones included. */
    public static List<Class<?>> of(String name) throws IOException {
        try (Stream<Path> files = Files.list(classes().resolve(name.replace('.', '/')))) {
            return files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".class") && !file.equals("package-info.class"))
                    .sorted().<Class<?>>map(file -> load(name + "." + file.replace(".class", ""))).filter(ExportedTypes::isPublic).toList();
        }
    }

    private static Path classes() {
        try {
            return Path.of(PtyProcess.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static boolean isPublic(Class<?> type) {
        return Modifier.isPublic(type.getModifiers()) && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, PtyProcess.class.getClassLoader());
        } catch (ClassNotFoundException gone) {
            throw new AssertionError(gone);
        }
    }
}
