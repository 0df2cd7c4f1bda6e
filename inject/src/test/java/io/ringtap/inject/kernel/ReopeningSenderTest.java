package io.ringtap.inject.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReopeningSenderTest {
    private final List<String> done = new ArrayList<>();

    private final StreamSender.Outcomes ignored = new StreamSender.Outcomes() {
        @Override
        public void sent(int frames) {}

        @Override
        public void failed(InjectResult why, int frames, String detail) {}
    };

    /** Sends two frames of those it is to send, then throws. */
    private final class ThrowingSender implements StreamSender {
        @Override
        public int mostFrames() {
            return 64;
        }

        @Override
        public void send(int frames, Outcomes outcomes) {
            outcomes.sent(2);
            throw new IllegalStateException("planted");
        }

        @Override
        public void skip(int frames) {
            done.add("skip " + frames);
        }
    }

    @Test
    void shouldGoOnBehindAllFramesOfASendThatThrew() throws Exception {
        ReopeningSender sender = new ReopeningSender(null, _ -> new ThrowingSender());
        sender.prepare(null);
        sender.goOn();
        assertThrows(IllegalStateException.class, () -> sender.send(5, ignored));
        sender.leave(); // the interface goes, and comes back
        sender.prepare(null);
        sender.goOn();
        assertEquals(List.of("skip 5"), done);
    }
}
