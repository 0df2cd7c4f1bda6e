package io.ringtap.inject.xdp;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.ringtap.inject.config.Engine;
import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.inject.template.CompiledFrame;
import io.ringtap.inject.template.CompiledTemplate;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.Comparator;
import java.util.function.LongSupplier;

/**
 * Runs the program of a stream, and tells by its count and by that of the driver what became of the frames.
 *
 * <pre>{@code
 * this process                       kernel
 * longest frame ── copied, a run ──► page pool: a page a frame, kept for the next frame that uses it
 * state map     ◄── number, epoch ─► XDP program (FrameProgram): makes frame n in its page ─► XDP_REDIRECT
 * constants map ── lists, images ──► read by the program                                     │
 *                                    bulk queue ─► driver's ndo_xdp_xmit ─► interface ◄───────┘
 * taken map     ◄── TakenFrames ──── tracepoints xdp_devmap_xmit, xdp_redirect_err
 * }</pre>
 *
 * <p>The frame and the maps' contents are copied by the kernel within each call: nothing of this process is the kernel's between
 * two calls. A page is the kernel's and holds what an earlier frame left there, so the program writes all of a frame that varies.
 * For the inject thread, on which a run takes {@value #RUN_FRAMES} frames at most and cannot be ended early.
 */
final class XdpSender implements StreamSender, AutoCloseable {
    /** A third of a second of frames: a run cannot be ended early, and its set-up takes 25 ms. */
    static final int RUN_FRAMES = 1 << 21;

    private final XdpInjector injector;
    private final Bpf bpf;
    private final LongSupplier epochNanos;
    private final MemorySegment state = Arena.ofAuto().allocate(FrameProgram.STATE_BYTES, Long.BYTES);
    private final MemorySegment frame;
    private final int[] descriptors = {-1, -1, -1};
    private long next;

    private XdpSender(XdpInjector injector, Bpf bpf, MemorySegment frame, LongSupplier epochNanos) {
        this.injector = injector;
        this.bpf = bpf;
        this.frame = frame;
        this.epochNanos = epochNanos;
    }

    static XdpSender open(
            XdpInjector injector, Bpf bpf, CompiledTemplate template, int interfaceIndex, LongSupplier epochNanos)
            throws BpfException {
        CompiledFrame longest = template.frames().stream()
                .max(Comparator.comparingInt(CompiledFrame::length))
                .orElseThrow();
        XdpSender sender = new XdpSender(injector, bpf, Bpf.copy(longest.image()), epochNanos);
        try {
            sender.load(template, interfaceIndex);
            return sender;
        } catch (BpfException | RuntimeException e) {
            sender.close();
            throw e;
        }
    }

    private void load(CompiledTemplate template, int interfaceIndex) throws BpfException {
        Constants constants = Constants.of(template);
        MemorySegment values = Bpf.copy(constants.bytes());
        descriptors[0] = bpf.map(FrameProgram.STATE_BYTES);
        descriptors[1] = bpf.map((int) values.byteSize());
        bpf.write(descriptors[1], values);
        constants.in(descriptors[1]);
        descriptors[2] = bpf.program(Bpf.XDP, FrameProgram.of(template, interfaceIndex, descriptors[0], constants));
    }

    @Override
    public int mostFrames() {
        return RUN_FRAMES;
    }

    @Override
    public Duration moment() {
        return Engine.XDP.moment();
    }

    /**
     * A run that fails, or that a signal ends, has handed the driver all the frames that it had made by then: the kernel
     * flushes them before it returns (xdp_test_run_batch of net/bpf/test_run.c). So the two counts say exactly what went,
     * whatever the run gave. A run whose counts cannot be read may have sent any number of its frames.
     */
    @Override
    public void send(int frames, Outcomes outcomes) {
        int used = frames; // all of them, if anything throws
        try {
            used = run(frames, outcomes);
        } finally {
            next += used;
        }
    }

    /** Gives how many frames it has told of. */
    private int run(int frames, Outcomes outcomes) {
        state.set(JAVA_LONG, FrameProgram.INDEX, next);
        state.set(JAVA_LONG, FrameProgram.EPOCH, epochNanos.getAsLong() - System.nanoTime()); // CLOCK_MONOTONIC
        bpf.write(descriptors[0], state);
        injector.taken().reset();
        int result = bpf.run(descriptors[2], frame, (int) frame.byteSize(), frames);
        bpf.read(descriptors[0], state);
        injector.taken().look();
        int made = (int) (state.get(JAVA_LONG, FrameProgram.INDEX) - next);
        tell(made, outcomes);
        if (result >= 0 || result == -Errno.EINTR || made == frames) {
            return made;
        }
        InjectResult why = injector.result(-result);
        outcomes.failed(why, frames - made, injector.failure());
        return frames;
    }

    private void tell(int made, Outcomes outcomes) {
        int sent = Math.clamp(injector.taken().taken(), 0, made);
        if (sent > 0) {
            outcomes.sent(sent);
        }
        if (made > sent) {
            InjectResult why = injector.result(injector.taken().errno());
            outcomes.failed(why, made - sent, injector.failure());
        }
    }

    @Override
    public void skip(int frames) {
        next += frames;
    }

    @Override
    public void close() {
        for (int i = descriptors.length - 1; i >= 0; i--) {
            bpf.close(descriptors[i]);
            descriptors[i] = -1;
        }
    }
}
