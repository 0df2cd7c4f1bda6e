package io.ringtap.daemon.config;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.Engine;
import io.ringtap.capture.CaptureConfig.Fanout;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfig.OwnFrames;
import io.ringtap.capture.CaptureConfig.Priority;
import io.ringtap.capture.CaptureOrigin.Missing;
import io.ringtap.capture.CpuList;
import io.ringtap.capture.FramePace;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Kind;
import io.ringtap.daemon.config.toml.Schema;
import io.ringtap.daemon.config.value.FrameRate;
import io.ringtap.daemon.config.value.InterfaceName;
import io.ringtap.frame.Tunnel;
import io.ringtap.frame.TunnelPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/** The keys of {@code [[capture]]}. */
final class CaptureKeys {
    static final Key<String> INTERFACE = Key.form("interface", "the name of an interface", InterfaceName::parse);
    static final Key<Path> FILE = Key.form("file", "a path", CaptureKeys::path);
    static final Key<FramePace> PACE = Key.of(
            "pace",
            new Kind.Rate<>(
                    "\"max\", \"original\" or a rate " + FrameRate.limits(),
                    "^(max|original)$|" + FrameRate.pattern(),
                    CaptureKeys::pace));
    static final Key<Duration> MAX_GAP = Key.time("max-gap", Kind.Time.ANY);
    static final Key<String> NAME = Key.text("name");
    static final Key<Mode> MODE = Key.choice("mode", Mode.THROUGHPUT);
    static final Key<Engine> ENGINE = Key.choice("engine", Engine.FFM);
    static final Key<Long> BUFFER = Key.size(
            "buffer",
            CaptureConfig.DEFAULT_BUFFER_BYTES,
            CaptureConfig.MIN_BUFFER_BYTES,
            CaptureConfig.MAX_BUFFER_BYTES);
    static final Key<Long> SNAPLEN = new Key<>(
            "snaplen",
            new Kind.Whole(CaptureConfig.MIN_SNAPLEN_BYTES, CaptureConfig.MAX_SNAPLEN_BYTES, true),
            Optional.of((long) CaptureConfig.WHOLE_FRAMES));
    static final Key<Duration> TIMEOUT =
            Key.time("timeout", CaptureConfig.DEFAULT_TIMEOUT, CaptureConfig.MIN_TIMEOUT, CaptureConfig.MAX_TIMEOUT);
    static final Key<Boolean> PROMISCUOUS = Key.flag("promiscuous", true);
    static final Key<Direction> DIRECTION = Key.choice("direction", Direction.IN);
    static final Key<OwnFrames> OWN_FRAMES = Key.choice("own-frames", OwnFrames.IGNORE);
    static final Key<String> FILTER = Key.text("filter", "");
    static final Key<Missing> MISSING = Key.choice("missing", Missing.WAIT);
    static final Key<Long> THREADS = Key.whole("threads", 1, 1, CaptureConfig.MAX_THREADS);
    static final Key<EnumSet<Fanout>> FANOUT = Key.choices("fanout", Fanout.class);
    static final Key<List<Integer>> VXLAN_PORTS = ports("vxlan-ports", Tunnel.VXLAN);
    static final Key<List<Integer>> GENEVE_PORTS = ports("geneve-ports", Tunnel.GENEVE);
    static final Key<List<Integer>> GTP_PORTS = ports("gtp-ports", Tunnel.GTP_U);
    static final Key<List<Integer>> TEREDO_PORTS = ports("teredo-ports", Tunnel.TEREDO);
    static final Key<List<Integer>> CPU = Key.wholes("cpu", 0, CpuList.MAX_CPUS - 1);
    static final Key<Priority> PRIORITY = Key.choice("priority", Priority.NORMAL);
    static final Key<Duration> SPIN = Key.time("spin", Duration.ZERO, Duration.ZERO, CaptureConfig.MAX_SPIN);
    static final Key<Double> EXPECT = new Key<>(
            "expect",
            new Kind.Rate<>("a rate " + FrameRate.limits(), FrameRate.pattern(), FrameRate::parse),
            Optional.of(CaptureConfig.DEFAULT_EXPECTED_RATE));

    static final Schema TABLE = Schema.tables(
            ConfigKeys.CAPTURE,
            List.of(
                    INTERFACE,
                    FILE,
                    PACE,
                    MAX_GAP,
                    NAME,
                    MODE,
                    ENGINE,
                    BUFFER,
                    SNAPLEN,
                    TIMEOUT,
                    PROMISCUOUS,
                    DIRECTION,
                    OWN_FRAMES,
                    FILTER,
                    MISSING,
                    THREADS,
                    FANOUT,
                    CPU,
                    PRIORITY,
                    SPIN,
                    EXPECT,
                    VXLAN_PORTS,
                    GENEVE_PORTS,
                    GTP_PORTS,
                    TEREDO_PORTS));

    private CaptureKeys() {}

    private static Key<List<Integer>> ports(String name, Tunnel tunnel) {
        return new Key<>(name, new Kind.Wholes(1, 65_535), Optional.of(TunnelPorts.DEFAULT.of(tunnel)));
    }

    static Path path(String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("must not be empty");
        }
        return Path.of(text);
    }

    private static FramePace pace(String text) {
        return switch (text) {
            case "max" -> new FramePace.Max();
            case "original" -> new FramePace.Original();
            default -> rate(text);
        };
    }

    private static FramePace rate(String text) {
        try {
            return new FramePace.Rate(FrameRate.parse(text));
        } catch (IllegalArgumentException e) {
            String message = e.getMessage().replaceFirst("must be ", "must be \"max\", \"original\" or ");
            throw new IllegalArgumentException(message, e);
        }
    }
}
