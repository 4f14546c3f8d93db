/** Tests of terminal programs with JUnit 5. */
module dev.panpty.junit {
    requires transitive dev.panpty;
    requires transitive org.junit.jupiter.api;

    exports dev.panpty.junit;

    opens dev.panpty.junit to org.junit.platform.commons; // which creates the extension
}
