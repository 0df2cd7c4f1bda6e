package io.ringtap.daemon.export;

import io.ringtap.daemon.export.ExportConfig.Transport;
import io.ringtap.handler.flows.FlowExport;
import io.ringtap.handler.flows.FlowExports;
import io.ringtap.handler.flows.IpfixMessages;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.WorkerCounts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends ended flows, and what became of frames, to a collector: on a thread of its own, {@code export-NAME}, so that no network holds
 * a handler up. What finds no room while the collector is away, or goes into a session that breaks, is counted.
 */
public final class FlowExporter implements AutoCloseable, Runnable {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.export");

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long RECONNECT_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final ExportConfig config;
    private final Supplier<Ledger> ledger;
    private final FlowExport export;
    private final IpfixMessages messages;
    private final Thread thread;
    private volatile boolean closing;
    private volatile CollectorSession session; // null while there is none
    private long triedAt = System.nanoTime() - RECONNECT_NANOS;
    private long toldAt;
    private boolean failing;
    private long sentMessages;
    private long sentBytes;
    private volatile long sentFlows;
    private volatile long lostFlows;

    private FlowExporter(ExportConfig config, Supplier<Ledger> ledger, FlowExports exports) {
        this.config = config;
        this.ledger = ledger;
        thread = Thread.ofPlatform().name("export-" + config.name()).daemon().unstarted(this);
        export = exports.open(config.workers(), () -> LockSupport.unpark(thread));
        messages = new IpfixMessages(
                (int) config.domain(),
                CollectorSession.mostBytes(config.transport()),
                () -> Instant.now().getEpochSecond(),
                this::send);
    }

    /** Starts one; the collector need not be there. */
    public static FlowExporter start(ExportConfig config, Supplier<Ledger> ledger, FlowExports exports) {
        FlowExporter exporter = new FlowExporter(config, ledger, exports);
        exporter.thread.start();
        return exporter;
    }

    @Override
    public void run() {
        try {
            while (true) {
                boolean last = closing;
                if (session != null || connect()) {
                    exportOnce(last);
                }
                if (last) {
                    return;
                }
                LockSupport.parkNanos(this, LOOK_NANOS);
            }
        } catch (RuntimeException | Error e) {
            LOG.error("export {} has ended", config.name(), e);
            throw e;
        } finally {
            disconnect();
        }
    }

    private boolean connect() {
        if (!closing && System.nanoTime() - triedAt < RECONNECT_NANOS) {
            return false;
        }
        triedAt = System.nanoTime();
        try {
            session = CollectorSession.open(config);
        } catch (IOException | RuntimeException e) {
            fail(e);
            return false;
        }
        messages.restart();
        messages.templates();
        toldAt = System.nanoTime() - config.every().toNanos();
        return session != null;
    }

    private void exportOnce(boolean last) {
        export.drain(messages);
        boolean due = System.nanoTime() - toldAt >= config.every().toNanos();
        if (due && config.transport() == Transport.UDP) {
            messages.templates(); // a collector that has begun since knows none
        }
        if (due || last) {
            toldAt = System.nanoTime();
            tell();
        }
        messages.flush();
        if (failing && session != null) {
            failing = false;
            LOG.info("export {}: {} takes flows again", config.name(), config.collector());
        }
    }

    private void tell() {
        Ledger books = ledger.get();
        for (WorkerCounts worker : books.workers()) {
            if (config.workers().isEmpty() || config.workers().contains(worker.name())) {
                books.captures().stream()
                        .filter(capture -> capture.name().equals(worker.capture()))
                        .forEach(capture -> tell(capture, worker));
            }
        }
        messages.exported(sentMessages, sentBytes, sentFlows, lostFlows + export.refused());
    }

    private void tell(CaptureCounts capture, WorkerCounts worker) {
        long lost = capture.kernelDropped() + capture.unread() + capture.lostBeforeTap();
        messages.frames(capture.interfaceName(), worker.name(), capture.received(), lost, worker.shed());
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes them
    private void send(ByteBuffer message, int flows) {
        CollectorSession to = session;
        int bytes = message.remaining();
        try {
            if (to == null) {
                lostFlows += flows;
                return;
            }
            to.send(message);
            sentMessages++;
            sentBytes += bytes;
            sentFlows += flows;
        } catch (IOException e) {
            lostFlows += flows;
            fail(e);
            disconnect();
        }
    }

    private void fail(Exception e) {
        if (!failing) {
            failing = true;
            LOG.warn(
                    "export {}: flows cannot be sent to {}: {}: up to 2,048 of each handler thread wait, others are counted as"
                            + " unexported",
                    config.name(),
                    config.collector(),
                    e.toString());
        }
    }

    private void disconnect() {
        CollectorSession ended = session;
        session = null;
        try {
            if (ended != null) {
                ended.close();
            }
        } catch (IOException e) {
            LOG.debug("export {}", config.name(), e); // it is gone anyway
        }
    }

    /** Sends what waits, for a bounded time, and ends. */
    @Override
    public void close() {
        export.close();
        closing = true;
        LockSupport.unpark(thread);
        boolean interrupted = false;
        try {
            if (!thread.join(CLOSE)) {
                disconnect(); // ends a send that hangs
            }
        } catch (InterruptedException e) {
            interrupted = true;
            disconnect();
        }
        LOG.info(
                "export {}: {} flows exported, {} not sent",
                config.name(),
                sentFlows,
                lostFlows + export.refused() + export.waiting());
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
