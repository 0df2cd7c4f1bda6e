package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The page in a real browser, of a real daemon. Its pictures are in {@code target/screenshots}. */
@Tag("live")
class BrowserTest {
    private static final String URL = "http://127.0.0.1:9464/";
    private static final String METRICS = "[metrics]\nlisten = \"127.0.0.1:9464\"\n";

    /** One for all tests, and one browser in it: threads that Selenium keeps stay in the namespace that they began in. */
    private static VethPair pair;

    @TempDir
    private static Path profile;

    private static Browser browser;

    @TempDir
    private Path folder;

    private FarSender far;

    @BeforeAll
    static void openBrowser() {
        pair = VethPair.open();
        browser = Browser.open(profile);
    }

    @AfterAll
    static void closeBrowser() {
        browser.close();
        pair.close();
    }

    @BeforeEach
    void openSender() {
        far = new FarSender();
        browser.complaints(); // those of the test before
    }

    @AfterEach
    void closeSender() {
        far.close();
        browser.show("about:blank", 1280, 860, "light"); // asks nobody any more
    }

    private static String capture(String name, String buffer) {
        return METRICS + "[[capture]]\nname = \"" + name + "\"\ninterface = \"rt0\"\nbuffer = \"" + buffer + "\"\n";
    }

    private static String whole() {
        return capture("uplink", "16 MiB") + """
                [[worker]]
                name = "analysis"
                threads = 2
                [[worker.handler]]
                type = "count"
                [[worker.handler]]
                type = "flows"
                memory = "16 MiB"
                [[worker.handler]]
                type = "latency"
                [[worker]]
                name = "inspect"
                delivery = "detach"
                [[worker.handler]]
                type = "count"
                filter = "udp"
                [[inject]]
                name = "beacon"
                interface = "rt0"
                every = "20 ms"
                [inject.frame]
                destination = "02:00:5e:00:53:02"
                ethertype = 0x88b5
                payload = "01 02 03 04"
                """;
    }

    private static String grouped(JsonObject counts, String field) {
        return String.format(java.util.Locale.ROOT, "%,d", counts.get(field).getAsLong());
    }

    @Test
    void shouldShowWhatStatsTell() throws Exception {
        try (RunningDaemon daemon = RunningDaemon.start(folder, whole())) {
            browser.show(URL, 1280, 860, "light").await("#verdict", "lost 0");
            browser.await("#connection", "up ");
            browser.screenshot("quiet");
            far.sendUdp(50_000, 200, 20_000);
            daemon.await("workers", "analysis", "delivered", 50_000);
            daemon.await("workers", "inspect", "delivered", 50_000);
            browser.screenshot("loaded");
            browser.await("#tables", "50,000");
            VethPair.await(
                    () -> browser.row("Workers", "inspect").get("delivered").equals("50,000"));
            Map<String, String> capture = browser.row("Captures", "uplink");
            JsonObject told = daemon.stats("captures", "uplink");
            assertEquals(grouped(told, "received"), capture.get("received"));
            assertEquals(grouped(told, "published"), capture.get("published"));
            assertEquals(grouped(told, "kernel_dropped"), capture.get("kernel ring"));
            Map<String, String> worker = browser.row("Workers", "analysis");
            assertEquals("50,000", worker.get("delivered"));
            assertEquals("0", worker.get("behind"));
            assertEquals(
                    "50,000",
                    browser.row("Handler count of inspect on uplink", "0x0800").get("frames"));
            browser.await("#flows", "10.0.0.2:5001");
            assertNothingFromElsewhere();
            assertEquals("", browser.obstacles());
            browser.show(URL, 1280, 860, "dark").await("#pipe", "analysis");
            browser.await("#charts", "uplink received");
            assertEquals("", browser.obstacles());
            browser.screenshot("dark");
            browser.show(URL, 380, 860, "light").await("#pipe", "analysis");
            assertEquals("", browser.obstacles());
            assertEquals(380L, browser.run("return document.documentElement.scrollWidth"), "nothing beside the screen");
            browser.screenshot("phone");
            assertEquals(List.of(), browser.complaints());
        }
    }

