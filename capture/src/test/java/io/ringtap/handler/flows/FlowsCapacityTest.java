package io.ringtap.handler.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.frame.Frame;
import io.ringtap.frame.Headers;
import io.ringtap.testkit.AllocatedPerCall;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlowsCapacityTest {
    private static final int FLOWS = 2_000_000;
    private static final long MEMORY = 512L << 20;
    private static final int SOURCE_PORT = 34;
    private static final int SOURCE_ADDRESS = 26;

    private final TestContext context = new TestContext().ofFile();

    @Test
    void shouldHoldTwoMillionFlowsIn512MebibytesAndAllocateNothingForAFrame() throws Exception {
        FlowsHandler handler = TestSettings.of("memory", MEMORY).make(FlowsHandler::new);
        handler.onStart(context);
        byte[] bytes = FlowFrames.udp(1, 10, 2, 20, 8);
        ByteBuffer fields = ByteBuffer.wrap(bytes);
        Frame frame = new MovedFrame(FlowFrames.at(0, bytes));
        int[] next = {0};
        AllocatedPerCall.Calls flows = calls -> {
            for (int i = 0; i < calls; i++) {
                int flow = next[0]++ % FLOWS;
                fields.putInt(SOURCE_ADDRESS, 0x0b00_0000 + flow / 50_000)
                        .putShort(SOURCE_PORT, (short) (flow % 50_000));
                handler.onFrame(frame);
            }
            handler.onBatchEnd();
        };
        AllocatedPerCall.assertNone(FLOWS / 5, flows); // and four times as many: each flow has a frame
        AllocatedPerCall.assertNone(FLOWS / 5, flows); // and another
        assertEquals(FLOWS, context.value("flows", "active"));
        assertEquals(0, context.value("flows", "evicted"));
        assertEquals(0, context.value("flows", "ended"));
        assertTrue(context.value("flows", "memory_bytes") <= MEMORY);
        String answer = context.ask("flows", Map.of("top", "1000", "by", "frames"));
        assertEquals(1_000, answer.split("\"forward\":\\{\"frames\":2,\"bytes\":100,\"ip_bytes\":72}", -1).length - 1);
        handler.onStop();
    }

    /** A frame whose bytes change, with one view of its headers, as a worker's thread has it. */
    private static final class MovedFrame implements Frame {
        private final Frame frame;
        private final Headers headers;

        private MovedFrame(Frame frame) {
            this.frame = frame;
            headers = frame.headers();
        }

        @Override
        public Headers headers() {
            return headers.decode();
        }

        @Override
        public int length() {
            return frame.length();
        }

        @Override
        public int originalLength() {
            return frame.originalLength();
        }

        @Override
        public long timestampNanos() {
            return frame.timestampNanos();
        }

        @Override
        public String captureName() {
            return frame.captureName();
        }

        @Override
        public byte byteAt(int offset) {
            return frame.byteAt(offset);
        }

        @Override
        public void copyTo(int offset, byte[] target, int targetOffset, int count) {
            frame.copyTo(offset, target, targetOffset, count);
        }
    }
}
