package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.ringtap.daemon.control.ControlRights;
import io.ringtap.daemon.control.ControlServer;
import io.ringtap.daemon.control.ReloadCall;
import io.ringtap.daemon.control.ReloadRefusedException;
import io.ringtap.daemon.control.ReloadRefusedException.Reason;
import io.ringtap.daemon.control.ReloadReport;
import io.ringtap.daemon.control.ReloadReport.Change;
import io.ringtap.daemon.control.ReloadReport.Part;
import io.ringtap.daemon.control.StopCall;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code ringtap reload} and {@code ringtap stop} against a control server that does as the test wants. */
class ReloadCommandTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private volatile ReloadCall.Reloading reloading =
            () -> new ReloadReport(List.of(new Part("uplink", Change.FILTERED)), List.of(), List.of());
    private Path socket;
    private ControlServer server;
    private volatile boolean ended;

    @BeforeEach
    void open() throws Exception {
        socket = folder.resolve("c.sock");
        Map<String, Function<JsonObject, JsonElement>> changes = Map.of(
                "reload",
                ReloadCall.call(() -> reloading.reload()),
                "stop",
                StopCall.call(() -> Thread.ofPlatform().start(this::closeSoon), () -> Duration.ofSeconds(5)));
        server = ControlServer.open(socket, Map.of(), changes, new ControlRights(Optional.empty()));
    }

    private void closeSoon() {
        try {
            Thread.sleep(200); // in which a stop that does not wait returns
            ended = true;
            server.close();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        server.close();
    }

    private int run(String... arguments) {
        CommandLine line = RingtapCommand.commandLine(new StopSignal());
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(err, true));
        String[] all = new String[arguments.length + 2];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        all[arguments.length] = "--socket";
        all[arguments.length + 1] = socket.toString();
        return line.execute(all);
    }

    @Test
    void shouldSayWhatHasChanged() {
        assertEquals(0, run("reload"), err.toString());
        assertEquals("reloaded: capture uplink has another filter\n", out.toString());
        reloading = () -> new ReloadReport(List.of(new Part("uplink", Change.UNCHANGED)), List.of(), List.of());
        assertEquals(0, run("reload"));
        assertEquals(
                "reloaded: nothing has changed", out.toString().lines().toList().getLast());
        assertEquals(0, run("reload", "--json"));
        assertEquals(
                "{\"captures\":[{\"name\":\"uplink\",\"change\":\"unchanged\"}],\"streams\":[],\"keys\":[],"
                        + "\"text\":\"nothing has changed\"}",
                out.toString().lines().toList().getLast());
    }

    @Test
    void shouldPrintEveryProblemAsRunDoesAndEndWith2() {
        reloading = () -> {
            throw new ReloadRefusedException(
                    Reason.BAD_CONFIGURATION, List.of("f.toml:1:2: capture: a", "f.toml:3:4: inject: b"));
        };
        assertEquals(2, run("reload"));
        assertEquals("f.toml:1:2: capture: a\nf.toml:3:4: inject: b\n", err.toString());
        assertEquals("", out.toString());
    }

    @Test
    void shouldEndWith1WhereTheConfigurationIsGoodButCannotBeTaken() {
        reloading = () -> {
            throw new ReloadRefusedException(Reason.FAILED, List.of("capture lan: cannot open rt9: no such interface"));
        };
        assertEquals(1, run("reload"));
        assertEquals(
                "ringtap: the daemon at " + socket + " refused: capture lan: cannot open rt9: no such interface\n",
                err.toString());
    }

    @Test
    void shouldStopTheDaemonAndReturnWhenItHasEnded() {
        assertEquals(0, run("stop"), err.toString());
        assertTrue(ended);
        assertEquals(4, run("stop"));
        assertEquals(4, run("reload"));
    }
}
