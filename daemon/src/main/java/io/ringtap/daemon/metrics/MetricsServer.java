package io.ringtap.daemon.metrics;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.daemon.config.value.AccessToken;
import io.ringtap.daemon.page.AccessFilter;
import io.ringtap.daemon.page.OwnPageFilter;
import io.ringtap.frame.AddressText;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.Ledger;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;

/**
 * Serves {@code /metrics} to Prometheus, {@code /healthz}: 200 while every capture runs, waits or has come to its end, 503 once one
 * has failed, with the names of those that failed and wait; and the page to browsers. Two threads; a scrape reads counters that are
 * there anyway.
 */
public final class MetricsServer implements AutoCloseable {
    private static final int THREADS = 2;

    private final HttpServer server;
    private final ExecutorService threads;
    private final AccessFilter access;

    private MetricsServer(HttpServer server, ExecutorService threads, AccessFilter access) {
        this.server = server;
        this.threads = threads;
        this.access = access;
    }

    /**
     * Starts serving.
     *
     * @param address port 0 takes any that is free
     * @param ledger gives the books as they are; called on the server's threads
     * @param page answers all other paths
     * @param token what all but {@code /healthz} asks for, if anything
     * @throws OpenException if the address cannot be listened on
     */
    public static MetricsServer open(
            InetSocketAddress address, Supplier<Ledger> ledger, HttpHandler page, Optional<AccessToken> token)
            throws OpenException {
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (IOException e) {
            throw new OpenException(
                    Reason.OTHER,
                    "metrics: cannot listen on " + text(address) + ": " + e.getMessage()
                            + "; choose another address for metrics.listen");
        }
        PrometheusRegistry registry = new PrometheusRegistry();
        registry.register(new LedgerMetrics(ledger));
        JvmMetrics.builder().register(registry);
        AccessFilter access = new AccessFilter(token);
        server.createContext("/metrics", exchange -> answerMetrics(exchange, registry))
                .getFilters()
                .add(access);
        server.createContext("/healthz", exchange -> answerHealth(exchange, ledger.get()));
        server.createContext("/", page).getFilters().addAll(List.of(new OwnPageFilter(address), access));
        ExecutorService threads = Executors.newFixedThreadPool(
                THREADS, Thread.ofPlatform().name("metrics-", 0).daemon().factory());
        server.setExecutor(threads);
        server.start();
        return new MetricsServer(server, threads, access);
    }

    private static String text(InetSocketAddress address) {
        String host = AddressText.of(address.getAddress());
        return (address.getAddress() instanceof Inet6Address ? "[" + host + "]" : host) + ":" + address.getPort();
    }

    /** In the text format that is asked for. Prometheus' own handler would bring one in Protocol Buffers too, of two megabytes. */
    private static void answerMetrics(HttpExchange exchange, PrometheusRegistry registry) throws IOException {
        ExpositionFormats formats = ExpositionFormats.init();
        String accepted = header(exchange, "Accept");
        ExpositionFormatWriter writer = formats.getOpenMetricsTextFormatWriter().accepts(accepted)
                ? formats.getOpenMetricsTextFormatWriter()
                : formats.getPrometheusTextFormatWriter();
        boolean zipped = header(exchange, "Accept-Encoding").contains("gzip");
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", writer.getContentType());
            if (zipped) {
                exchange.getResponseHeaders().set("Content-Encoding", "gzip");
            }
            exchange.sendResponseHeaders(200, 0);
            OutputStream body = exchange.getResponseBody();
            try (OutputStream out = zipped ? new GZIPOutputStream(body) : body) {
                writer.write(out, registry.scrape());
            }
        }
    }

    private static String header(HttpExchange exchange, String name) {
        return Objects.requireNonNullElse(exchange.getRequestHeaders().getFirst(name), "");
    }

    private static void answerHealth(HttpExchange exchange, Ledger ledger) throws IOException {
        String failed = names(ledger, CaptureState.FAILED);
        String waiting = names(ledger, CaptureState.WAITING);
        String text = (failed.isEmpty() ? "ok\n" : "failed: " + failed + "\n")
                + (waiting.isEmpty() ? "" : "waiting: " + waiting + "\n");
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        try (exchange) {
            exchange.getResponseHeaders().set("Content-Type", "text/plain; charset=utf-8");
            exchange.sendResponseHeaders(failed.isEmpty() ? 200 : 503, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String names(Ledger ledger, CaptureState state) {
        return ledger.captures().stream()
                .filter(capture -> capture.state() == state)
                .map(CaptureCounts::name)
                .collect(Collectors.joining(", "));
    }

    /** Has another token count, from the next request on; absent for none. */
    public void token(Optional<AccessToken> token) {
        access.token(token);
    }

    /** Returns where it listens. */
    public InetSocketAddress address() {
        return server.getAddress();
    }

    /** Answers nobody any more; what is being answered is cut off. Idempotent. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
