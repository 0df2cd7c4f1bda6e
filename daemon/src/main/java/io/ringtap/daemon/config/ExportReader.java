package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Schema;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.ListenAddress;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.Suggestion;
import io.ringtap.daemon.export.ExportConfig;
import io.ringtap.daemon.export.ExportConfig.Transport;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads {@code [[export]]} tables. */
final class ExportReader {
    static final Key<String> NAME = Key.text("name", "default");
    static final Key<InetSocketAddress> COLLECTOR =
            Key.form("collector", "an address and a port", ListenAddress::parse);
    static final Key<Transport> TRANSPORT = Key.choice("transport", Transport.UDP);
    static final Key<List<Entry.Scalar>> WORKERS = Key.texts("workers");
    static final Key<Long> DOMAIN = Key.whole("domain", 1, 0, ExportConfig.MOST_DOMAIN);
    static final Key<Duration> EVERY =
            Key.time("every", ExportConfig.DEFAULT_EVERY, Duration.ofSeconds(1), Duration.ofHours(1));
    static final Schema TABLE = Schema.tables("export", List.of(NAME, COLLECTOR, TRANSPORT, WORKERS, DOMAIN, EVERY));

    /** Workers with a handler {@code flows}. */
    private final List<String> withFlows;

    private final UniqueNames names = new UniqueNames();

    ExportReader(List<String> withFlows) {
        this.withFlows = withFlows;
    }

    /** The export, absent if it cannot be. */
    Optional<ExportConfig> read(Section section) {
        String name = section.value(NAME);
        names.take(name, section);
        Optional<InetSocketAddress> collector = section.given(COLLECTOR);
        if (!section.has(COLLECTOR)) {
            section.problem(
                    COLLECTOR, "needs a value: where flows go, such as \"192.0.2.9:" + ExportConfig.PORT + "\"");
        }
        List<String> workers = new ArrayList<>();
        for (Entry.Scalar reference : section.value(WORKERS)) {
            String worker = reference.text().orElseThrow();
            if (!withFlows.contains(worker)) {
                section.problem(
                        reference.place(),
                        WORKERS.name(),
                        "no worker " + Quoted.of(worker) + " has a handler of type \"flows\""
                                + Suggestion.hint(worker, withFlows));
            }
            workers.add(worker);
        }
        if (withFlows.isEmpty()) {
            section.problem(NAME, "there is nothing to export: no worker has a handler of type \"flows\"");
        }
        Transport transport = section.value(TRANSPORT);
        long domain = section.value(DOMAIN);
        Duration every = section.value(EVERY);
        return collector.map(address -> new ExportConfig(name, address, transport, workers, domain, every));
    }
}
