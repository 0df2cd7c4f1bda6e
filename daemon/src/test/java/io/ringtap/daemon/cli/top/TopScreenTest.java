package io.ringtap.daemon.cli.top;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.ringtap.daemon.control.StatsLook;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.HandlerLoad;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.Ledger;
import io.ringtap.ledger.WorkerCounts;
import io.ringtap.ledger.WorkerLoad;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

class TopScreenTest {
    private static final int WIDTH = 100;

    private final TopHistory history = new TopHistory();
    private final TopView view = new TopView();

    private static CaptureCounts capture(String name, long received, long dropped) {
        return new CaptureCounts(
                name,
                "ens192",
                CaptureState.RUNNING,
                received,
                dropped,
                0,
                OptionalLong.of(0),
                received - dropped,
                0,
                0,
                1_024,
                4_096,
                0,
                OptionalDouble.of(0.95),
                GapCounts.NONE);
    }

    private static WorkerCounts worker(String name, String capture, long delivered, long lag, double busy) {
        List<HandlerLoad> handlers = List.of(
                new HandlerLoad("count", "", delivered, busy / 4, OptionalLong.of(120), OptionalLong.of(1_500)),
                new HandlerLoad("log", "tcp", delivered, busy / 2, OptionalLong.empty(), OptionalLong.empty()));
        return new WorkerCounts(
                name,
                capture,
                WorkerCounts.GATE,
                delivered + lag,
                delivered,
                0,
                0,
                0,
                0,
                lag,
                0,
                Optional.of(new WorkerLoad(busy, OptionalLong.empty(), handlers)));
    }

    /** After so many seconds, of 1,000 frames each on one capture and 10 on the other. */
    private static StatsLook look(int seconds, long dropped) {
        long frames = 1_000L * seconds;
        return new StatsLook(
                new Ledger(
                        List.of(capture("uplink", frames, dropped), capture("side\033[2J", 10L * seconds, 0)),
                        List.of(
                                worker("quick", "uplink", frames - dropped - 7, 7, 0.1),
                                worker("busy", "uplink", frames - dropped, 0, 0.6),
                                worker("quick", "side\033[2J", 10L * seconds, 0, 0)),
                        List.of(new InjectCounts("beacon", "ens192", 5L * seconds, 3, new TreeMap<>())),
                        List.of(),
                        false),
                Instant.EPOCH,
                Duration.ofSeconds(seconds));
    }

    private static List<JsonElement> flows() {
        return JsonParser.parseString("""
                [{"capture":"uplink","protocol":"tcp","source":"192.0.2.1","source_port":1,"destination":"192.0.2.2",
                  "destination_port":2,"forward":{"frames":9,"bytes":900},"reverse":{"frames":1,"bytes":100}},
                 {"capture":"uplink","protocol":"udp","source":"192.0.2.3","destination":"2001:db8::1",
                  "forward":{"frames":2,"bytes":5000},"reverse":{"frames":0,"bytes":0}}]""").getAsJsonArray().asList();
    }

    private List<AttributedString> page(long dropped, int height) {
        StatsLook look = look(60, dropped);
        history.add(look(58, dropped));
        history.add(look(59, dropped));
        history.add(look);
        TopLook shown = new TopLook(Optional.of(look), flows(), "");
        return new TopScreen(shown, history, view, WIDTH).page(height);
    }

    private List<String> lines(long dropped, int height) {
        return page(dropped, height).stream()
                .map(line -> line.toString().stripTrailing())
                .toList();
    }

