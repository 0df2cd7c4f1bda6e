package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.daemon.control.ControlClient;
import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.plugin.JarOfSources;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plug-ins in a running daemon. */
@Tag("live")
class PluginTest extends SenderFixture {
    private static final String CHECKED = "-Dringtap.checked-frames=true";

    @TempDir
    private Path folder;

    private Path plugins() throws Exception {
        return Files.createDirectories(folder.resolve("plugins"));
    }

    /** A configuration of one handler; its keys begin in line 5. */
    private String config(String handler) throws Exception {
        return Files.writeString(folder.resolve("ringtap.toml"), """
                        [[capture]]
                        interface = "rt0"
                        [[worker]]
                        [[worker.handler]]
                        %s
                        [control]
                        socket = "%s"
                        """.formatted(handler, folder.resolve("control.sock")))
                .toString();
    }

    private RingtapProcess run(Installation installation, Path plugins, String handler) throws Exception {
        return RingtapProcess.startAs(
                List.of(), installation, "run", "--config", config(handler), "--plugins", plugins.toString());
    }

    private JsonObject stats() {
        String socket = folder.resolve("control.sock").toString();
        try (RingtapProcess stats = RingtapProcess.start("stats", "--socket", socket, "--json")) {
            assertEquals(0, stats.exitCode(), stats.toString());
            return JsonParser.parseString(stats.out().getFirst()).getAsJsonObject();
        }
    }

    private void await(String count, long frames) {
        VethPair.await(() -> workers().get(0).getAsJsonObject().get(count).getAsLong() == frames);
    }

