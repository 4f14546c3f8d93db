package dev.panpty.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/** The programs that a test needs; {@link Tools} describes what happens where one is missing. */
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(Tools.class)
public @interface Needs {

    /** Their names, looked up in the PATH. */
    String[] value();
}
