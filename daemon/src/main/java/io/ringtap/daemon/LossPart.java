package io.ringtap.daemon;

import io.ringtap.capture.WorkerConfig;
import io.ringtap.handler.flight.FlightRecorderHandler;
import io.ringtap.handler.flight.FlightRecorders;
import io.ringtap.ledger.Ledger;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Tells flight recorders of losses: looks at the books once a second, where a configuration has a flight recorder. */
final class LossPart implements DaemonPart {
    private static final Duration LOOK = Duration.ofSeconds(1);

    private final Supplier<Ledger> ledger;
    private final FlightRecorders recorders;
    private Optional<Thread> thread = Optional.empty();

    LossPart(Supplier<Ledger> ledger, FlightRecorders recorders) {
        this.ledger = ledger;
        this.recorders = recorders;
    }

    @Override
    public void open(DaemonConfig config) {
        openNext(config).take();
    }

    /** There is nothing that could fail before. */
    @Override
    public Opened openNext(DaemonConfig next) {
        return () -> {
            boolean wanted = next.workers().stream().anyMatch(LossPart::hasRecorder);
            if (wanted && thread.isEmpty()) {
                thread = Optional.of(Thread.ofPlatform().name("loss").daemon().start(this::watch));
            } else if (!wanted) {
                close();
            }
        };
    }

    private static boolean hasRecorder(WorkerConfig worker) {
        return worker.handlers().stream().anyMatch(handler -> handler.type().equals(FlightRecorderHandler.TYPE));
    }

    private void watch() {
        Optional<Ledger> before = Optional.empty();
        try {
            while (true) {
                Thread.sleep(LOOK);
                before = look(before);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Tells what was lost since a look before, and gives this one; none if nobody wants to know. */
    Optional<Ledger> look(Optional<Ledger> before) {
        if (!recorders.wantLosses()) {
            return Optional.empty();
        }
        Ledger now = ledger.get();
        before.ifPresent(then -> now.since(then).losses().forEach(recorders::lost));
        return Optional.of(now);
    }

    @Override
    public void close() {
        thread.ifPresent(Thread::interrupt);
        thread = Optional.empty();
    }
}
