package %PACKAGE%;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import org.junit.jupiter.api.Test;

class %CLASS%HandlerTest {
    private final TestContext context = new TestContext();

    @Test
    void shouldCountFramesThatAreLongEnough() {
        TestSettings settings = TestSettings.of("at-least", 100);
        try (HandlerTrial trial = HandlerTrial.start(settings.make(%CLASS%Handler::new), context)) {
            trial.frame(new byte[99]).frame(new byte[100]).frame(new byte[1_514]);
            assertEquals(3, trial.delivered());
        }
        assertEquals(2, context.value("frames", "counted"));
        assertEquals(1, context.value("frames", "shorter"));
    }
}
