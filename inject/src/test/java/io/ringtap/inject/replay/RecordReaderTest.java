package io.ringtap.inject.replay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capturefile.PcapWriter;
import io.ringtap.capturefile.SampleFrames;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordReaderTest {
    private static final byte OLD = 0x5a;

    @TempDir
    private Path folder;

    private final ByteBuffer memory = ReplayChunk.memory(1 << 17);

    private RecordReader open(CutFrames cutFrames, PcapWriter file) throws Exception {
        Path path = Files.write(folder.resolve("trace.pcap"), file.bytes());
        for (int i = 0; i < memory.capacity(); i++) {
            memory.put(i, OLD); // memory that held other frames
        }
        return RecordReader.open(new Replay(path, 1, Rewrite.NONE, cutFrames, LongFrames.REFUSE));
    }

    private static PcapWriter pcap() {
        return new PcapWriter(ByteOrder.LITTLE_ENDIAN, true);
    }

    private byte[] frame(int at) {
        byte[] frame = new byte[RecordReader.length(memory, at)];
        memory.get(RecordReader.beginning(memory, at), frame);
        return frame;
    }

    @Test
    void shouldPutZerosOverWhatTheMemoryHeldInPlaceOfWhatTheFileDoesNotHold() throws Exception {
        byte[] arp = SampleFrames.arp();
        try (RecordReader reader = open(CutFrames.PAD, pcap().frame(0, arp, 100))) {
            assertTrue(reader.next());
            assertTrue(reader.isCut());
            reader.write(memory, 0);
            assertArrayEquals(Arrays.copyOf(arp, 100), frame(0));
        }
    }

    @Test
    void shouldSendNoMoreThanTheFileHoldsUnlessItIsToPad() throws Exception {
        try (RecordReader reader = open(CutFrames.SEND, pcap().frame(0, SampleFrames.arp(), 100))) {
            assertTrue(reader.next());
            reader.write(memory, 0);
            assertArrayEquals(SampleFrames.arp(), frame(0));
        }
    }

    @Test
    void shouldNotBelieveALengthThatNoFrameHas() throws Exception {
        try (RecordReader reader = open(CutFrames.PAD, pcap().frame(0, SampleFrames.arp(), -1))) {
            assertTrue(reader.next());
            assertTrue(reader.recordBytes() <= RecordReader.MOST_FRAME_BYTES + 64, "bytes: " + reader.recordBytes());
        }
    }

    @Test
    void shouldWriteRecordsOneBehindAnotherEachAsLongAsItSays() throws Exception {
        PcapWriter file = pcap();
        for (byte[] frame : SampleFrames.all()) {
            file.frame(7, frame);
        }
        try (RecordReader reader = open(CutFrames.REFUSE, file)) {
            int at = 0;
            for (byte[] frame : SampleFrames.all()) {
                assertTrue(reader.next());
                reader.write(memory, at);
                assertArrayEquals(frame, frame(at));
                assertEquals(at + reader.recordBytes(), RecordReader.behind(memory, at));
                at = RecordReader.behind(memory, at);
            }
            assertFalse(reader.next());
        }
    }
}