    /** Every chart and every table is reached by Tab, seen to be, and left again; a chart is read by its keys. */
    @Test
    void shouldBeReadByKeyboardAlone() throws Exception {
        try (RunningDaemon daemon = RunningDaemon.start(folder, whole())) {
            browser.show(URL, 1280, 860, "light").await("#charts", "uplink received");
            browser.await("#charts", "inspect on uplink handled");
            far.sendUdp(100, 200, 0);
            daemon.await("workers", "analysis", "delivered", 100);
            browser.await("#flows", "10.0.0.2:5001");
            List<String> reached = new ArrayList<>();
            for (browser.press(Keys.TAB); !browser.focused().equals("body"); browser.press(Keys.TAB)) {
                assertEquals("solid", browser.run("return getComputedStyle(document.activeElement).outlineStyle"));
                reached.add(browser.focused());
                assertTrue(reached.size() < 60, reached::toString);
            }
            assertTrue(reached.getFirst().startsWith("Frames a second: "), reached::toString);
            assertTrue(reached.get(1).startsWith("Lost a second, by stage: "), reached::toString);
            assertTrue(reached.contains("Captures") && reached.contains("Workers"), reached::toString);
            browser.press(Keys.TAB); // behind the last comes the first
            assertTrue(browser.focused().startsWith("Frames a second"), browser.focused());
            VethPair.await(() -> browser.focused().contains("uplink received 0,")); // the second after the frames
            browser.press(Keys.HOME);
            pressUntil(Keys.ARROW_RIGHT, true); // the look that counted them
            pressUntil(Keys.ARROW_RIGHT, false);
            pressUntil(Keys.ARROW_LEFT, true);
            browser.press(Keys.ESCAPE);
            VethPair.await(() -> browser.focused().contains("uplink received 0,"));
        }
    }

    /** Presses a key until the chart's label tells of frames, or of none. */
    private static void pressUntil(Keys key, boolean frames) {
        for (int presses = 0; hasFrames(browser.focused()) != frames; presses++) {
            assertTrue(presses < 100, browser.focused());
            browser.press(key);
        }
    }

    private static boolean hasFrames(String label) {
        return label.matches("Frames a second: .*uplink received [1-9].*");
    }

    @Test
    void shouldShowTheNewestRecordings() throws Exception {
        Path recordings = folder.resolve("<recordings>");
        String record = capture("uplink", "1 MiB")
                + "[[worker]]\nname = \"keep\"\n[[worker.handler]]\ntype = \"record\"\nfolder = \"" + recordings
                + "\"\nfile-frames = 10\nkeep-files = 3\n";
        try (RunningDaemon daemon = RunningDaemon.start(folder, record)) {
            far.sendUdp(55, 200, 0);
            daemon.await("workers", "keep", "delivered", 55);
            browser.show(URL, 1280, 860, "light").await("#recordings", "-000005.pcapng");
            List<Path> whole;
            try (Stream<Path> files = Files.list(recordings)) {
                whole = files.filter(file -> file.toString().endsWith(".pcapng"))
                        .sorted(Comparator.reverseOrder())
                        .toList();
            }
            assertEquals(3, whole.size());
            String caption = "In " + recordings + ", the newest first";
            assertEquals(3L, browser.run("return document.querySelectorAll('#recordings tbody tr').length"));
            for (Path file : whole) {
                Map<String, String> row =
                        browser.row(caption, file.getFileName().toString());
                assertEquals("keep", row.get("worker"));
                assertEquals(
                        Instant.parse(row.get("ended")),
                        Files.getLastModifiedTime(file).toInstant().truncatedTo(ChronoUnit.SECONDS));
            }
            assertEquals("", browser.obstacles());
            assertEquals(List.of(), browser.complaints());
        }
    }

    private void assertNothingFromElsewhere() {
        Object others = browser.run("""
                return performance.getEntriesByType("resource").map(({ name }) => name)
                    .filter((name) => !name.startsWith(location.origin + "/"));
                """);
        assertEquals(List.of(), others);
    }

