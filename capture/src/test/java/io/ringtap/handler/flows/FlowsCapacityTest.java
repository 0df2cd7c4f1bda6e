package io.ringtap.handler.flows;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.ringtap.frame.Frame;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlowsCapacityTest {
    private static final int FLOWS = 2_000_000;
    private static final long MEMORY = 512L << 20;
    private static final int WARM_UP = 500_000;
    private static final int SOURCE_PORT = 34;
    private static final int SOURCE_ADDRESS = 26;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final TestContext context = new TestContext().ofFile();

    @Test
    void shouldHoldTwoMillionFlowsIn512MebibytesAndAllocateNothingForAFrame() throws Exception {
        FlowsHandler handler = TestSettings.of("memory", MEMORY).make(FlowsHandler::new);
        handler.onStart(context);
        byte[] bytes = FlowFrames.udp(1, 10, 2, 20, 8);
        ByteBuffer fields = ByteBuffer.wrap(bytes);
        Frame frame = FlowFrames.at(0, bytes);
        long allocated = 0;
        for (int pass = 0; pass < 2; pass++) {
            for (int flow = 0; flow < FLOWS; flow++) {
                if (flow == WARM_UP) { // the interpreter allocates where compiled code does not
                    allocated -= THREADS.getCurrentThreadAllocatedBytes();
                }
                fields.putInt(SOURCE_ADDRESS, 0x0b00_0000 + flow / 50_000)
                        .putShort(SOURCE_PORT, (short) (flow % 50_000));
                handler.onFrame(frame);
            }
            allocated += THREADS.getCurrentThreadAllocatedBytes();
            handler.onBatchEnd();
        }
        long bytesAllocated = allocated;
        assertEquals(FLOWS, context.value("flows", "active"));
        assertEquals(0, context.value("flows", "evicted"));
        assertEquals(0, context.value("flows", "ended"));
        assertTrue(context.value("flows", "memory_bytes") <= MEMORY);
        assertTrue(bytesAllocated < FLOWS / 10, () -> bytesAllocated + " bytes allocated");
        String answer = context.ask("flows", Map.of("top", "1000", "by", "frames"));
        assertEquals(1_000, answer.split("\"forward\":\\{\"frames\":2,\"bytes\":100}", -1).length - 1);
        handler.onStop();
    }
}
