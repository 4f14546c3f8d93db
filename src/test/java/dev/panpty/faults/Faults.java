package dev.panpty.faults;

import dev.panpty.faults.Fault.Side;
import dev.panpty.faults.Fault.Use;
import dev.panpty.testing.Repository;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Selects the faults to try, and collects their outcomes. */
final class Faults {

    static final Path TABLE = Repository.path("src/test/faults.md");

    private static final List<Use> ONE_USE = List.of(Use.FIRST, Use.SECOND, Use.THIRD);

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

    /** The outcomes that are not good. */
    List<String> bad() {
        return bad;
    }

    /** Skips the calls of this scenario. */
    void known(Scenario scenario) throws Exception {
        for (Side side : Side.values()) {
            for (String label : rig.recording(scenario, side).labels()) {
                unseen(scenario, side, label, ONE_USE);
            }
        }
    }

    /** Each call of the library once, in the first scenario that makes it: its most significant errno and EINTR, at its first use. */
    void representative(Collection<Scenario> scenarios) throws Exception {
        for (Scenario scenario : scenarios) {
            for (Side side : Side.values()) {
                for (String label : rig.recording(scenario, side).labels()) {
                    run(scenario, side, label, unseen(scenario, side, label, List.of(Use.FIRST)), few(label));
                }
            }
        }
    }

    /** This call at all its uses. */
    void always(Scenario scenario, Side side, String label, String errno) throws Exception {
        run(scenario, side, label, List.of(Use.ALWAYS), List.of(errno));
    }

    /**
     * Each call in each scenario at each of its uses. The first scenario with its first, second or third use tries all errnos of its man page.
     */
    void all() throws Exception {
        for (Scenario scenario : Scenario.values()) {
            for (Side side : Side.values()) {
                for (String label : rig.recording(scenario, side).labels()) {
                    List<String> errnos = Errnos.of(label);
                    run(scenario, side, label, List.of(Use.values()), few(label));
                    run(scenario, side, label, unseen(scenario, side, label, ONE_USE), errnos.subList(1, errnos.size()));
                }
            }
        }
    }

    /** Those of the uses that this scenario has, and no earlier scenario had. */
    private List<Use> unseen(Scenario scenario, Side side, String label, List<Use> wanted) throws Exception {
        List<Use> uses = new ArrayList<>();
        for (Use use : wanted) {
            boolean there = use.index(rig.recording(scenario, side).count(label)) >= 0;
            if (there && new Fault(scenario, side, label, use, "EINTR").isFair() && seen.add(side + label + use)) {
                uses.add(use);
            }
        }
        return uses;
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
