package dev.panpty.examples;

public final class Ask {
    public static void main(String[] arguments) throws java.io.IOException {
        try (var session = dev.panpty.expect.Expect.start("sh", "-c", "printf 'name: '; read n; echo hello, $n")) {
            System.out.println(session.expect("name: ").text() + session.sendLine("Duke").expect("Duke").before());
        }
    }
}