    private JsonArray workers() {
        try {
            return new ControlClient(folder.resolve("control.sock"), VethPair.HANG)
                    .call("stats")
                    .getAsJsonObject()
                    .getAsJsonArray("workers");
        } catch (ControlException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldRunTheExampleOfTheDocumentationAsMavenBuildsIt() throws Exception {
        Path jar = ExamplePlugin.build(folder);
        String handler = "type = \"oversize\"\nabove = 1_000\nreport-to = \"02:00:5e:00:53:07\"";
        try (FarFrames arriving = FarFrames.open(folder);
                RingtapProcess ringtap = run(Installation.here().with(CHECKED), jar, handler)) {
            ringtap.awaitReady();
            far.sendUdp(20, 1_000, 0);
            far.sendUdp(5, 1_200, 0);
            far.sendUdp(1, 1_400, 0);
            await("delivered", 26);
            List<String> arrived = arriving.decoded(6);
            String report = "02:00:5e:00:53:07 02:00:5e:00:53:07 0x88b5 0000%04x" + "00".repeat(42);
            assertEquals(5, Collections.frequency(arrived, report.formatted(1_200)), arrived::toString);
            assertEquals(1, Collections.frequency(arrived, report.formatted(1_400)), arrived::toString);
            assertEquals(
                    "[{\"worker\":\"default\",\"capture\":\"rt0\",\"type\":\"oversize\","
                            + "\"table\":{\"bytes\":{\"largest\":1400},\"frames\":{\"oversize\":6,\"reported\":6}},"
                            + "\"gauges\":[\"largest\"]}]",
                    stats().getAsJsonArray("handlers").toString());
            assertEquals(
                    List.of(
                            "worker default handler oversize on rt0 thread 0: largest frame so far: 1200 bytes",
                            "worker default handler oversize on rt0 thread 0: largest frame so far: 1400 bytes"),
                    ringtap.err().stream()
                            .filter(line -> line.contains("largest"))
                            .map(line -> line.replaceFirst(".* handler - ", ""))
                            .toList());
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertEquals(
                    List.of(
                            "capture=rt0 interface=rt0 received=26 kernel_dropped=0 published=26",
                            "worker=default capture=rt0 delivered=26 failed=0 shed=0",
                            "inject=handlers sent=6 failed=0",
                            "ledger lost=0 unaccounted=0"),
                    ringtap.ledger());
        }
    }

    @Test
    void shouldCountWhatAPluginSendsAndWhatIsRefusedWhenTheQueueIsFull() throws Exception {
        new JarOfSources()
                .type("org.example.Flood", "flood", "API_VERSION", """
                        return new FrameHandler() {
                            private HandlerContext context;
                            @Override public void onStart(HandlerContext given) { context = given; }
                            @Override public void onFrame(Frame frame) {
                                long taken = 0;
                                for (int i = 0; i < 50_000; i++) {
                                    taken += context.sender().send(new byte[60]) ? 1 : 0;
                                }
                                context.counter("frames", "taken").add(taken);
                                context.counter("frames", "refused").add(50_000 - taken);
                            }
                        };""")
                .write(plugins().resolve("flood.jar"));
        try (RingtapProcess ringtap = run(Installation.here(), plugins(), "type = \"flood\"")) {
            ringtap.awaitReady();
            far.sendUdp(1, 60, 0);
            await("delivered", 1);
            JsonObject row = stats().getAsJsonArray("handlers")
                    .get(0)
                    .getAsJsonObject()
                    .getAsJsonObject("table")
                    .getAsJsonObject("frames");
            long refused = row.get("refused").getAsLong();
            assertTrue(refused > 0, row::toString);
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertTrue(
                    ringtap.ledger()
                            .contains("inject=handlers sent=" + row.get("taken").getAsLong() + " failed=" + refused),
                    () -> row + " " + ringtap);
        }
    }

    @Test
    void shouldTellInCheckedModeOfAHandlerThatKeepsItsFrame() throws Exception {
        new JarOfSources()
                .type("org.example.Keeper", "keeper", "API_VERSION", """
                        return new FrameHandler() {
                            private Frame kept;
                            @Override public void onFrame(Frame frame) {
                                if (kept != null) { kept.length(); }
                                kept = frame;
                            }
                        };""")
                .write(plugins().resolve("keeper.jar"));
        try (RingtapProcess ringtap = run(Installation.here().with(CHECKED), plugins(), "type = \"keeper\"")) {
            ringtap.awaitReady();
            far.sendUdp(3, 60, 0);
            ringtap.awaitErrorLine(
                    "BorrowedFrameException: handler keeper used a borrowed frame after onFrame had returned:"
                            + " a frame is valid only until onFrame returns, on the thread that got it; frame.copy() keeps it");
            await("failed", 2);
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertTrue(
                    ringtap.ledger().contains("worker=default capture=rt0 delivered=1 failed=2 shed=0"),
                    ringtap.toString());
        }
    }

    /** Runs it to its end, which must come with exit code 2 and nothing on standard output. */
    private static List<String> refusals(List<String> becoming, Installation installation, String... arguments) {
        try (RingtapProcess ringtap = RingtapProcess.startAs(becoming, installation, arguments)) {
            assertEquals(2, ringtap.exitCode(), ringtap.toString());
            assertEquals(List.of(), ringtap.out());
            return ringtap.err();
        }
    }

    @Test
    void shouldCheckAPluginsOwnKeysAtTheirPlaces() throws Exception {
        new JarOfSources()
                .source("org.example.Part", "package org.example; class Part { }")
                .without("org.example.Part")
                .type("org.example.Sized", "sized", "API_VERSION", """
                        settings.number("size", 1, 1, 9);
                        settings.texts("names");
                        return frame -> {};""")
                .type("org.example.Torn", "torn", "API_VERSION", "new Part(); return frame -> {};")
                .write(plugins().resolve("a.jar"));
        String file = config("type = \"sized\"\nsiz = 3\nsize = 10\nnames = [\"a\", 1]");
        List<String> expected = List.of(
                file + ":6:1: worker.handler.siz: unknown key (did you mean size?)",
                file + ":7:1: worker.handler.size: must be from 1 to 9, not the number 10",
                file + ":8:15: worker.handler.names: must be a text in quotes, not the number 1");
        String jars = plugins().toString();
        for (String[] arguments : List.of(
                new String[] {"run", "--config", file, "--plugins", jars},
                new String[] {"check-config", file, "--plugins", jars})) {
            assertEquals(expected, refusals(List.of(), Installation.here(), arguments));
        }
        assertEquals(
                List.of(file + ":5:1: worker.handler.type: \"torn\" of plug-in " + jars
                        + "/a.jar cannot be made: the class"
                        + " org.example.Part is missing: put it where the handler's own class is"),
                refusals(List.of(), Installation.here(), "check-config", config("type = \"torn\""), "--plugins", jars));
        String unknown = refusals(
                        List.of(), Installation.here(), "check-config", config("type = \"size\""), "--plugins", jars)
                .getFirst();
        assertTrue(unknown.startsWith(file + ":5:1: worker.handler.type: must be \"count\" or "), unknown);
        assertTrue(unknown.contains(" or \"sized\" or \"torn\""), unknown);
        assertTrue(unknown.endsWith("not \"size\" (did you mean sized?)"), unknown);
    }

    @Test
    void shouldStartNothingWithAPluginThatCannotBeUsed() throws Exception {
        Files.writeString(plugins().resolve("a.jar"), "");
        Files.writeString(plugins().resolve("b.jar"), "");
        List<String> lines = refusals(
                List.of(),
                Installation.here(),
                "run",
                "--config",
                config("type = \"count\""),
                "--plugins",
                plugins().toString());
        assertEquals(2, lines.size(), lines::toString);
        assertTrue(lines.getFirst().startsWith("ringtap: plug-in " + plugins() + "/a.jar: is no jar"), lines::toString);
        String none = folder.resolve("none").toString();
        assertEquals(
                List.of("ringtap: plug-in folder " + none + ": there is none: make it, or leave --plugins out"),
                refusals(List.of(), Installation.here(), "run", "-i", "rt0", "--plugins", none));
    }

    @Test
    void shouldSayThatThePluginFolderMayNotBeRead() throws Exception {
        Path copies = Files.createDirectory(folder.resolve("copies"));
        VethPair.run("chmod", "755", folder.toString());
        Installation installation = Installation.copiedTo(copies);
        VethPair.run("chmod", "000", plugins().toString());
        String[] run = {"run", "-i", "rt0", "--plugins", plugins().toString()};
        assertEquals(
                List.of("ringtap: plug-in folder " + plugins()
                        + ": permission denied: let this user read the folder and search those it is in"),
                refusals(Privileges.none(), installation, run));
    }
}
