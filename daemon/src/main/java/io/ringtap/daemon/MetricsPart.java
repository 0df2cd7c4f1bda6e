package io.ringtap.daemon;

import io.ringtap.capture.OpenException;
import io.ringtap.daemon.metrics.MetricsServer;
import io.ringtap.ledger.Ledger;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metrics' HTTP server, where {@code metrics.listen} asks for one. */
final class MetricsPart implements DaemonPart {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.metrics");

    private final Supplier<Ledger> ledger;
    private Optional<InetSocketAddress> address = Optional.empty();
    private Optional<MetricsServer> server = Optional.empty();

    MetricsPart(Supplier<Ledger> ledger) {
        this.ledger = ledger;
    }

    @Override
    public void open(DaemonConfig config) throws OpenException {
        openNext(config).take();
    }

    @Override
    public Opened openNext(DaemonConfig next) throws OpenException {
        Optional<InetSocketAddress> wanted = next.metricsListen();
        if (wanted.equals(address)) {
            return () -> {};
        }
        Optional<MetricsServer> opened = wanted.isEmpty() ? Optional.empty() : Optional.of(serve(wanted.get()));
        return new Opened() {
            @Override
            public void take() {
                close();
                address = wanted;
                server = opened;
            }

            @Override
            public void drop() {
                opened.ifPresent(MetricsServer::close);
            }
        };
    }

    private MetricsServer serve(InetSocketAddress wanted) throws OpenException {
        MetricsServer opened = MetricsServer.open(wanted, ledger);
        LOG.info("metrics on http:/{}/metrics", opened.address());
        return opened;
    }

    @Override
    public void close() {
        server.ifPresent(MetricsServer::close);
        server = Optional.empty();
    }
}
