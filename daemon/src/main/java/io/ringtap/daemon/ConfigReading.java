package io.ringtap.daemon;

import io.ringtap.daemon.control.ReloadRefusedException;
import io.ringtap.daemon.control.ReloadRefusedException.Reason;
import java.util.List;

/** Reads a daemon's configuration anew, from where it came from. */
@FunctionalInterface
public interface ConfigReading {
    /** Where it came from nowhere: refuses. */
    ConfigReading NONE = () -> {
        throw new ReloadRefusedException(
                Reason.BAD_CONFIGURATION,
                List.of("this daemon's configuration came from nowhere that can be read again"));
    };

    /** The configuration. Any thread. @throws ReloadRefusedException if it cannot be used, with all that is wrong with it */
    DaemonConfig read() throws ReloadRefusedException;
}
