package io.ringtap.inject.mmsg;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.inject.InjectResult;
import io.ringtap.inject.StreamSender;
import io.ringtap.inject.kernel.Errno;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.testnet.VethPair;
import java.io.File;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the engine holds, and how long it insists. */
@Tag("live")
@Timeout(30)
class MmsgInjectorTest {
    private static final CompiledTemplate FRAME = CompiledTemplate.constant(new byte[60]);

    private static int descriptors() {
        return new File("/proc/self/fd").list().length;
    }

    @Test
    void shouldReleaseTheRingOfAStreamThatEndsBeforeItsInterfaceIsClosed() throws Exception {
        try (VethPair _ = VethPair.open();
                MmsgInjector injector = MmsgInjector.open(VethPair.NEAR, true)) {
            StreamSender stays = injector.sender(FRAME, () -> 0);
            int before = descriptors();
            for (int i = 0; i < 20; i++) {
                StreamSender sender = injector.sender(FRAME, () -> 0);
                sender.close();
                sender.close();
            }
            assertTrue(descriptors() <= before + 5, before + " descriptors, then " + descriptors());
            int[] sent = {0};
            stays.send(1, new StreamSender.Outcomes() {
                @Override
                public void sent(int frames) {
                    sent[0] += frames;
                }

                @Override
                public void failed(InjectResult why, int frames, String detail) {}
            });
            assertEquals(1, sent[0]);
        }
    }

    @Test
    void shouldTryAgainWhenASignalHasInterruptedTheCallButNotForEver() throws Exception {
        try (VethPair _ = VethPair.open();
                MmsgInjector injector = MmsgInjector.open(VethPair.NEAR, false)) {
            AtomicInteger calls = new AtomicInteger();
            assertEquals(7, injector.insist(frames -> calls.incrementAndGet() < 3 ? -Errno.EINTR : frames, 7));
            assertEquals(3, calls.get());
            assertEquals(0, injector.insist(frames -> -Errno.EINTR, 7));
            assertEquals(InjectResult.NO_BUFFER, injector.result());
        }
    }
}
