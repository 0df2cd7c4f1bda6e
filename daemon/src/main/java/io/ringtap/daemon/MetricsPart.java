package io.ringtap.daemon;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.capture.OpenException;
import io.ringtap.daemon.control.StatsLook;
import io.ringtap.daemon.metrics.MetricsServer;
import io.ringtap.daemon.page.Page;
import io.ringtap.daemon.page.Reloaded;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server of metrics and page, where {@code metrics.listen} asks for one. The page's history is kept while there is one. */
final class MetricsPart implements DaemonPart {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.metrics");

    private final Supplier<StatsLook> look;
    private final Function<JsonObject, JsonElement> handlers;
    private Optional<InetSocketAddress> address = Optional.empty();
    private Optional<MetricsServer> server = Optional.empty();
    private volatile Optional<Page> page = Optional.empty();

    /** None so far; {@code handlers} is the control call of that name. */
    MetricsPart(Supplier<StatsLook> look, Function<JsonObject, JsonElement> handlers) {
        this.look = look;
        this.handlers = handlers;
    }

    @Override
    public void open(DaemonConfig config) throws OpenException {
        openNext(config).take();
    }

    @Override
    public Opened openNext(DaemonConfig next) throws OpenException {
        Optional<InetSocketAddress> wanted = next.metricsListen();
        if (wanted.equals(address)) {
            return () -> server.ifPresent(open -> open.token(next.metricsToken()));
        }
        if (wanted.isEmpty()) {
            return this::close;
        }
        Page shown = page.orElseGet(() -> Page.open(look, handlers));
        MetricsServer opened;
        try {
            opened = MetricsServer.open(wanted.get(), () -> look.get().ledger(), shown, next.metricsToken());
        } catch (OpenException e) {
            dropUnlessShown(shown);
            throw e;
        }
        LOG.info("metrics on http:/{}/metrics, a page at /", opened.address());
        return new Opened() {
            @Override
            public void take() {
                server.ifPresent(MetricsServer::close);
                address = wanted;
                server = Optional.of(opened);
                page = Optional.of(shown);
            }

            @Override
            public void drop() {
                opened.close();
                dropUnlessShown(shown);
            }
        };
    }

    private void dropUnlessShown(Page opened) {
        if (page.isEmpty()) {
            opened.close();
        }
    }

    /** Shows a reload that has just ended; any thread. */
    void reloaded(Reloaded reload) {
        page.ifPresent(shown -> shown.add(reload));
    }

    @Override
    public void close() {
        server.ifPresent(MetricsServer::close);
        server = Optional.empty();
        page.ifPresent(Page::close);
        page = Optional.empty();
        address = Optional.empty();
    }
}
