package io.ringtap.handler.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.capturefile.Carrier;
import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.frame.Frame;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestSettings;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What of frames is kept, and what is counted as cut. */
class KeptBytesTest {
    private static final int ETHERNET = 14;
    private static final int IPV4 = 20;
    private static final int IPV6 = 40;
    private static final int UDP = 8;

    @TempDir
    private Path path;

    private static Frame frame(byte[] bytes) {
        return Frame.of(bytes, bytes.length, RecordTrial.START_NANOS, "uplink");
    }

    private static Frame tcp(int headerBytes, int payload) {
        byte[] bytes = new FrameBytes(1, 2)
                .type(FrameBytes.IPV4)
                .ipv4(0x0a000001, 0x0a000002, FrameBytes.TCP, 0, 0, headerBytes + payload)
                .ports(4_000, 443)
                .fill(headerBytes + payload - 4)
                .bytes();
        bytes[ETHERNET + IPV4 + 12] = (byte) ((headerBytes / 4) << 4);
        return frame(bytes);
    }

    @Test
    void shouldKeepHeadersToTheEndOfTheInnermost() {
        KeptBytes headers = new KeptBytes(KeptBytes.HEADERS, 0);
        assertEquals(ETHERNET + IPV4 + UDP, headers.of(frame(SampleFrames.ipv4Udp())));
        assertEquals(ETHERNET + IPV6 + UDP, headers.of(frame(SampleFrames.ipv6Udp())));
        assertEquals(ETHERNET + 8 + IPV4 + 20, headers.of(frame(SampleFrames.qinq())));
        assertEquals(ETHERNET + IPV4 + 32, headers.of(tcp(32, 500)));
        assertEquals(SampleFrames.arp().length, headers.of(frame(SampleFrames.arp())));
        assertEquals(10, headers.of(frame(new byte[10])));
        byte[] inner = SampleFrames.ipv4Udp();
        for (Carrier carrier : Carrier.values()) {
            byte[] bytes = carrier.frame(inner);
            assertEquals(bytes.length - 100, headers.of(frame(bytes)), carrier::name);
        }
    }

    @Test
    void shouldReadANumberOrTheWord() {
        assertEquals(new KeptBytes(128, 0), KeptBytes.read(TestSettings.of("slice", 128)));
        assertEquals(new KeptBytes(KeptBytes.HEADERS, 0), KeptBytes.read(TestSettings.of("slice", "headers")));
        assertEquals(new KeptBytes(KeptBytes.WHOLE, 5), KeptBytes.read(TestSettings.of("flow-bytes", 5)));
        TestSettings wrong = TestSettings.of("slice", 0);
        KeptBytes.read(wrong);
        assertEquals(List.of("slice: must be from 1 to 262144"), wrong.problems());
    }

    /** Each file says how long frames were on the link. */
    @ParameterizedTest
    @CsvSource({"pcapng, none", "pcap, none", "pcapng, zstd"})
    void shouldKeepTheOriginalLengthOfWhatItSlices(String format, String compress) {
        RecordTrial recorder = RecordTrial.in(path);
        recorder.start("slice", 100, "format", format, "compress", compress)
                .batch(List.of(
                        RecordTrial.frame(60, RecordTrial.START_NANOS),
                        RecordTrial.frame(1_000, RecordTrial.START_NANOS)))
                .stop();
        String file = recorder.folder().whole().getFirst().toString();
        String fields =
                VethPair.run("tshark", "-n", "-r", file, "-T", "fields", "-e", "frame.cap_len", "-e", "frame.len");
        assertEquals(
                List.of("60\t60", "100\t1000"),
                fields.lines().filter(line -> line.matches("\\d+\t\\d+")).toList());
        assertEquals(2, recorder.context().value("written", "frames"));
        assertEquals(0, recorder.context().value("cut", "frames"));
        assertEquals(900, recorder.context().value("cut", "bytes"));
    }

    /** No link is silent on which frames come, be they cut. */
    @Test
    void shouldEndAFileAfterItsTimeThoughAllThatComesIsCut() {
        RecordTrial recorder = RecordTrial.in(path);
        HandlerTrial trial = recorder.start("flow-bytes", 1, "file-time", Duration.ofSeconds(1));
        byte[] bytes = SampleFrames.ipv4Udp();
        for (int millis : new int[] {0, 999, 1_000}) {
            assertEquals(List.of(), recorder.folder().whole());
            long nanos = RecordTrial.START_NANOS + millis * 1_000_000L;
            trial.batch(List.of(Frame.of(bytes, bytes.length, nanos, "uplink")));
        }
        VethPair.await(() -> recorder.folder().whole().size() == 1);
        trial.stop();
        assertEquals(List.of(1L), recorder.folder().counts());
        assertEquals(2, recorder.context().value("cut", "frames"));
    }

    /** Frames are written, or cut. */
    @Test
    void shouldKeepTheBeginningOfEachConversation() {
        RecordTrial recorder = RecordTrial.in(path);
        Frame first = frame(SampleFrames.ipv4Udp()); // 142 bytes
        Frame other = frame(SampleFrames.ipv6Udp());
        recorder.start("flow-bytes", 300, "slice", "headers")
                .batch(List.of(first, first, other, first, first, other, first))
                .stop();
        assertEquals(List.of(5L), recorder.folder().counts());
        assertEquals(5, recorder.context().value("written", "frames"));
        assertEquals(2, recorder.context().value("cut", "frames"));
        long payload = 3L * (first.length() - 42) + 2L * (other.length() - 62);
        assertEquals(payload + 2L * first.length(), recorder.context().value("cut", "bytes"));
        assertEquals(0, recorder.context().value("forgotten", "flows"));
    }
}
