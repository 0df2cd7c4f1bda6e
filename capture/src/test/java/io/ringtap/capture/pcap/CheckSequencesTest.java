package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.PcapngWriter;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.frame.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Frames of 60 bytes, with a check sequence behind them. */
class CheckSequencesTest {
    private static final byte[] FRAME = SampleFrames.arp();
    private static final byte[] WITH_FOUR = behind(4);

    @TempDir
    private Path folder;

    private static byte[] behind(int bytes) {
        return ByteBuffer.allocate(FRAME.length + bytes).put(FRAME).array();
    }

    /** The lengths of the frames as they are read, captured and original. */
    private List<List<Integer>> lengths(byte[] file) throws Exception {
        List<List<Integer>> lengths = new ArrayList<>();
        Path path = Files.write(folder.resolve("trace"), file);
        PcapFileFrames.forEach(path, "test", frame -> lengths.add(lengths(frame)));
        return lengths;
    }

    private static List<Integer> lengths(Frame frame) {
        return List.of(frame.length(), frame.originalLength());
    }

    private static ByteOrder order(boolean bigEndian) {
        return bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLeaveOutWhatThePcapHeaderSaysThatThereIs(boolean bigEndian) throws Exception {
        for (boolean nanoseconds : new boolean[] {true, false}) {
            PcapWriter file = new PcapWriter(order(bigEndian), nanoseconds, 0x2400_0001, PcapWriter.SNAPLEN)
                    .frame(0, WITH_FOUR)
                    .frame(0, FrameBytes.cut(WITH_FOUR, 62), 64)
                    .frame(0, FrameBytes.cut(WITH_FOUR, 50), 64)
                    .frame(0, new byte[3]);
            assertEquals(
                    List.of(List.of(60, 60), List.of(60, 60), List.of(50, 60), List.of(0, 0)), lengths(file.bytes()));
        }
    }

    @Test
    void shouldKeepAllOfAFrameWhereNothingIsSaidOfOne() throws Exception {
        byte[] file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true)
                .frame(0, WITH_FOUR)
                .bytes();
        assertEquals(List.of(List.of(64, 64)), lengths(file));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldLeaveOutWhatAPcapngFileSaysOfAnInterfaceOrAPacket(boolean bigEndian) throws Exception {
        ByteOrder order = order(bigEndian);
        PcapngWriter file = new PcapngWriter(order)
                .ethernet(PcapngWriter.NANOSECONDS)
                .block(1, description(order, 4))
                .block(0xbad, new byte[8])
                .enhanced(0, 0, WITH_FOUR)
                .enhanced(1, 0, WITH_FOUR)
                .block(6, enhanced(order, 0, 4))
                .block(6, enhanced(order, 1, 2))
                .block(6, enhanced(order, 1, 0))
                .obsolete(1, 0, WITH_FOUR)
                .simple(WITH_FOUR)
                .section()
                .block(1, description(order, 4))
                .simple(WITH_FOUR)
                .enhanced(0, 0, WITH_FOUR);
        assertEquals(
                List.of(64, 60, 60, 62, 60, 60, 64, 60, 60),
                lengths(file.bytes()).stream().map(List::getFirst).toList());
    }

    /** An interface with the options if_name and if_fcslen. */
    private static byte[] description(ByteOrder order, int checkSequenceBytes) {
        return ByteBuffer.allocate(28)
                .order(order)
                .putShort((short) PcapWriter.ETHERNET)
                .putShort((short) 0)
                .putInt(PcapWriter.SNAPLEN)
                .putShort((short) 2)
                .putShort((short) 3)
                .put(new byte[] {'e', 'n', '0', 0})
                .putShort((short) 13)
                .putShort((short) 1)
                .put((byte) checkSequenceBytes)
                .array();
    }

    /** A packet with a comment and its flags. */
    private static byte[] enhanced(ByteOrder order, int interfaceId, int checkSequenceBytes) {
        return ByteBuffer.allocate(20 + 64 + 8 + 8 + 4)
                .order(order)
                .putInt(interfaceId)
                .putLong(0)
                .putInt(64)
                .putInt(64)
                .put(WITH_FOUR)
                .putShort((short) 1)
                .putShort((short) 4)
                .put(new byte[] {'t', 'e', 's', 't'})
                .putShort((short) 2)
                .putShort((short) 4)
                .putInt(checkSequenceBytes << 5 | 1)
                .putInt(0)
                .array();
    }
}
