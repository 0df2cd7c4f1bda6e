package io.ringtap.daemon.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.ledger.Progress;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProgressWatchTest {
    private final ProgressWatch movement = new ProgressWatch();

    private List<String> still(Progress... threads) {
        return movement.still(List.of(threads));
    }

    private static Progress busy(String thread, long position) {
        return new Progress(thread, position, true);
    }

    private static Progress idle(String thread, long position) {
        return new Progress(thread, position, false);
    }

    @Test
    void shouldFindNoneStillWhileAllMove() {
        assertEquals(List.of(), still(busy("a", 0), busy("b", 0)));
        assertEquals(List.of(), still(busy("a", 1), busy("b", 7)));
        assertEquals(List.of(), still(busy("a", 2), busy("b", 8)));
    }

    @Test
    void shouldNameThoseThatHaveWorkAndDoNotMove() {
        still(busy("a", 0), busy("b", 0), busy("c", 0));
        assertEquals(List.of("a", "c"), still(busy("a", 0), busy("b", 1), busy("c", 0)));
        assertEquals(List.of("a", "c"), still(busy("a", 0), busy("b", 2), busy("c", 0)));
    }

    @Test
    void shouldTakeAThreadWithoutWorkForOneThatMoves() {
        for (int look = 0; look < 10; look++) {
            assertEquals(List.of(), still(idle("quiet", 5), busy("b", look)));
        }
    }

    @Test
    void shouldRememberWhoHasMovedUntilAllHave() {
        still(busy("slow", 0), busy("slower", 0));
        assertEquals(List.of("slower"), still(busy("slow", 1), busy("slower", 0)));
        assertEquals(List.of("slower"), still(busy("slow", 1), busy("slower", 0)));
        assertEquals(List.of(), still(busy("slow", 1), busy("slower", 1)));
        assertEquals(List.of("slow", "slower"), still(busy("slow", 1), busy("slower", 1)), "counts anew");
    }

    @Test
    void shouldTakeAThreadThatIsNewForOneThatMoves() {
        still(busy("a", 0));
        assertEquals(List.of(), still(busy("a", 1), busy("new", 0)));
        assertEquals(List.of("new"), still(busy("a", 2), busy("new", 0)));
        assertEquals(List.of(), still(busy("a", 3)), "one that has gone holds up nobody");
    }
}
