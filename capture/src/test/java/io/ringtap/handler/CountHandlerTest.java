package io.ringtap.handler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.frame.Frame;
import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CountHandlerTest {
    private final TestContext context = new TestContext();
    private final HandlerTrial trial = HandlerTrial.start(new CountHandler(), context);

    @AfterEach
    void shouldNeverThrow() {
        trial.stop();
        assertEquals(List.of(), trial.thrown());
    }

    private void handle(int type, int length) {
        byte[] frame = new byte[length];
        frame[12] = (byte) (type >>> 8);
        frame[13] = (byte) type;
        trial.frames(Frame.of(frame, length + 100, 0, "uplink"));
    }

    @Test
    void shouldCountFramesAndCapturedBytesByType() {
        handle(0x0800, 60);
        handle(0x0800, 1_514);
        handle(0x86dd, 90);
        assertEquals(
                Map.of("0x0800", Map.of("frames", 2L, "bytes", 1_574L), "0x86dd", Map.of("frames", 1L, "bytes", 90L)),
                context.table());
        assertEquals(3, trial.delivered());
    }

    @Test
    void shouldLookBehindVlanTags() {
        byte[] tagged = new byte[60];
        tagged[12] = (byte) 0x81;
        tagged[16] = 0x08;
        tagged[17] = 0x06;
        trial.frame(tagged);
        assertEquals(1, context.value("0x0806", "frames"));
    }

    @Test
    void shouldCallFramesWithALengthOrWithoutAType802Dot3() {
        handle(46, 60);
        handle(0x05dc, 60);
        trial.frame(new byte[0]);
        trial.frame(new byte[13]);
        assertEquals(4, context.value("802.3", "frames"));
        assertEquals(133, context.value("802.3", "bytes"));
    }

    @Test
    void shouldCountTypesBeyond64TogetherAndGoOnCountingTheFirst() {
        for (int type = 0x7000; type < 0x7000 + 64; type++) {
            handle(type, 60);
        }
        assertEquals(64, context.table().size());
        for (int type = 0xa000; type < 0xa000 + 1_000; type++) {
            handle(type, 70);
            handle(type, 70);
        }
        handle(0x7000, 60);
        handle(0x7000 + 63, 60);
        assertEquals(65, context.table().size());
        assertEquals(2_000, context.value("other", "frames"));
        assertEquals(140_000, context.value("other", "bytes"));
        assertEquals(2, context.value("0x7000", "frames"));
        assertEquals(2, context.value("0x703f", "frames"));
    }
}
