package io.ringtap.inject.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pcap4j.util.MacAddress;

/** Ethernet frames made of what files of other link types hold. */
class LinkHeaderTest {
    private static final Optional<MacAddress> TO = Optional.of(MacAddress.getByName("02:00:5e:00:53:02"));
    private static final Optional<MacAddress> FROM = Optional.of(MacAddress.getByName("02:00:5e:00:53:01"));
    private static final String TO_HEX = "02005e005302";
    private static final String FROM_HEX = "02005e005301";
    private static final String SLL = "0000 0001 0006 0200000000010000";
    private static final String SLL2 = "0000 00000003 0001 00 06 0200000000010000";
    private static final String IPV4 = "45000014000100004011aaaa0a0000010a000002";
    private static final String IPV6 = "600000000000" + "3b40" + "20".repeat(32);
    private static final int ROOM = 1 << 12;

    @TempDir
    private Path folder;

    /** The frames of a file of these, all of the same link type. */
    private List<String> frames(int linkType, Rewrite rewrite, CutFrames cutFrames, int missing, String... frames)
            throws Exception {
        PcapWriter file = new PcapWriter(ByteOrder.LITTLE_ENDIAN, true, linkType, PcapWriter.SNAPLEN);
        for (String frame : frames) {
            byte[] bytes = HexFormat.of().parseHex(frame.replace(" ", ""));
            file.frame(7, bytes, bytes.length + missing);
        }
        Path path = Files.write(folder.resolve("trace.pcap"), file.bytes());
        ByteBuffer memory = ReplayChunk.memory(ROOM);
        List<String> read = new ArrayList<>();
        int at = 0;
        Replay replay = new Replay(path, 1, rewrite, cutFrames, LongFrames.REFUSE);
        try (RecordReader reader = RecordReader.open(replay)) {
            while (reader.next()) {
                reader.write(memory, at);
                byte[] frame = new byte[RecordReader.length(memory, at)];
                memory.get(RecordReader.beginning(memory, at), frame);
                read.add(HexFormat.of().formatHex(frame));
                assertEquals(
                        at + reader.recordBytes(), RecordReader.behind(memory, at), "the next record is behind it");
                at = RecordReader.behind(memory, at);
            }
        }
        return read;
    }

    private static Rewrite rewrite(Optional<MacAddress> source, String vlan) {
        return new Rewrite(TO, source, vlan.isEmpty() ? VlanRewrite.NONE : VlanRewrite.parse(vlan));
    }

    private String refusal(int linkType, Rewrite rewrite, String... frames) {
        return assertThrows(OpenException.class, () -> frames(linkType, rewrite, CutFrames.REFUSE, 0, frames))
                .getMessage();
    }

    @Test
    void shouldTakeTheSourceAndTheTypeOfACookedFrame() throws Exception {
        String frame = TO_HEX + "020000000001" + "0800" + IPV4;
        Rewrite rewrite = rewrite(Optional.empty(), "");
        assertEquals(
                List.of(frame, frame),
                frames(113, rewrite, CutFrames.REFUSE, 0, SLL + "0800" + IPV4, SLL + "0800" + IPV4));
        assertEquals(List.of(frame), frames(276, rewrite, CutFrames.REFUSE, 0, "0800" + SLL2 + IPV4));
        String other = TO_HEX + FROM_HEX + "86dd" + IPV6;
        assertEquals(List.of(other), frames(113, rewrite(FROM, ""), CutFrames.REFUSE, 0, SLL + "86dd" + IPV6));
    }

    @Test
    void shouldKeepATagThatACookedFrameHas() throws Exception {
        String tagged = TO_HEX + "020000000001" + "8100" + "0064" + "0800" + IPV4;
        assertEquals(
                List.of(tagged),
                frames(113, rewrite(Optional.empty(), ""), CutFrames.REFUSE, 0, SLL + "8100" + "0064" + "0800" + IPV4));
        assertEquals(
                List.of(tagged),
                frames(113, rewrite(Optional.empty(), "add 100"), CutFrames.REFUSE, 0, SLL + "0800" + IPV4));
    }

    @Test
    void shouldGiveAFrameOfALengthInPlaceOfATypeItsLength() throws Exception {
        String llc = "424203" + "00".repeat(35);
        assertEquals(
                List.of(TO_HEX + "020000000001" + "0026" + llc),
                frames(113, rewrite(Optional.empty(), ""), CutFrames.REFUSE, 0, SLL + "0004" + llc));
    }

    @ParameterizedTest
    @CsvSource({"101, ''", "12, ''", "228, ''", "229, ''", "0, 02000000", "108, 00000002"})
    void shouldPutAHeaderBeforePacketsThatHaveNone(int linkType, String before) throws Exception {
        assertEquals(
                List.of(TO_HEX + FROM_HEX + "0800" + IPV4, TO_HEX + FROM_HEX + "86dd" + IPV6),
                frames(linkType, rewrite(FROM, ""), CutFrames.REFUSE, 0, before + IPV4, before + IPV6));
        String tag = "81000064";
        assertEquals(
                List.of(TO_HEX + FROM_HEX + tag + "0800" + IPV4),
                frames(linkType, rewrite(FROM, "add 100"), CutFrames.REFUSE, 0, before + IPV4));
    }

    @Test
    void shouldPadWhatIsMissing() throws Exception {
        String whole = TO_HEX + "020000000001" + "0800" + IPV4 + "0000";
        Rewrite rewrite = rewrite(Optional.empty(), "");
        assertEquals(List.of(whole), frames(113, rewrite, CutFrames.PAD, 2, SLL + "0800" + IPV4));
        assertEquals(List.of(whole), frames(276, rewrite, CutFrames.PAD, 2, "0800" + SLL2 + IPV4));
        assertEquals(
                List.of(TO_HEX + FROM_HEX + "0800" + IPV4 + "0000"),
                frames(101, rewrite(FROM, ""), CutFrames.PAD, 2, IPV4));
    }

    @Test
    void shouldMakeNothingOfAFrameThatEndsWithinItsHeader() throws Exception {
        assertEquals(
                List.of("", ""), frames(113, rewrite(FROM, ""), CutFrames.REFUSE, 0, SLL, ""), "too short a frame");
        assertEquals(List.of(""), frames(101, rewrite(FROM, ""), CutFrames.REFUSE, 0, ""));
    }

    @Test
    void shouldSayWhichFrameIsNoneOfEthernet() {
        assertTrue(refusal(101, rewrite(FROM, ""), IPV4, "00" + IPV4)
                .endsWith("its frame 2 is no IP packet: leave it out"));
        assertTrue(refusal(113, rewrite(FROM, ""), SLL + "000c" + IPV4)
                .endsWith("its frame 1 is of no Ethernet (protocol 0x000c): leave it out"));
        String tunnel = "0000 fffe 0000 0000000000000000 0800" + IPV4;
        assertTrue(
                refusal(113, rewrite(Optional.empty(), ""), tunnel)
                        .endsWith(
                                "its frame 1 tells no hardware address that it came from: give one, as rewrite.source (--source)"));
    }

    @Test
    void shouldTakeAGivenSourceWhereACookedFrameHasNone() throws Exception {
        String tunnel = "0000 fffe 0000 0000000000000000 0800" + IPV4;
        assertEquals(
                List.of(TO_HEX + FROM_HEX + "0800" + IPV4),
                frames(113, rewrite(FROM, ""), CutFrames.REFUSE, 0, tunnel));
    }
}
