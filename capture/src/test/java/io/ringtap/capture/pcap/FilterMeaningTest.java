package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.FrameFilter;
import io.ringtap.capture.FramePace;
import io.ringtap.capture.FrameSink;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An expression means the same in the kernel, for frames that arrive (their tag is taken off) and that leave (it is in place),
 * for a handler, and for a file.
 */
@Tag("live")
class FilterMeaningTest extends SenderFixture {
    private static final String ADDRESSES = "020000000002020000000001";
    private static final String UDP = "0800450000300001000040116cba0a0000010a00000203e80035001c0000" + "78".repeat(20);
    private static final String TCP =
            "0800450000280001000040066ccd0a0000010a000002" + "0fa000500000000100000001" + "5002ffff00000000";

    /** By name: what passes is told by these. Lengths: 62, 54, 66, 66, 70, 66, 58. */
    private static final Map<String, byte[]> FRAMES = new LinkedHashMap<>();

    static {
        FRAMES.put("udp", hex(ADDRESSES + UDP));
        FRAMES.put("tcp", hex(ADDRESSES + TCP));
        FRAMES.put("q", hex(ADDRESSES + "8100600a" + UDP));
        FRAMES.put("ad", hex(ADDRESSES + "88a8000a" + UDP));
        FRAMES.put("qinq", hex(ADDRESSES + "88a80005" + "8100000a" + UDP));
        FRAMES.put("old", hex(ADDRESSES + "9100000a" + UDP));
        FRAMES.put("qtcp", hex(ADDRESSES + "8100000a" + TCP));
    }

    /** What passes, as a live tcpdump has it that is not mistaken. */
    private static final Map<String, String> EXPECTED = new LinkedHashMap<>();

    static {
        EXPECTED.put("", "ad old q qinq qtcp tcp udp");
        EXPECTED.put("udp port 53", "ad q udp");
        EXPECTED.put("ether proto 0x800", "ad q qtcp tcp udp");
        EXPECTED.put("ether host 02:00:00:00:00:01 and ip", "ad q qtcp tcp udp");
        EXPECTED.put("vlan", "ad old q qinq qtcp");
        EXPECTED.put("vlan 10", "ad old q qtcp");
        EXPECTED.put("vlan (0xa)", "ad old q qtcp");
        EXPECTED.put("vlan 5", "qinq");
        EXPECTED.put("not vlan", "tcp udp");
        EXPECTED.put("not (vlan 10)", "qinq tcp udp");
        EXPECTED.put("vlan and udp port 53", "ad old q");
        EXPECTED.put("udp and vlan", "ad q");
        EXPECTED.put("vlan and vlan", "qinq");
        EXPECTED.put("vlan 5 && vlan 10 && udp port 53", "qinq");
        EXPECTED.put("udp port 53 or (vlan and udp port 53)", "ad old q udp");
        // from vlan on, the offsets of a frame without a tag are those behind one: pcap-filter(7)
        EXPECTED.put("(vlan and udp port 53) or tcp", "ad old q qtcp");
        EXPECTED.put("(udp and vlan) or tcp", "ad q qtcp tcp");
        EXPECTED.put("vlan 10 or vlan 5", "ad old q qtcp");
        EXPECTED.put("less 62", "ad q qtcp tcp udp");
        EXPECTED.put("greater 63", "old qinq");
        EXPECTED.put("len = 62", "ad q udp");
        EXPECTED.put("len = 62 and vlan", "ad q");
        EXPECTED.put("ether[12:2] = 0x8100", "qinq");
        EXPECTED.put("ether[12:2] = 0x9100", "old");
        EXPECTED.put("ether[10:4] = 0x00010800", "ad q qtcp tcp udp");
        EXPECTED.put("ether[11:2] = 0x0108 and udp", "ad q udp");
        EXPECTED.put("ip[9] = 17 and ether[ip[9] - 7:4] = 0x00010800", "ad q udp");
        EXPECTED.put("ip[9] = 17 and ether[ip[9] - 6:2] = 0x0108", "ad q udp");
        EXPECTED.put("ip[9] = 17 and ether[ip[9] - 17:4] = 0x02000000", "ad q udp");
        // libpcap's issues 1513 and 1162
        EXPECTED.put("ether proto 0x806 or (vlan and ether proto 0x800)", "ad old q qtcp");
        EXPECTED.put("(ether[len - 4:4] == 0x78787878) and not (icmp or (vlan and icmp))", "ad old q qinq udp");
        // libpcap keeps the 4 in the memory in which it adds up offsets
        EXPECTED.put("(len > 4 or vlan 10) and port 53", "ad q udp");
        EXPECTED.put("udp port 53 and not geneve", "ad q udp");
        EXPECTED.put("udp and not (" + hosts(150) + ")", "ad q udp");
        EXPECTED.put("vlan and not (" + hosts(60) + ")", "ad old q qinq qtcp");
    }

