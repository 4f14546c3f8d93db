package dev.panpty.faults;

import dev.panpty.faults.Fault.Side;
import dev.panpty.faults.Fault.Use;
import dev.panpty.testing.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Which faults are tried, and how their outcomes are gathered. */
final class Faults {

    static final Path TABLE = Repository.path("src/test/faults.md");

    private final Rig rig;
    private final Set<String> seen = new HashSet<>();
    private final Matrix matrix = new Matrix();
    private final List<String> bad = new ArrayList<>();

    Faults(Rig rig) {
        this.rig = rig;
    }

    Matrix matrix() {
        return matrix;
    }

    /** What did not come out as it should. */
    List<String> bad() {
        return bad;
    }

    /** Each call of the library once, where it is first met: its most telling errno and EINTR, at its first use. */
    void representative() throws Exception {
        for (Scenario scenario : Scenario.values()) {
            for (Side side : Side.values()) {
                for (String label : rig.recording(scenario, side).labels()) {
                    if (seen.add(side + label)) {
                        run(scenario, side, label, List.of(Use.FIRST), few(label));
                    }
                }
            }
        }
    }

    /** Each call in each scenario at each of its uses; with all errnos of its man page where it is first met, at its first use. */
    void all() throws Exception {
        for (Scenario scenario : Scenario.values()) {
            for (Side side : Side.values()) {
                for (String label : rig.recording(scenario, side).labels()) {
                    run(scenario, side, label, List.of(Use.values()), few(label));
                    if (seen.add(side + label)) {
                        List<String> errnos = Errnos.of(label);
                        run(scenario, side, label, List.of(Use.FIRST), errnos.subList(Math.min(1, errnos.size()), errnos.size()));
                    }
                }
            }
        }
    }

    private static List<String> few(String label) {
        List<String> errnos = Errnos.of(label);
        return List.of(errnos.get(0), "EINTR");
    }

    private void run(Scenario scenario, Side side, String label, List<Use> uses, List<String> errnos) throws Exception {
        for (String errno : errnos) {
            for (Use use : uses) {
                Fault fault = new Fault(scenario, side, label, use, errno);
                if (fault.isFair()) {
                    Optional<Outcome> outcome = rig.run(fault);
                    outcome.filter(Outcome::good).ifPresent(good -> matrix.put(fault, good.text()));
                    outcome.filter(one -> !one.good()).ifPresent(one -> bad.add(fault + ": " + one.text()));
                }
            }
        }
    }
}
