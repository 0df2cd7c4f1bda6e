package io.ringtap.inject.mark;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.capturefile.FrameBytes;
import io.ringtap.frame.Frame;
import io.ringtap.inject.mark.MarkReader.Result;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a mark is looked for. */
class MarkReaderTest {
    private static final int STREAM = 7;

    private static Result read(MarkReader reader, int... tpids) {
        FrameBytes frame = new FrameBytes(1, 2);
        for (int tpid : tpids) {
            frame = frame.tag(tpid, 5);
        }
        byte[] bytes = frame.type(Mark.ETHERTYPE)
                .u32(Mark.MAGIC)
                .u8(Mark.VERSION)
                .u8(0)
                .u16(32)
                .fill(Mark.STREAM_AT - Mark.SEQUENCE_AT)
                .u32(STREAM)
                .u32(0)
                .bytes();
        return reader.read(Frame.of(bytes, bytes.length, 0, "test"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0x8100, 0x88a8, 0x9100, 0x9200})
    void shouldFindAMarkBehindATagOfAnyKind(int tpid) {
        MarkReader reader = new MarkReader();
        assertEquals(Result.WHOLE, read(reader, tpid));
        assertEquals(STREAM, reader.stream());
    }

    @Test
    void shouldFindAMarkBehindAnyNumberOfTags() {
        MarkReader reader = new MarkReader();
        assertEquals(Result.WHOLE, read(reader));
        assertEquals(Result.WHOLE, read(reader, 0x88a8, 0x88a8, 0x8100));
        assertEquals(Result.WHOLE, read(reader, 0x9200, 0x9100, 0x88a8, 0x8100));
        assertEquals(Result.WHOLE, read(reader, 0x9200, 0x9100, 0x88a8, 0x8100, 0x8100));
    }
}
