package io.ringtap.capture;

import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.Engine;
import io.ringtap.capture.CaptureConfig.Fanout;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfig.OwnFrames;
import io.ringtap.capture.CaptureConfig.Priority;
import io.ringtap.frame.TunnelPorts;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Puts a {@link CaptureConfig} together; what is not given has its default. What each means is said there. */
public final class CaptureConfigBuilder {
    private final String name;
    private final CaptureOrigin origin;
    private Mode mode = Mode.THROUGHPUT;
    private Engine engine = Engine.FFM;
    private long bufferBytes = CaptureConfig.DEFAULT_BUFFER_BYTES;
    private int snaplenBytes = CaptureConfig.WHOLE_FRAMES;
    private Duration timeout = CaptureConfig.DEFAULT_TIMEOUT;
    private boolean promiscuous = true;
    private Direction direction = Direction.IN;
    private String filter = "";
    private int threads = 1;
    private Set<Fanout> fanout = Set.of();
    private List<Integer> cpus = List.of();
    private Priority priority = Priority.NORMAL;
    private Duration spin = Duration.ZERO;
    private double expectedRate = CaptureConfig.DEFAULT_EXPECTED_RATE;
    private TunnelPorts tunnelPorts = TunnelPorts.DEFAULT;
    private OwnFrames ownFrames = OwnFrames.IGNORE;

    CaptureConfigBuilder(String name, CaptureOrigin origin) {
        this.name = name;
        this.origin = origin;
    }

    /** Returns how the kernel hands frames over. */
    public CaptureConfigBuilder mode(Mode handOver) {
        mode = handOver;
        return this;
    }

    /** Returns what calls libpcap. */
    public CaptureConfigBuilder engine(Engine caller) {
        engine = caller;
        return this;
    }

    /** Size asked for the kernel ring. */
    public CaptureConfigBuilder bufferBytes(long bytes) {
        bufferBytes = bytes;
        return this;
    }

    /** Captured bytes of each frame, at most; {@link CaptureConfig#WHOLE_FRAMES}, the default, for all. */
    public CaptureConfigBuilder snaplenBytes(int bytes) {
        snaplenBytes = bytes;
        return this;
    }

    /** Returns how long the kernel may hold a block that is not full. */
    public CaptureConfigBuilder timeout(Duration time) {
        timeout = time;
        return this;
    }

    /** Returns whether the interface takes frames addressed to others. */
    public CaptureConfigBuilder promiscuous(boolean all) {
        promiscuous = all;
        return this;
    }

    /** Returns the direction of the frames that are captured. */
    public CaptureConfigBuilder direction(Direction which) {
        direction = which;
        return this;
    }

    /** pcap-filter(7), empty for all. */
    public CaptureConfigBuilder filter(String expression) {
        filter = expression;
        return this;
    }

    /** Kernel rings. */
    public CaptureConfigBuilder threads(int number) {
        threads = number;
        return this;
    }

    /** Returns how the group departs from giving each flow to one ring. */
    public CaptureConfigBuilder fanout(Set<Fanout> departures) {
        fanout = departures;
        return this;
    }

    /** Returns where the capture threads run. */
    public CaptureConfigBuilder cpus(List<Integer> numbers) {
        cpus = numbers;
        return this;
    }

    /** Returns what the capture threads run before. */
    public CaptureConfigBuilder priority(Priority before) {
        priority = before;
        return this;
    }

    /** Returns how long a capture thread looks for the next frame before it sleeps. */
    public CaptureConfigBuilder spin(Duration time) {
        spin = time;
        return this;
    }

    /** Frames a second that the kernel ring is judged by. */
    public CaptureConfigBuilder expectedRate(double framesASecond) {
        expectedRate = framesASecond;
        return this;
    }

    /** The UDP ports that tunnels are known by. */
    public CaptureConfigBuilder tunnelPorts(TunnelPorts ports) {
        tunnelPorts = ports;
        return this;
    }

    /** Returns what becomes of frames that ringtap itself sends. */
    public CaptureConfigBuilder ownFrames(OwnFrames fate) {
        ownFrames = fate;
        return this;
    }

    /** The capture. @throws InvalidConfigException with every problem there is */
    public CaptureConfig build() {
        return new CaptureConfig(
                name,
                origin,
                mode,
                engine,
                bufferBytes,
                snaplenBytes,
                timeout,
                promiscuous,
                direction,
                filter,
                threads,
                fanout,
                cpus,
                priority,
                spin,
                expectedRate,
                tunnelPorts,
                ownFrames);
    }
}
