package dev.panpty.bench;

import java.util.Scanner;

/** A JVM that answers each line {@code WORKLOAD COUNT} of its input with a line of measurements, until the end of its input. */
public final class MeasuredJvm {

    private MeasuredJvm() {}

    /** Arguments: the name of a {@link Contestant} and the path of the counterpart. */
    public static void main(String[] arguments) throws Exception {
        Work work = Contestant.valueOf(arguments[0]).work(arguments[1]);
        Scanner requests = new Scanner(System.in);
        while (requests.hasNext()) {
            Meter meter = new Meter();
            work.run(requests.next(), requests.nextInt(), meter);
            System.out.println(meter);
        }
        System.exit(0);
    }
}
