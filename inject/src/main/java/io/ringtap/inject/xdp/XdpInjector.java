package io.ringtap.inject.xdp;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.kernel.InterfaceInjector;
import io.ringtap.inject.kernel.Kernel;
import io.ringtap.inject.kernel.SendingInterface;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.FrameTemplate;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Sends by XDP: the kernel makes the frames of a stream itself, by a program that is put together from the stream's
 * template, and gives them to the driver as redirected frames, with no socket and no queueing discipline in between. It is
 * for load tests: a run takes the kernel some 25 ms of waiting before its first frame, so a rate is kept in bursts,
 * each at the speed of the interface. Captures on the interface do not see the frames.
 *
 * <p>"Sent" means that the driver took the frame. Linux 5.18 or newer; CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON in the initial
 * user namespace; a driver that takes redirected frames. A veth pair does if its other end has generic receive offload on
 * or an XDP program.
 */
public final class XdpInjector extends InterfaceInjector {
    /** A page, less what the kernel keeps in it: XDP_PACKET_HEADROOM, struct skb_shared_info, struct xdp_page_head. */
    static final int MOST_BYTES = 3_000;

    private final Bpf bpf;
    private final SendingInterface to;
    private final TakenFrames taken;
    private final List<XdpSender> senders = new ArrayList<>();
    private String failure = "";

    private XdpInjector(Bpf bpf, SendingInterface to, TakenFrames taken) {
        super(to);
        this.bpf = bpf;
        this.to = to;
        this.taken = taken;
    }

    /**
     * Opens an interface for sending.
     *
     * @throws OpenException if it is missing or not Ethernet, or kernel, capability or driver is lacking
     */
    public static XdpInjector open(String interfaceName) throws OpenException {
        Kernel kernel = new Kernel();
        SendingInterface to = SendingInterface.of(interfaceName);
        Bpf bpf = new Bpf(kernel);
        try {
            TakenFrames taken = TakenFrames.open(kernel, bpf);
            XdpInjector injector = new XdpInjector(bpf, to, taken);
            try {
                XdpProbe.check(kernel, bpf, to);
                return injector;
            } catch (OpenException | BpfException | RuntimeException e) {
                injector.close();
                throw e;
            }
        } catch (BpfException e) {
            throw refusal(to, e);
        }
    }

    private static OpenException refusal(SendingInterface to, BpfException e) {
        if (e.errno() == Errno.EPERM || e.errno() == Errno.EACCES) {
            return to.failure(
                    Reason.NOT_PERMITTED,
                    "engine xdp: " + e.getMessage()
                            + "; CAP_BPF, CAP_NET_ADMIN or CAP_PERFMON is missing: run as root of the"
                            + " machine, or under systemd with AmbientCapabilities=CAP_BPF CAP_NET_ADMIN CAP_PERFMON, or use"
                            + " engine mmsg");
        }
        return to.failure(
                Reason.OTHER,
                "engine xdp: " + e.getMessage() + "; it needs Linux 5.18 or newer with CONFIG_BPF_SYSCALL and"
                        + " CONFIG_BPF_EVENTS: use engine mmsg");
    }

    @Override
    public Engine engine() {
        return Engine.XDP;
    }

    @Override
    public StreamSender sender(CompiledTemplate template, LongSupplier epochNanos) throws OpenException {
        if (template.longestBytes() > MOST_BYTES) {
            throw to.failure(
                    Reason.OTHER,
                    "engine xdp sends frames of at most " + MOST_BYTES + " bytes, not " + template.longestBytes()
                            + ": shorten them, or use engine mmsg");
        }
        try {
            XdpSender sender = XdpSender.open(this, bpf, template, to.index(), epochNanos);
            senders.add(sender);
            return sender;
        } catch (BpfException e) {
            throw refusal(to, e);
        }
    }

    TakenFrames taken() {
        return taken;
    }

    /** Returns why frames were not sent. */
    InjectResult result(int errno) {
        failure = switch (errno) {
            case 0 -> "the driver had no room for them";
            case Errno.ENXIO, Errno.EOPNOTSUPP -> Errno.text(errno) + ": " + XdpProbe.driverHint(to.name());
            default -> Errno.text(errno);
        };
        return errno == 0 ? InjectResult.NO_BUFFER : Errno.resultOf(errno);
    }

    /** Takes 25 ms: the frames of streams go by {@link #sender}. */
    @Override
    public InjectResult inject(byte[] frame) {
        if (frame.length < FrameTemplate.HEADER_BYTES || frame.length > MOST_BYTES) {
            failure = "engine xdp sends frames of " + FrameTemplate.HEADER_BYTES + " to " + MOST_BYTES + " bytes";
            return frame.length > MOST_BYTES ? InjectResult.TOO_LONG : InjectResult.TOO_SHORT;
        }
        InjectResult[] result = {InjectResult.SENT};
        StreamSender.Outcomes outcomes = new StreamSender.Outcomes() {
            @Override
            public void sent(int frames) {}

            @Override
            public void failed(InjectResult why, int frames, String detail) {
                result[0] = why;
            }
        };
        try (XdpSender sender =
                XdpSender.open(this, bpf, CompiledTemplate.constant(frame), to.index(), System::nanoTime)) {
            sender.send(1, outcomes);
        } catch (BpfException e) {
            failure = e.getMessage();
            return InjectResult.OTHER;
        }
        return result[0];
    }

    @Override
    public String failure() {
        return failure;
    }

    @Override
    public void close() {
        senders.forEach(XdpSender::close);
        taken.close();
        super.close();
    }
}
