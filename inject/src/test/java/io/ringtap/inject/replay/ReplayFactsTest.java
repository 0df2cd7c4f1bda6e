package io.ringtap.inject.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.OpenException;
import io.ringtap.capturefile.FrameBytes;
import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.PcapngWriter;
import io.ringtap.capturefile.SampleFiles;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import io.ringtap.inject.replay.Replay.ShortFrames;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayFactsTest {
    private static final long SECOND = 1_000_000_000;

    @TempDir
    private Path folder;

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("trace"), bytes);
    }

    private ReplayFacts facts(byte[] bytes) throws Exception {
        return ReplayFacts.read(Replay.of(file(bytes)));
    }

    private static PcapWriter pcap() {
        return new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
    }

    private String refusal(byte[] bytes) throws IOException {
        Path file = file(bytes);
        String message = assertThrows(OpenException.class, () -> ReplayFacts.read(Replay.of(file)))
                .getMessage();
        return message.replace(file.toString(), "FILE");
    }

    @Test
    void shouldTellWhatEveryKindOfFileHolds() throws Exception {
        long bytes =
                SampleFrames.all().stream().mapToLong(frame -> frame.length).sum();
        for (String name : new String[] {"us-le.pcap", "ns-be.pcap", "ns-le.pcapng", "binary-20-be.pcapng"}) {
            ReplayFacts facts = facts(SampleFiles.intact().get(name));
            assertEquals(SampleFrames.all().size(), facts.frames(), name);
            assertEquals(bytes, facts.bytes(), name);
            assertEquals(new ReplayFacts.Longest(12, 65_549, 65_535), facts.longest(), name);
            assertEquals("", facts.cutShort(), name);
            assertEquals(Optional.empty(), facts.problem(), name);
        }
        assertEquals(
                11 * 1_234_567L, facts(SampleFiles.intact().get("ns-le.pcap")).spanNanos());
    }

    /** Or a reload would let a stream go on with what it has read of the former file. */
    @Test
    void shouldTellAnotherFileOfAsManyFramesAndBytesFromTheOneThereWas() throws Exception {
        byte[] other = SampleFrames.arp().clone();
        other[other.length - 1]++;
        ReplayFacts facts = facts(pcap().frame(0, SampleFrames.arp())
                .frame(2, SampleFrames.arp())
                .frame(9, SampleFrames.arp())
                .bytes());
        ReplayFacts same = facts(pcap().frame(0, SampleFrames.arp())
                .frame(2, SampleFrames.arp())
                .frame(9, SampleFrames.arp())
                .bytes());
        ReplayFacts byContent = facts(pcap().frame(0, SampleFrames.arp())
                .frame(2, other)
                .frame(9, SampleFrames.arp())
                .bytes());
        ReplayFacts byTime = facts(pcap().frame(0, SampleFrames.arp())
                .frame(3, SampleFrames.arp())
                .frame(9, SampleFrames.arp())
                .bytes());
        assertEquals(facts, same);
        assertNotEquals(facts, byContent);
        assertNotEquals(facts, byTime);
    }

    @Test
    void shouldEndInTheMidstOfALargeFileIfItIsToldToStop() throws Exception {
        PcapWriter large = pcap();
        for (int i = 0; i < 20_000; i++) {
            large.frame(i, SampleFrames.arp());
        }
        byte[] bytes = large.bytes();
        Thread.currentThread().interrupt();
        try {
            assertEquals("cannot replay FILE: told to stop while it was read", refusal(bytes));
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void shouldReadAllInterfacesOfAPcapngFile() throws Exception {
        assertEquals(6, facts(SampleFiles.intact().get("interfaces-le.pcapng")).frames());
    }

    @Test
    void shouldReadAFileThatIsCutShortToItsLastWholeFrameAndSayIt() throws Exception {
        for (var each : SampleFiles.cutShort().entrySet()) {
            ReplayFacts facts = facts(each.getValue());
            assertEquals(2, facts.frames(), each.getKey());
            assertTrue(facts.cutShort().contains("is cut short after frame 2"), facts.cutShort());
        }
    }

    @Test
    void shouldNameTheFrameThatIsLongerThanTheMtuAllowsUnlessSuchFramesAreToBeCounted() throws Exception {
        Path file = file(pcap().frame(0, SampleFrames.arp())
                .frame(SECOND, SampleFrames.jumbo())
                .frame(2 * SECOND, SampleFrames.ipv4Udp())
                .bytes());
        ReplayFacts facts = ReplayFacts.read(Replay.of(file));
        assertEquals(
                Optional.of("cannot replay " + file + ": its frame 2 of 9018 bytes needs an MTU of 9000 bytes, and the"
                        + " interface's is 1500: raise the MTU, or have such frames counted as failed, by long-frames"
                        + " \"count\""),
                facts.problem(1_500));
        assertEquals(Optional.empty(), facts.problem(9_000));
        Replay counted = new Replay(file, 1, Rewrite.NONE, CutFrames.REFUSE, LongFrames.COUNT);
        assertEquals(Optional.empty(), ReplayFacts.read(counted).problem(1_500));
    }

    @Test
    void shouldMeasureFramesAsTheyAreWhenRewritten() throws Exception {
        Path file = file(pcap().frame(0, SampleFrames.jumbo()).bytes());
        Rewrite remove = new Rewrite(Optional.empty(), Optional.empty(), VlanRewrite.parse("remove"));
        ReplayFacts facts = ReplayFacts.read(new Replay(file, 1, remove, CutFrames.REFUSE, LongFrames.REFUSE));
        assertEquals(new ReplayFacts.Longest(1, 9_014, 9_000), facts.longest());
    }

    @Test
    void shouldRefuseFramesOfWhichTheFileHoldsOnlyTheBeginningUnlessToldWhatToDo() throws Exception {
        Path file = file(pcap().frame(0, SampleFrames.arp())
                .frame(0, FrameBytes.cut(SampleFrames.ipv4Udp(), 60), 142)
                .frame(0, FrameBytes.cut(SampleFrames.ipv4Udp(), 40), 142)
                .bytes());
        assertEquals(
                Optional.of("cannot replay " + file + ": it holds only the beginning of 2 of its 3 frames, first of"
                        + " frame 2, as its snaplen was too short: cut-frames \"send\" sends what there is of them, \"pad\""
                        + " puts zeros in place of the rest"),
                ReplayFacts.read(Replay.of(file)).problem());
        ReplayFacts send = ReplayFacts.read(new Replay(file, 1, Rewrite.NONE, CutFrames.SEND, LongFrames.REFUSE));
        assertEquals(Optional.empty(), send.problem());
        assertEquals(60 + 60 + 40, send.bytes());
        ReplayFacts pad = ReplayFacts.read(new Replay(file, 1, Rewrite.NONE, CutFrames.PAD, LongFrames.REFUSE));
        assertEquals(60 + 142 + 142, pad.bytes());
    }

    @Test
    void shouldRefuseFilesThatHoldNothingToSend() throws Exception {
        assertEquals("cannot replay FILE: it holds no frame", refusal(pcap().bytes()));
        assertTrue(refusal(new byte[] {1, 2, 3, 4}).contains("it must be a pcap or pcapng file"));
    }

    private static byte[] empty(int linkType) {
        return new PcapWriter(ByteOrder.LITTLE_ENDIAN, true, linkType, 65_535).bytes();
    }

    @Test
    void shouldSayWhatAFileOfAnotherLinkTypeIsAndWhatToDo() throws Exception {
        assertEquals(
                "cannot replay FILE: its link type is LINUX_SLL (Linux cooked v1), which keeps no destination addresses: give"
                        + " one, as rewrite.destination (--destination), and Ethernet frames are made of it",
                refusal(empty(113)));
        assertEquals(
                "cannot replay FILE: its link type is RAW (Raw IP), which has no hardware addresses: give both, as"
                        + " rewrite.destination and rewrite.source (--destination, --source), and Ethernet frames are made of"
                        + " it",
                refusal(empty(PcapWriter.RAW_IP)));
        assertEquals(
                "cannot replay FILE: its link type is IEEE802_11_RADIO (802.11 plus radiotap header), of which no Ethernet"
                        + " frames can be made: it was captured in monitor mode; capture on the interface without (tcpdump"
                        + " without -I, airmon-ng stop)",
                refusal(empty(PcapWriter.RADIOTAP)));
        assertTrue(refusal(empty(9)).contains("PPP (PPP), of which no Ethernet frames can be made: it holds a serial"));
        assertTrue(refusal(empty(189)).endsWith("can be made: capture on an Ethernet interface"));
    }

    @Test
    void shouldRefuseFramesThatAreTooShortForAnInterfaceUnlessTheyAreToBeCounted() throws Exception {
        Path file = file(pcap().frame(0, SampleFrames.arp())
                .frame(0, new byte[0])
                .frame(0, new byte[13])
                .frame(0, new byte[14])
                .bytes());
        assertEquals(
                Optional.of("cannot replay " + file + ": 2 of its 4 frames are shorter than the 14 bytes of an Ethernet"
                        + " header, first of them frame 2: leave them out, or have them counted as failed, by short-frames"
                        + " \"count\""),
                ReplayFacts.read(Replay.of(file)).problem());
        Replay counted = new Replay(
                file, 1, Rewrite.NONE, CutFrames.REFUSE, LongFrames.REFUSE, ShortFrames.COUNT, Optional.empty());
        assertEquals(Optional.empty(), ReplayFacts.read(counted).problem());
        Path cut = file(pcap().frame(0, new byte[13], 60).bytes());
        ReplayFacts sent = ReplayFacts.read(new Replay(cut, 1, Rewrite.NONE, CutFrames.SEND, LongFrames.REFUSE));
        assertTrue(sent.problem().orElseThrow().contains("1 of its 1 frames are shorter"), "what there is of them");
        ReplayFacts padded = ReplayFacts.read(new Replay(cut, 1, Rewrite.NONE, CutFrames.PAD, LongFrames.REFUSE));
        assertEquals(Optional.empty(), padded.problem());
    }

    @Test
    void shouldSpanWhatIsLeftOfThePausesThatAreShortened() throws Exception {
        Path file = file(pcap().frame(0, SampleFrames.arp())
                .frame(SampleFiles.START_NANOS, SampleFrames.arp())
                .frame(SampleFiles.START_NANOS + SECOND, SampleFrames.arp())
                .bytes());
        ReplayFacts facts = ReplayFacts.read(new Replay(
                file,
                1,
                Rewrite.NONE,
                CutFrames.REFUSE,
                LongFrames.REFUSE,
                ShortFrames.REFUSE,
                Optional.of(Duration.ofSeconds(5))));
        assertEquals(6 * SECOND, facts.spanNanos());
        assertEquals(Optional.empty(), facts.problemWithTimes());
    }

    @Test
    void shouldRefuseAFileThatCannotBeReadToItsEnd() throws Exception {
        byte[] otherLink = new PcapngWriter(ByteOrder.LITTLE_ENDIAN)
                .ethernet(PcapngWriter.NANOSECONDS)
                .enhanced(0, 0, SampleFrames.arp())
                .describe(PcapWriter.RADIOTAP, PcapWriter.SNAPLEN, PcapngWriter.NANOSECONDS, 0)
                .enhanced(1, 0, SampleFrames.arp())
                .bytes();
        assertTrue(refusal(otherLink).startsWith("capture file FILE cannot be read on after frame 1: "));
    }

    @Test
    void shouldRefuseTimesThatGiveNoPace() throws Exception {
        Path file = file(pcap().frame(SECOND, SampleFrames.arp())
                .frame(SECOND, SampleFrames.arp())
                .bytes());
        assertEquals(Optional.empty(), ReplayFacts.read(Replay.of(file)).problemWithTimes());
        ReplayFacts forEver = ReplayFacts.read(new Replay(file, 0, Rewrite.NONE, CutFrames.REFUSE, LongFrames.REFUSE));
        assertTrue(forEver.problemWithTimes().orElseThrow().contains("its frames all have the same time"));
        ReplayFacts from1970 = facts(pcap().frame(0, SampleFrames.arp())
                .frame(SampleFiles.START_NANOS, SampleFrames.arp())
                .bytes());
        assertTrue(from1970.problemWithTimes()
                .orElseThrow()
                .contains("its time stamps span 19675 days, and 365 is the most"));
    }

    @Test
    void shouldPutTheMeanDistanceOfFramesBetweenLoops() throws Exception {
        ReplayFacts facts = facts(pcap().frame(SECOND, SampleFrames.arp())
                .frame(2 * SECOND, SampleFrames.arp())
                .frame(4 * SECOND, SampleFrames.arp())
                .bytes());
        assertEquals(3 * SECOND, facts.spanNanos());
        assertEquals(3 * SECOND + 3 * SECOND / 2, facts.loopNanos());
    }
}
