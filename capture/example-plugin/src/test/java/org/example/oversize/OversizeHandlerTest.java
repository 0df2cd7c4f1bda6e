package org.example.oversize;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

class OversizeHandlerTest {
    private final TestContext context = new TestContext();

    @Test
    void shouldReportFramesAboveTheLimitWhileThereIsRoomToSend() {
        context.sendRoom(2);
        TestSettings settings = TestSettings.of("above", 1_000, "report-to", "02:00:5e:00:53:01");
        try (HandlerTrial trial = HandlerTrial.start(settings.make(OversizeHandler::new), context)) {
            trial.frame(new byte[1_000]);
            trial.frame(new byte[1_001]).frame(new byte[2_000]).frame(new byte[1_500]);
            assertEquals(4, trial.delivered());
        }
        assertEquals(3, context.value("frames", "oversize"));
        assertEquals(2, context.value("frames", "reported"));
        assertEquals(2_000, context.value("bytes", "largest"));
        assertEquals(2, context.sent().size());
        assertEquals(0x02, context.sent().getFirst()[0]);
        assertEquals(List.of("largest frame so far: 1001 bytes", "largest frame so far: 2000 bytes"), context.logged());
    }

    @Test
    void shouldRefuseWhatIsNoAddress() {
        TestSettings settings = TestSettings.of("report-to", "me");
        new OversizeHandler(settings);
        assertEquals(
                List.of("report-to: must be an address such as \"02:00:5e:00:53:01\""), settings.problems());
    }
}