    @TempDir
    private Path folder;

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    private static String hosts(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(n -> "host 10.1.0." + n).collect(Collectors.joining(" or "));
    }

    private static String names(Set<String> passed) {
        return String.join(" ", passed);
    }

    /** One after another: the kernel has counted a frame that passes when it is sent. */
    private static Map<String, String> passedByTheKernel(Direction direction, FarSender sender) throws Exception {
        CaptureConfig config = CaptureConfig.builder("near", new CaptureOrigin.Live(VethPair.NEAR))
                .direction(direction)
                .bufferBytes(4L << 20)
                .build();
        Map<String, String> passed = new LinkedHashMap<>();
        try (LivePcapSource source = LivePcapSource.open(config).getFirst()) {
            source.accept();
            for (String expression : EXPECTED.keySet()) {
                source.filter(expression);
                Set<String> names = new TreeSet<>();
                for (Map.Entry<String, byte[]> frame : FRAMES.entrySet()) {
                    long before = source.counts().received();
                    sender.send(frame.getValue());
                    if (source.counts().received() > before) {
                        names.add(frame.getKey());
                    }
                }
                passed.put(expression, names(names));
            }
        }
        return passed;
    }

    @Test
    void shouldJudgeFramesThatArriveInTheKernel() throws Exception {
        assertEquals(EXPECTED, passedByTheKernel(Direction.IN, far));
    }

    @Test
    void shouldJudgeFramesThatLeaveInTheKernel() throws Exception {
        try (FarSender near = new FarSender(VethPair.NEAR)) {
            assertEquals(EXPECTED, passedByTheKernel(Direction.OUT, near));
        }
    }

    @Test
    void shouldJudgeFramesBothWaysInTheKernel() throws Exception {
        try (FarSender near = new FarSender(VethPair.NEAR)) {
            assertEquals(EXPECTED, passedByTheKernel(Direction.BOTH, near));
        }
        assertEquals(EXPECTED, passedByTheKernel(Direction.BOTH, far));
    }

    @Test
    void shouldJudgeFramesBeforeAHandler() {
        Map<String, String> passed = new LinkedHashMap<>();
        for (String expression : EXPECTED.keySet()) {
            Set<String> names = new TreeSet<>();
            try (FrameFilter filter = PcapFilter.inProcess(expression);
                    Arena arena = Arena.ofConfined()) {
                FRAMES.forEach((name, frame) -> {
                    MemorySegment memory = arena.allocate(frame.length);
                    MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, 0, frame.length);
                    if (filter.matches(memory.address(), frame.length, frame.length)) {
                        names.add(name);
                    }
                });
            }
            passed.put(expression, names(names));
        }
        assertEquals(EXPECTED, passed);
    }

    @Test
    void shouldJudgeFramesOfAFile() throws Exception {
        PcapWriter writer = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        List<String> order = new ArrayList<>(FRAMES.keySet());
        for (int i = 0; i < order.size(); i++) {
            byte[] frame = FRAMES.get(order.get(i));
            writer.frame(i, frame, frame.length);
        }
        Path file = Files.write(folder.resolve("frames.pcap"), writer.bytes());
        Map<String, String> passed = new LinkedHashMap<>();
        for (String expression : EXPECTED.keySet()) {
            Set<String> names = new TreeSet<>();
            try (PcapFileSource source = PcapFileSource.open(file, new FramePace.Max(), 65_535, expression)) {
                source.poll(
                        new FrameSink() {
                            @Override
                            public boolean onFrame(long address, int captured, int original, long timestampNanos) {
                                return names.add(order.get((int) timestampNanos));
                            }

                            @Override
                            public void flush() {}
                        },
                        100);
            }
            passed.put(expression, names(names));
        }
        assertEquals(EXPECTED, passed);
    }
}
