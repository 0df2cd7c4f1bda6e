package io.ringtap.daemon;

import io.ringtap.daemon.export.ExportConfig;
import io.ringtap.daemon.export.FlowExporter;
import io.ringtap.handler.flows.FlowExports;
import io.ringtap.ledger.Ledger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The exports that {@code [[export]]} tables ask for. */
final class ExportPart implements DaemonPart {
    private final Supplier<Ledger> ledger;
    private final FlowExports exports;
    private final Map<ExportConfig, FlowExporter> running = new LinkedHashMap<>();

    ExportPart(Supplier<Ledger> ledger, FlowExports exports) {
        this.ledger = ledger;
        this.exports = exports;
    }

    @Override
    public void open(DaemonConfig config) {
        openNext(config).take();
    }

    /** A collector may be away: there is nothing that could fail before. */
    @Override
    public Opened openNext(DaemonConfig next) {
        return () -> {
            List<ExportConfig> gone = running.keySet().stream()
                    .filter(config -> !next.exports().contains(config))
                    .toList();
            gone.forEach(config -> running.remove(config).close());
            next.exports()
                    .forEach(config ->
                            running.computeIfAbsent(config, added -> FlowExporter.start(added, ledger, exports)));
        };
    }

    @Override
    public void close() {
        running.values().forEach(FlowExporter::close);
        running.clear();
    }
}
