package io.ringtap.capturefile;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Capture files of every kind that can be read, by name; the ones cut short can be read up to where they are. */
public final class SampleFiles {
    /** 2023-11-14T22:13:20.123456789Z. */
    public static final long START_NANOS = 1_700_000_000_123_456_789L;

    /** Between two frames; not a whole number of microseconds. */
    private static final long STEP_NANOS = 1_234_567;

    private static final int ANY_BLOCK = 0x0bad_cafe;

    private SampleFiles() {}

    /** Files without a fault. */
    public static Map<String, byte[]> intact() {
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            String end = order == ByteOrder.LITTLE_ENDIAN ? "le" : "be";
            files.put("us-" + end + ".pcap", pcap(order, false).bytes());
            files.put("ns-" + end + ".pcap", pcap(order, true).bytes());
            files.put("empty-" + end + ".pcap", new PcapWriter(order, true).bytes());
            files.put("cut-frames-" + end + ".pcap", cutFrames(order));
            files.put("year-2040-" + end + ".pcap", year2040(order));
            files.put("us-" + end + ".pcapng", pcapng(order, PcapngWriter.MICROSECONDS, 1_000_000));
            files.put("ns-" + end + ".pcapng", pcapng(order, PcapngWriter.NANOSECONDS, 1_000_000_000));
            files.put("ms-" + end + ".pcapng", pcapng(order, 3, 1_000));
            files.put("10ps-" + end + ".pcapng", pcapng(order, 10, 10_000_000_000L));
            files.put("binary-20-" + end + ".pcapng", pcapng(order, PcapngWriter.BINARY | 20, 1L << 20));
            files.put("binary-32-" + end + ".pcapng", pcapng(order, PcapngWriter.BINARY | 32, 1L << 32));
            files.put("interfaces-" + end + ".pcapng", interfaces(order));
            files.put(
                    "empty-" + end + ".pcapng",
                    new PcapngWriter(order).ethernet(PcapngWriter.NANOSECONDS).bytes());
        }
        return files;
    }

    /** Files whose end is missing; each holds two whole frames. */
    public static Map<String, byte[]> cutShort() {
        byte[] last = SampleFrames.ipv4Udp();
        Map<String, byte[]> files = new LinkedHashMap<>();
        for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
            String end = order == ByteOrder.LITTLE_ENDIAN ? "le" : "be";
            PcapWriter pcap = new PcapWriter(order, true)
                    .frame(START_NANOS, SampleFrames.arp())
                    .frame(START_NANOS, SampleFrames.vlan())
                    .frame(START_NANOS, last);
            files.put("in-data-" + end + ".pcap", pcap.cutBy(1));
            files.put("behind-header-" + end + ".pcap", pcap.cutBy(last.length));
            files.put("in-header-" + end + ".pcap", pcap.cutBy(last.length + 1));
            PcapngWriter pcapng = new PcapngWriter(order)
                    .ethernet(PcapngWriter.NANOSECONDS)
                    .enhanced(0, START_NANOS, SampleFrames.arp())
                    .enhanced(0, START_NANOS, SampleFrames.vlan())
                    .enhanced(0, START_NANOS, last);
            files.put("in-trailer-" + end + ".pcapng", pcapng.cutBy(1));
            files.put("in-block-" + end + ".pcapng", pcapng.cutBy(50));
            files.put("in-block-header-" + end + ".pcapng", pcapng.cutBy(32 + 144 - 4));
        }
        return files;
    }

    private static PcapWriter pcap(ByteOrder order, boolean nanoseconds) {
        PcapWriter file = new PcapWriter(order, nanoseconds);
        long time = START_NANOS;
        for (byte[] frame : SampleFrames.all()) {
            file.frame(time, frame);
            time += STEP_NANOS;
        }
        return file;
    }

    /** Seconds that need the 32nd bit. */
    private static byte[] year2040(ByteOrder order) {
        return new PcapWriter(order, true)
                .frame(2_208_988_800_000_000_001L, SampleFrames.arp())
                .bytes();
    }

    private static byte[] cutFrames(ByteOrder order) {
        PcapWriter file = new PcapWriter(order, true, PcapWriter.ETHERNET, 96);
        for (byte[] frame : SampleFrames.all()) {
            file.frame(START_NANOS, FrameBytes.cut(frame, Math.min(frame.length, 96)), frame.length);
        }
        return file.bytes();
    }

    private static byte[] pcapng(ByteOrder order, int tsresol, long unitsPerSecond) {
        PcapngWriter file = new PcapngWriter(order).ethernet(tsresol);
        long units = START_NANOS / 1_000_000_000 * unitsPerSecond + unitsPerSecond / 3;
        for (byte[] frame : SampleFrames.all()) {
            file.enhanced(0, units, frame);
            units += unitsPerSecond / 7 + 1;
        }
        return file.bytes();
    }

    /** Three interfaces of different resolutions, all kinds of packet blocks, unknown blocks, two sections. */
    private static byte[] interfaces(ByteOrder order) {
        List<byte[]> frames = new ArrayList<>(SampleFrames.all());
        return new PcapngWriter(order)
                .block(ANY_BLOCK, new byte[8])
                .ethernet(PcapngWriter.MICROSECONDS)
                .enhanced(0, START_NANOS / 1_000, frames.get(1))
                .ethernet(PcapngWriter.NANOSECONDS)
                .block(ANY_BLOCK, new byte[0])
                .enhanced(1, START_NANOS, frames.get(2), 1_514)
                .obsolete(1, START_NANOS + 5, frames.get(3))
                .describe(PcapWriter.ETHERNET, PcapWriter.SNAPLEN, PcapngWriter.NANOSECONDS, 3_600)
                .enhanced(2, START_NANOS, frames.get(4))
                .simple(frames.get(5))
                .section()
                .ethernet(3)
                .enhanced(0, START_NANOS / 1_000_000, frames.get(6))
                .bytes();
    }
}