    @Test
    void shouldShowALossWithItsCauseWhereItHappened() throws Exception {
        Path awake = folder.resolve("awake");
        String slow = capture("uplink", "1 MiB")
                + "[[worker]]\nname = \"sleepy\"\n[[worker.handler]]\ntype = \"" + SleepingHandler.class.getName()
                + "\"\nuntil = \"" + awake + "\"\n";
        try (RunningDaemon daemon = RunningDaemon.start(folder, slow)) {
            browser.show(URL, 1280, 860, "light").await("#verdict", "lost 0");
            far.sendUdp(100_000, 200, 0);
            browser.await("#losses", "in the kernel ring of uplink, which was full");
            assertTrue(browser.text("#losses").contains("larger buffer"), browser.text("#losses"));
            browser.await("#marks", "frames lost");
            browser.await("#pipe .losing .loss", " lost");
            browser.screenshot("losing");
            assertEquals("", browser.obstacles());
            Files.createFile(awake);
            VethPair.await(() ->
                    daemon.count("workers", "sleepy", "delivered") == daemon.count("captures", "uplink", "published"));
            long lost = daemon.count("captures", "uplink", "kernel_dropped");
            assertEquals(100_000, lost + daemon.count("workers", "sleepy", "delivered"));
            browser.await("#verdict", "lost " + lost + ": ");
            browser.await("#losses", "because worker sleepy held the capture up");
            browser.await("#marks", String.format(java.util.Locale.ROOT, "%,d frames lost", lost));
        }
    }

    @Test
    void shouldShowAnInterfaceThatGoesAsAGapAndAReloadAsAMark() throws Exception {
        String config = capture("uplink", "1 MiB");
        try (RunningDaemon daemon = RunningDaemon.start(folder, config)) {
            browser.show(URL, 1280, 860, "light").await("#marks", "Nothing was lost");
            pair.remove();
            browser.await("#marks .gap", "rt0 is missing");
            browser.await("#tables", "waiting");
            pair.create();
            browser.await("#tables", "running");
            VethPair.await(() -> !browser.text("#marks .gap").contains("until now"));
            daemon.reload(config.replace("1 MiB", "2 MiB"));
            browser.await("#marks .reload", "asked for by the control socket: capture uplink is restarted");
            assertEquals(List.of(), browser.complaints());
        }
    }

    @Test
    void shouldComeBackToADaemonThatWasRestarted() throws Exception {
        String config = capture("uplink", "1 MiB");
        try (RunningDaemon _ = RunningDaemon.start(folder, config)) {
            far.sendUdp(100, 200, 0);
            browser.show(URL, 1280, 860, "light").await("#tables", "100");
        }
        browser.await("#connection", "does not answer");
        try (RunningDaemon _ = RunningDaemon.start(folder, config)) {
            browser.await("#connection", "up ");
            far.sendUdp(7, 200, 0);
            VethPair.await(
                    () -> browser.row("Captures", "uplink").get("received").equals("7"));
        }
    }

    /** Names come from the configuration; what is in frames is never shown. */
    @Test
    void shouldShowNamesAsTextWhateverIsInThem() throws Exception {
        String name = "<script>document.title='broken'</script><img/src=x/onerror=document.title='broken'>";
        String config = capture(name, "1 MiB") + "[[worker]]\nname = \"<b>\"\n[[worker.handler]]\ntype = \"count\"\n";
        try (RunningDaemon _ = RunningDaemon.start(folder, config)) {
            far.sendUdp(10, 200, 0);
            browser.show(URL, 1280, 860, "light").await("#tables", name);
            VethPair.await(() -> browser.row("Captures", name).get("received").equals("10"));
            assertEquals(0L, browser.run("return document.querySelectorAll('main script, img, main b b').length"));
            assertFalse(((String) browser.run("return document.title")).contains("broken"));
            assertEquals(List.of(), browser.complaints());
        }
    }

    @Test
    void shouldAskForTheTokenAsABrowserDoes() throws Exception {
        Path token = Files.writeString(folder.resolve("token"), "0123456789abcdef0123\n");
        VethPair.run("chmod", "640", token.toString());
        String config = capture("uplink", "1 MiB").replace(METRICS, METRICS + "token-file = \"" + token + "\"\n");
        try (RunningDaemon daemon = RunningDaemon.start(folder, config)) {
            browser.show(URL, 1280, 860, "light");
            assertFalse(browser.text("body").contains("The pipe"), browser.text("body"));
            browser.show("http://me:0123456789abcdef0123@127.0.0.1:9464/", 1280, 860, "light");
            browser.show(URL, 1280, 860, "light").await("#verdict", "lost 0");
            Files.writeString(token, "another-token-0123456789\n");
            assertEquals("metrics.token-file is changed", daemon.reload());
            browser.show(URL, 1280, 860, "light");
            VethPair.await(() -> !browser.text("body").contains("The pipe"));
        }
    }
}
