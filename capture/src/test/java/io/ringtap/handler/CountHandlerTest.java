package io.ringtap.handler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.frame.Frame;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CountHandlerTest {
    private final Counted context = new Counted();
    private final CountHandler handler = new CountHandler();

    @BeforeEach
    void start() {
        handler.onStart(context);
    }

    private void handle(int type, int length) {
        byte[] frame = new byte[length];
        frame[12] = (byte) (type >>> 8);
        frame[13] = (byte) type;
        handler.onFrame(Frame.of(frame, length + 100, 0, "uplink"));
    }

    @Test
    void shouldCountFramesAndCapturedBytesByType() {
        handle(0x0800, 60);
        handle(0x0800, 1_514);
        handle(0x86dd, 90);
        assertEquals(
                Set.of("0x0800 bytes", "0x0800 frames", "0x86dd bytes", "0x86dd frames"),
                context.counters().keySet());
        assertEquals(2, context.value("0x0800 frames"));
        assertEquals(1_574, context.value("0x0800 bytes"));
        assertEquals(1, context.value("0x86dd frames"));
        assertEquals(90, context.value("0x86dd bytes"));
    }

    @Test
    void shouldLookBehindVlanTags() {
        byte[] tagged = new byte[60];
        tagged[12] = (byte) 0x81;
        tagged[16] = 0x08;
        tagged[17] = 0x06;
        handler.onFrame(Frame.of(tagged, 60, 0, "uplink"));
        assertEquals(1, context.value("0x0806 frames"));
    }

    @Test
    void shouldCallFramesWithALengthOrWithoutAType802Dot3() {
        handle(46, 60);
        handle(0x05dc, 60);
        handler.onFrame(Frame.of(new byte[0], 0, 0, "uplink"));
        handler.onFrame(Frame.of(new byte[13], 13, 0, "uplink"));
        assertEquals(4, context.value("802.3 frames"));
        assertEquals(133, context.value("802.3 bytes"));
    }

    @Test
    void shouldCountTypesBeyond64TogetherAndGoOnCountingTheFirst() {
        for (int type = 0x7000; type < 0x7000 + 64; type++) {
            handle(type, 60);
        }
        assertEquals(128, context.counters().size());
        for (int type = 0xa000; type < 0xa000 + 1_000; type++) {
            handle(type, 70);
            handle(type, 70);
        }
        handle(0x7000, 60);
        handle(0x7000 + 63, 60);
        assertEquals(130, context.counters().size());
        assertEquals(2_000, context.value("other frames"));
        assertEquals(140_000, context.value("other bytes"));
        assertEquals(2, context.value("0x7000 frames"));
        assertEquals(2, context.value("0x703f frames"));
    }
}