    private static String line(List<String> lines, String beginning) {
        return lines.stream()
                .filter(line -> line.startsWith(beginning))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void shouldShowStagesWorkersStreamsAndFlowsWithTheirRates() {
        List<String> lines = lines(0, 40);
        assertEquals(40, lines.size());
        assertEquals("ringtap up 1 min 0 s  in flight 7", lines.getFirst());
        assertEquals("lost 0", lines.get(1));
        assertTrue(line(lines, "capture uplink").endsWith("of late, on ens192, running"));
        assertEquals("interface" + " ".repeat(45) + "1,000" + " ".repeat(39) + "██", line(lines, "interface"));
        assertTrue(
                line(lines, "kernel ring").startsWith("kernel ring            [||||||||||||||| ]  95 %       1,000"));
        assertTrue(line(lines, "ring  ").startsWith("ring                   [||||            ]  25 %       1,000"));
        assertTrue(line(lines, "busy on uplink")
                .startsWith("busy on uplink         [||||||||||      ]  60 %       1,000"));
        assertTrue(line(lines, "quick on uplink").endsWith("██  7 behind"));
        assertTrue(
                lines.contains("  count                [||              ]  15 %  p50 120 ns, p99 1.50 us"),
                lines.toString());
        assertTrue(line(lines, "beacon on ens192").endsWith("██  failed 3"));
        assertTrue(lines.contains("              2              5,000  udp 192.0.2.3 > 2001:db8::1"), lines.toString());
        assertTrue(lines.getLast().startsWith("q end  s order: busy  f flows: bytes  c capture: all"));
    }

    @Test
    void shouldTellOfLossInRed() {
        List<AttributedString> page = page(900, 40);
        assertTrue(page.get(1).toString().startsWith("lost 900"), page.get(1).toString());
        assertTrue(
                page.get(1).toAnsi().startsWith("\033[31;1m"),
                page.get(1).toAnsi().replace('\033', '^'));
        AttributedString kernel = page.stream()
                .filter(line -> line.toString().startsWith("kernel ring"))
                .findFirst()
                .orElseThrow();
        assertTrue(kernel.toString().endsWith("  lost 900"), kernel.toString());
    }

    @Test
    void shouldOrderWorkersAndFlowsAsTold() {
        assertTrue(before(lines(0, 60), "busy on uplink", "quick on uplink"));
        assertTrue(before(lines(0, 60), "  log", "  count"));
        view.take('s', List.of()); // by lag
        assertTrue(before(lines(0, 60), "quick on uplink", "busy on uplink"));
        List<String> byBytes = lines(0, 60);
        assertTrue(byBytes.indexOf(flow(byBytes, "udp")) < byBytes.indexOf(flow(byBytes, "tcp")));
        view.take('f', List.of());
        List<String> byFrames = lines(0, 60);
        assertTrue(byFrames.indexOf(flow(byFrames, "udp")) > byFrames.indexOf(flow(byFrames, "tcp")));
    }

    private static String flow(List<String> lines, String protocol) {
        return lines.stream()
                .filter(line -> line.contains(" " + protocol + " "))
                .findFirst()
                .orElseThrow();
    }

    private static boolean before(List<String> lines, String first, String second) {
        return lines.indexOf(line(lines, first)) < lines.indexOf(line(lines, second));
    }

    @Test
    void shouldShowTheCaptureThatIsChosen() {
        List<String> captures = List.of("uplink", "side\033[2J");
        view.take('c', captures);
        assertFalse(String.join("\n", lines(0, 60)).contains("side"));
        view.take('c', captures);
        String side = String.join("\n", lines(0, 60));
        assertFalse(side.contains("capture uplink") || side.contains("192.0.2.1"), side);
        assertTrue(side.contains("capture side?[2J"), side);
        view.take('c', captures);
        assertTrue(String.join("\n", lines(0, 60)).contains("capture uplink"));
    }

    @Test
    void shouldLetNoControlCharacterReachTheTerminal() {
        for (AttributedString line : page(0, 60)) {
            assertTrue(line.toString().chars().noneMatch(Character::isISOControl), line.toString());
        }
    }

    @Test
    void shouldFitIntoAnyTerminalAndScroll() {
        for (int height = 1; height < 30; height++) {
            List<AttributedString> page = page(0, height);
            assertEquals(height, page.size());
            assertTrue(page.stream().allMatch(line -> line.columnLength() <= WIDTH));
        }
        String third = lines(0, 10).get(3);
        view.take('j', List.of());
        assertEquals(third, lines(0, 10).get(2));
        view.take('k', List.of());
        view.take('k', List.of()); // it is at the top
        assertEquals(third, lines(0, 10).get(3));
        TopLook none = TopLook.NONE.lost("no daemon");
        assertEquals(5, new TopScreen(none, history, view, 7).page(5).size());
    }

    @Test
    void shouldKeepWhatWasSeenOfADaemonThatIsLost() {
        TopLook lost = new TopLook(Optional.of(look(60, 0)), List.of(), "").lost("no daemon at s");
        List<AttributedString> page = new TopScreen(lost, history, view, WIDTH).page(30);
        assertTrue(page.getFirst().toString().endsWith("in flight 7  no daemon at s"));
        assertTrue(page.get(2).toString().startsWith("capture uplink"));
    }

    @Test
    void shouldBeginAnewWithAnotherDaemon() {
        history.add(look(59, 0));
        history.add(look(60, 0));
        assertEquals(List.of(1_000.0), history.of("received uplink"));
        history.add(look(1, 0));
        assertEquals(List.of(), history.of("received uplink"));
        history.add(look(3, 0));
        assertEquals(List.of(1_000.0), history.of("received uplink"));
    }

    @Test
    void shouldDrawBarsAndCharts() {
        assertEquals("[          ]", Chart.bar(0, 12));
        assertEquals("[|         ]", Chart.bar(0.001, 12));
        assertEquals("[|||||     ]", Chart.bar(0.5, 12));
        assertEquals("[||||||||||]", Chart.bar(7, 12));
        assertEquals("   ▁▄█ ", Chart.line(List.of(0.1, 4.0, 8.0, 0.0), 7));
        assertEquals("██", Chart.line(List.of(1.0, 2.0, 2.0), 2));
    }

    @Test
    void shouldHelpAndEnd() {
        assertTrue(view.take('?', List.of()));
        assertTrue(String.join("\n", lines(0, 30)).contains("order of workers"));
        assertTrue(view.take('q', List.of())); // goes back
        assertTrue(view.take('x', List.of()));
        assertFalse(view.take('q', List.of()));
        assertFalse(view.take(3, List.of())); // Ctrl-C
    }
}
