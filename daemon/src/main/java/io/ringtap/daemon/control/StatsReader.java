package io.ringtap.daemon.control;

import com.google.gson.JsonElement;
import io.ringtap.daemon.control.ControlException.Reason;
import java.time.DateTimeException;

/**
 * Reads back what {@link StatsJson} wrote, perhaps that of a daemon of another version: unknown fields are passed over,
 * and of the known ones only those of the contract must be there.
 */
public final class StatsReader {
    private StatsReader() {}

    /**
     * Returns the look that an object tells of.
     *
     * @throws ControlException if a field of the contract is missing, or is no count where it should be one
     */
    public static StatsLook read(JsonElement json) throws ControlException {
        try {
            return StatsFields.look(JsonFields.reading(json.getAsJsonObject()));
        } catch (IllegalArgumentException
                | IllegalStateException
                | UnsupportedOperationException
                | ClassCastException
                | ArithmeticException
                | DateTimeException e) {
            throw new ControlException(
                    Reason.FAILED,
                    "the daemon's counts cannot be read: " + e.getMessage()
                            + ": use the ringtap of the daemon's version");
        }
    }
}
