package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.FilterPlace;
import io.ringtap.capture.FrameFilter;
import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.testnet.OtherUser;
import io.ringtap.testnet.VethPair;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PcapFilterTest {
    @TempDir
    private Path folder;

    private static boolean matches(FrameFilter filter, byte[] frame, int original) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment memory = arena.allocate(Math.max(1, frame.length));
            MemorySegment.copy(frame, 0, memory, ValueLayout.JAVA_BYTE, 0, frame.length);
            return filter.matches(memory.address(), frame.length, original);
        }
    }

    /** Without the outermost VLAN tag, without which a filter sees a frame. */
    private static byte[] untagged(byte[] frame) {
        int type = frame.length < 14 ? 0 : ((frame[12] & 0xff) << 8) | (frame[13] & 0xff);
        if (type != 0x8100 && type != 0x88a8) {
            return frame;
        }
        byte[] untagged = Arrays.copyOf(frame, Math.max(12, frame.length - 4));
        if (frame.length > 16) {
            System.arraycopy(frame, 16, untagged, 12, frame.length - 16);
        }
        return untagged;
    }

    /** The numbers of the frames that tcpdump lets pass. */
    private List<Integer> passedByTcpdump(List<byte[]> frames, String expression) throws Exception {
        PcapWriter writer = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
        for (int i = 0; i < frames.size(); i++) {
            writer.frame(i * 1_000_000_000L, untagged(frames.get(i)), 70_000); // all were longer on the link
        }
        Path file = Files.write(folder.resolve("frames.pcap"), writer.bytes());
        List<String> command = new ArrayList<>(OtherUser.thatReadsEverything());
        command.addAll(List.of("tcpdump", "-n", "-tt", "-r", file.toString(), expression));
        return VethPair.run(command.toArray(String[]::new))
                .lines()
                .filter(line -> line.matches("\\d+\\.\\d{6,9} .*"))
                .map(line -> Integer.parseInt(line.substring(0, line.indexOf('.'))))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "udp port 5000",
                "tcp",
                "arp or ip6",
                "mpls",
                "ether proto 0x88b5",
                "greater 60000",
                "less 60",
                "ip[8] == 64",
                "ip6 protochain 17",
                "not ip"
            })
    void shouldPassWhatTcpdumpPassesWholeOrCut(String expression) throws Exception {
        List<byte[]> frames = new ArrayList<>(SampleFrames.all());
        for (byte[] frame : SampleFrames.all()) {
            for (int length : new int[] {14, 18, 30, 40}) {
                frames.add(FrameBytes.cut(frame, Math.min(length, frame.length)));
            }
        }
        List<Integer> passed = new ArrayList<>();
        try (FrameFilter filter = PcapFilter.inProcess(expression)) {
            for (int i = 0; i < frames.size(); i++) {
                if (matches(filter, frames.get(i), 70_000)) {
                    passed.add(i);
                }
            }
        }
        assertEquals(passedByTcpdump(frames, expression), passed);
    }

    @Test
    void shouldRefuseALongOneAtOnce() {
        String expression = "ip host 10.0.0.1" + " or ip host 10.0.0.1".repeat(50_000);
        assertEquals(
                Optional.of("it has 1000016 characters, of at most 16384"),
                PcapFilter.problem(expression, FilterPlace.PROCESS));
    }

    @Test
    void shouldCompareALengthWithThatOnTheLink() {
        try (FrameFilter filter = PcapFilter.inProcess("greater 1000")) {
            assertTrue(matches(filter, new byte[60], 1_000));
            assertFalse(matches(filter, new byte[60], 999));
        }
    }

    @Test
    void shouldTellAnyNumberOfThreads() throws Exception {
        byte[] udp = SampleFrames.ipv4Udp();
        byte[] arp = SampleFrames.arp();
        AtomicLong wrong = new AtomicLong();
        try (FrameFilter filter = PcapFilter.inProcess("udp")) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                threads.add(Thread.ofPlatform().start(() -> {
                    for (int n = 0; n < 5_000; n++) {
                        if (!matches(filter, udp, udp.length) || matches(filter, arp, arp.length)) {
                            wrong.incrementAndGet();
                        }
                    }
                }));
            }
            for (Thread thread : threads) {
                thread.join();
            }
        }
        assertEquals(0, wrong.get());
    }

    @Test
    void shouldSayWhatIsWrongWithAnExpression() {
        var refused = assertThrows(IllegalArgumentException.class, () -> PcapFilter.inProcess("udp porto 53"));
        assertTrue(refused.getMessage().startsWith("bad filter \"udp porto 53\": "), refused.getMessage());
        assertEquals(
                "syntax error",
                PcapFilter.problem("udp porto 53", FilterPlace.PROCESS)
                        .orElseThrow()
                        .replaceAll(".*(syntax error).*", "$1"));
    }

    @Test
    void shouldCloseTwice() {
        FrameFilter filter = PcapFilter.inProcess("udp");
        filter.close();
        filter.close();
    }

    /** libpcap calls itself for each term: on a usual stack this ended the process. */
    @Test
    void shouldOutliveTheMostTermsThatThereMayBe() {
        assertEquals(Optional.empty(), PcapFilter.problem("ip" + " or ip".repeat(2_700), FilterPlace.PROCESS));
    }
}
