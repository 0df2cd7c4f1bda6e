package io.ringtap.daemon.cli;

import io.ringtap.daemon.cli.format.StatsTable;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.StatsLook;
import io.ringtap.daemon.control.StatsReader;
import java.util.Optional;

/** A daemon's counts in plain text, look for look, with the rates since the one before. */
final class StatsPages {
    private final ControlClient client;
    private Optional<StatsLook> before = Optional.empty();

    StatsPages(ControlClient client) {
        this.client = client;
    }

    String next() throws ControlException {
        StatsLook now = StatsReader.read(client.call("stats"));
        String table = StatsTable.text(now, before);
        before = Optional.of(now);
        return table;
    }
}
