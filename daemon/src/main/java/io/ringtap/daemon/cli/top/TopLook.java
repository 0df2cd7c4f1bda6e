package io.ringtap.daemon.cli.top;

import com.google.gson.JsonElement;
import io.ringtap.daemon.control.StatsLook;
import java.util.List;
import java.util.Optional;

/**
 * What was last heard of a daemon.
 *
 * @param stats its counts; of before, if it is lost; absent if it was never there
 * @param flows its largest flows, the largest first; none if it keeps none
 * @param trouble why it cannot be asked now; empty if it can
 */
record TopLook(Optional<StatsLook> stats, List<JsonElement> flows, String trouble) {
    /** Of a daemon that was not asked yet. */
    static final TopLook NONE = new TopLook(Optional.empty(), List.of(), "");

    TopLook {
        flows = List.copyOf(flows);
    }

    /** The same, of a daemon that cannot be asked any more. */
    TopLook lost(String why) {
        return new TopLook(stats, flows, why);
    }
}
