package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.Mode;
import io.ringtap.capture.CaptureConfig.OwnFrames;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.capture.RingArithmetic;
import java.util.Locale;
import java.util.Optional;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapAccess;
import org.pcap4j.core.PcapAccess.Activated;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A live handle on its way from activation to accepting frames; until then its socket rejects all. */
record OpenedHandle(
        String interfaceName,
        PcapHandle handle,
        long address,
        boolean nanoseconds,
        PacketSocket socket,
        byte[] filter) {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.capture");

    static OpenedHandle open(CaptureConfig config) throws OpenException {
        String interfaceName = ((CaptureOrigin.Live) config.origin()).interfaceName();
        Activated activated = activate(config, interfaceName);
        try {
            PacketSocket socket = PacketSocket.of(activated);
            check(socket.rejectAll(), config, "attaching a filter");
            if (takesIncomingOnly(config, interfaceName)) {
                check(socket.ignoreOutgoing(), config, "leaving out outgoing frames (PACKET_IGNORE_OUTGOING)");
            }
            PcapHandle handle = activated.handle();
            if (!handle.getDlt().equals(DataLinkType.EN10MB)) {
                throw OpenFailure.notEthernet(cannotOpen(config), interfaceName, handle.getDlt());
            }
            handle.setBlockingMode(BlockingMode.NONBLOCKING);
            byte[] filter = compile(config);
            return new OpenedHandle(
                    interfaceName, handle, activated.address(), activated.nanoseconds(), socket, filter);
        } catch (OpenException | RuntimeException | Error e) {
            activated.handle().close();
            throw e;
        } catch (PcapNativeException | NotOpenException e) {
            activated.handle().close();
            throw OpenFailure.of(cannotOpen(config), interfaceName, -1, e.getMessage());
        }
    }

    /** With both directions on the loopback interface, each frame would be taken as it leaves, and as it comes in again. */
    private static boolean takesIncomingOnly(CaptureConfig config, String interfaceName) {
        return config.direction() == Direction.IN
                || (config.direction() == Direction.BOTH && InterfaceQuery.isLoopback(interfaceName));
    }

    private static Activated activate(CaptureConfig config, String interfaceName) throws OpenException {
        try {
            Activated activated = PcapAccess.activate(
                    InterfaceQuery.deviceName(interfaceName),
                    config.snaplenBytes(),
                    config.promiscuous(),
                    config.mode() == Mode.LOW_LATENCY,
                    (int) config.timeout().toMillis(),
                    (int) config.bufferBytes());
            if (activated.warningCode() > 0) {
                LOG.warn(
                        "capture {} on {}: libpcap warns ({}): {}",
                        config.name(),
                        interfaceName,
                        activated.warningCode(),
                        activated.warning());
            }
            return activated;
        } catch (PcapAccess.RefusedException e) {
            throw OpenFailure.of(cannotOpen(config), interfaceName, e.status(), e.getMessage());
        }
    }

    private static String cannotOpen(CaptureConfig config) {
        return "capture " + config.name() + ": cannot open";
    }

    private static byte[] compile(CaptureConfig config) throws OpenException {
        try {
            return PcapFilter.forKernel(config.filter(), config.snaplenBytes(), config.direction() != Direction.IN);
        } catch (BadFilterException e) {
            throw OpenFailure.badFilter(config, e.getMessage());
        }
    }

    /** Attaches the filter: frames are accepted, and count, from here on. */
    void accept(CaptureConfig config) throws OpenException {
        attach(filter, config);
    }

    /** Attaches the configuration's filter in place of the one that is there: the kernel swaps them between two frames. */
    void refilter(CaptureConfig config) throws OpenException {
        attach(compile(config), config);
    }

    private void attach(byte[] compiled, CaptureConfig config) throws OpenException {
        byte[] program = compiled;
        if (config.direction() != Direction.IN && config.ownFrames() == OwnFrames.IGNORE) {
            program = PacketSocket.notOwn(program);
        }
        if (config.direction() == Direction.OUT) {
            program = PacketSocket.outgoingOnly(program);
        }
        check(
                socket.accept(program),
                config,
                "attaching the filter, " + program.length / 8 + " instructions of at most 4096,");
    }

    /** Joins the fanout group of the first handle, or starts it if it is the first. */
    void joinFanout(CaptureConfig config, OpenedHandle first) throws OpenException {
        boolean isFirst = socket.descriptor() == first.socket.descriptor();
        check(
                isFirst ? socket.startFanout(config.fanout(), config.tunnelPorts()) : socket.joinFanout(first.socket),
                config,
                "joining a fanout group");
    }

    private static void check(int errno, CaptureConfig config, String action) throws OpenException {
        if (errno != 0) {
            throw new OpenException(
                    Reason.OTHER,
                    "cannot capture on " + config.origin().label() + ": " + action + " failed with errno " + errno
                            + "; ringtap needs Linux 4.20 or newer, and a filter that the kernel takes");
        }
    }

    /** The kernel ring; absent if what the kernel granted cannot be told. */
    Optional<RingArithmetic> ring(CaptureConfig config) {
        return socket.ring()
                .map(mapping -> RingArithmetic.granted(config.mode(), Libpcap.bufferSize(address), mapping.bytes()));
    }

    /** Returns what the kernel granted, in words. */
    String granted(CaptureConfig config) {
        Optional<Long> ring = socket.ring().map(RingMapping::bytes);
        StringBuilder text = new StringBuilder(
                config.mode() == Mode.LOW_LATENCY ? "low-latency (TPACKET_V2)" : "throughput (TPACKET_V3)");
        ring.ifPresent(bytes -> text.append(", kernel ring ").append(mebibytes(bytes)));
        if (ring.isPresent() && ring.get() < config.bufferBytes()) {
            text.append(" of the ")
                    .append(mebibytes(config.bufferBytes()))
                    .append(" asked for (the kernel had no more memory for it)");
        }
        return text.append(", snaplen ")
                .append(config.snaplenBytes())
                .append(nanoseconds ? ", nanosecond times" : ", microsecond times")
                .toString();
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
    }

    void close() {
        handle.close();
    }
}
