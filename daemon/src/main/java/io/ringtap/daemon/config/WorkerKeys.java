package io.ringtap.daemon.config;

import io.ringtap.capture.CpuList;
import io.ringtap.capture.SpillConfig;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.capture.WorkerConfig.Delivery;
import io.ringtap.capture.WorkerConfig.Share;
import io.ringtap.capture.WorkerConfig.Tunnels;
import io.ringtap.daemon.config.toml.Entry;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Kind;
import io.ringtap.daemon.config.toml.Schema;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys of {@code [[worker]]}, and those that every {@code [[worker.handler]]} has. */
final class WorkerKeys {
    static final Key<String> NAME = Key.text("name", "default");
    static final Key<List<Entry.Scalar>> CAPTURES = Key.texts("captures");
    static final Key<Long> THREADS = Key.whole("threads", 1, 1, WorkerConfig.MOST_THREADS);
    static final Key<Share> SHARE = Key.choice("share", Share.FLOW);
    static final Key<Tunnels> TUNNELS = Key.choice("tunnels", Tunnels.INNER);
    static final Key<Delivery> DELIVERY = Key.choice("delivery", Delivery.GATE);
    static final Key<Long> QUEUE = Key.size(
            "queue", WorkerConfig.DEFAULT_QUEUE_BYTES, WorkerConfig.MIN_QUEUE_BYTES, WorkerConfig.MAX_QUEUE_BYTES);
    static final Key<Long> SPILL =
            new Key<>("spill", new Kind.Size(SpillConfig.MIN_BYTES, SpillConfig.MAX_BYTES, true), Optional.of(0L));
    static final Key<Path> SPILL_FOLDER = new Key<>(
            "spill-folder", new Kind.Form<>("a path", "", CaptureKeys::path), Optional.of(SpillConfig.DEFAULT_FOLDER));
    static final Key<Boolean> SPILL_RESUME = Key.flag("spill-resume", false);
    static final Key<Double> SAMPLE = new Key<>("sample", new Kind.Decimal(0, 1, true), Optional.of(1.0));
    static final Key<Duration> DEDUPLICATE =
            Key.time("deduplicate", Duration.ZERO, Duration.ZERO, WorkerConfig.MOST_DEDUPLICATE);
    static final Key<List<Integer>> CPU = Key.wholes("cpu", 0, CpuList.MAX_CPUS - 1);

    static final Key<String> TYPE = Key.text("type");
    static final Key<String> FILTER = Key.text("filter", "");

    static final Schema HANDLER = Schema.openTables("handler", List.of(TYPE, FILTER));
    static final Schema TABLE = Schema.tables(
            "worker",
            List.of(
                    NAME,
                    CAPTURES,
                    THREADS,
                    SHARE,
                    TUNNELS,
                    DELIVERY,
                    QUEUE,
                    SPILL,
                    SPILL_FOLDER,
                    SPILL_RESUME,
                    SAMPLE,
                    DEDUPLICATE,
                    CPU),
            HANDLER);

    private WorkerKeys() {}
}
