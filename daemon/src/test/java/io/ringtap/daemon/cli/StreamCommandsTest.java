package io.ringtap.daemon.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.daemon.control.ControlRights;
import io.ringtap.daemon.control.ControlServer;
import io.ringtap.daemon.control.StreamCalls;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.Ramp;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.stream.StreamCommand;
import io.ringtap.inject.stream.StreamState;
import io.ringtap.inject.stream.StreamStatus;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.InjectCounts;
import io.ringtap.ledger.PaceReport;
import io.ringtap.ledger.PaceReport.Deviation;
import io.ringtap.ledger.PaceReport.Throughput;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.util.MacAddress;

/** {@code ringtap stream} against a control server whose streams only note what they are told. */
class StreamCommandsTest {
    private static final FrameTemplate FRAME =
            FrameTemplate.of(MacAddress.getByName("aa:bb:cc:dd:ee:ff"), Optional.empty(), 0x88b5, "");
    private static final StreamStatus ALARM = status("alarm", StreamState.ENDED, new Schedule.Rate(1_500), 7);
    private static final StreamStatus BEACON =
            status("beacon", StreamState.RUNNING, new Schedule.Every(Duration.ofMillis(1_500)), 0);
    private static final StreamStatus MARK =
            status("mark", StreamState.RUNNING, new Schedule.EveryFrames(100_000, "uplink"), 0);

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final List<String> told = new ArrayList<>();
    private List<StreamStatus> streams = List.of(ALARM, BEACON, MARK);
    private CompletableFuture<StreamStatus> done = CompletableFuture.completedFuture(ALARM);

    @TempDir
    private Path folder;

    private Path socket;
    private ControlServer server;

    @BeforeEach
    void open() throws Exception {
        socket = folder.resolve("c.sock");
        StreamCalls calls = new StreamCalls(new StreamCalls.Streams() {
            @Override
            public List<StreamStatus> statuses() {
                return streams;
            }

            @Override
            public CompletableFuture<StreamStatus> command(String stream, StreamCommand command) {
                told.add(stream + " " + command);
                return done;
            }
        });
        server = ControlServer.open(socket, calls.reads(), calls.changes(), new ControlRights(Optional.empty()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    private static StreamStatus status(String name, StreamState state, Schedule schedule, long count) {
        return new StreamStatus(
                new InjectCounts(name, "ens192", 1_234, 5, new TreeMap<>(Map.of("link_down", 5L))),
                state,
                InjectConfig.builder(name, "ens192", schedule, FRAME)
                        .count(count)
                        .build(),
                2,
                0);
    }

    private int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of("stream"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--socket", socket.toString()));
        return RingtapCommand.commandLine(new StopSignal())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }

    @Test
    void shouldListStreamsInATable() {
        assertEquals(0, run("list"), err.toString());
        assertEquals("""
                STREAM  INTERFACE  STATE    FRAMES DUE                      OF      STARTS   SENT  FAILED  ACHIEVED  LATE P99
                alarm   ens192     ended    1,500 pps                       7            2  1,234       5         -         -
                beacon  ens192     running  every 1.5 s                     no end       2  1,234       5         -         -
                mark    ens192     running  every 100,000 frames of uplink  no end       2  1,234       5         -         -
                """, out.toString());
    }

    @Test
    void shouldListStreamsAsJson() {
        assertEquals(0, run("list", "--json"), err.toString());
        JsonArray streams =
                JsonParser.parseString(out.toString()).getAsJsonObject().getAsJsonArray("streams");
        assertEquals(3, streams.size());
        JsonObject mark = streams.get(2).getAsJsonObject();
        assertEquals(
                "{\"name\":\"mark\",\"interface\":\"ens192\",\"state\":\"running\",\"every_frames\":100000,"
                        + "\"capture\":\"uplink\",\"count\":0,\"starts\":2,\"loops\":0,\"sent\":1234,\"failed\":5}",
                mark.toString());
    }

    @Test
    void shouldListEveryKeyOfAPaceAndHowItIsKept() {
        InjectConfig config = InjectConfig.builder("paced", "ens192", new Schedule.BitRate(2_500_000), FRAME)
                .burst(10)
                .ramp(new Ramp(Duration.ofMinutes(2), Optional.of(new Schedule.BitRate(100_000))))
                .delay(Duration.ofMillis(5))
                .duration(Duration.ofHours(1))
                .count(7)
                .build();
        PaceReport pace = new PaceReport(
                Optional.of(new Throughput(250, OptionalDouble.of(2_500_000))),
                new Throughput(249, OptionalDouble.of(2_490_000)),
                Optional.of(new Deviation(1_000, 80_000, 90_000, 2_000_000)));
        streams = List.of(new StreamStatus(
                new InjectCounts("paced", "ens192", 6, 0, new TreeMap<>(), GapCounts.NONE, Optional.of(pace)),
                StreamState.RUNNING,
                config,
                1,
                0));
        assertEquals(0, run("list"), err.toString());
        String row = out.toString().lines().toList().getLast();
        assertEquals(
                List.of(
                        "paced",
                        "ens192",
                        "running",
                        "2,500,000 bit/s in bursts of 10",
                        "7, 3,600 s",
                        "1",
                        "6",
                        "0",
                        "2,490,000 bit/s",
                        "80.0 us"),
                List.of(row.split(" {2,}", -1)));
        out.getBuffer().setLength(0);
        assertEquals(0, run("list", "--json"), err.toString());
        assertEquals(
                "{\"streams\":[{\"name\":\"paced\",\"interface\":\"ens192\",\"state\":\"running\","
                        + "\"rate_bps\":2500000.0,\"burst\":10,\"ramp_seconds\":120,\"ramp_from\":100000.0,"
                        + "\"delay_seconds\":0.005,\"count\":7,\"duration_seconds\":3600,\"starts\":1,\"loops\":0,"
                        + "\"sent\":6,\"failed\":0,\"asked_pps\":250,\"asked_bps\":2500000,\"achieved_pps\":249,"
                        + "\"achieved_bps\":2490000,\"deviation_p50_seconds\":0.000001,"
                        + "\"deviation_p99_seconds\":0.00008,\"deviation_p999_seconds\":0.00009,"
                        + "\"deviation_max_seconds\":0.002}]}",
                out.toString().strip());
    }

    @Test
    void shouldShowHowManyFramesABurstHas() {
        InjectConfig config = InjectConfig.builder("marks", "ens192", new Schedule.EveryFrames(1_000, "uplink"), FRAME)
                .burst(10)
                .build();
        streams = List.of(new StreamStatus(MARK.counts(), StreamState.RUNNING, config, 1, 0));
        assertEquals(0, run("list"), err.toString());
        assertTrue(out.toString().contains("  10 every 1,000 frames of uplink  "), out.toString());
    }

    @Test
    void shouldTellTheDaemonWhatToDoAndShowTheStream() {
        assertEquals(0, run("start", "alarm"), err.toString());
        assertTrue(out.toString().contains("alarm   ens192     ended"), out.toString());
        assertEquals(0, run("stop", "beacon", "--json"), err.toString());
        assertEquals(0, run("rate", "alarm", "1.5 kpps"), err.toString());
        assertEquals(0, run("rate", "alarm", "10Mbit/s"), err.toString());
        assertEquals(0, run("rate", "alarm", "max"), err.toString());
        assertEquals(
                List.of(
                        "alarm Start[]",
                        "beacon Stop[]",
                        "alarm Pace[rate=Rate[framesPerSecond=1500.0]]",
                        "alarm Pace[rate=BitRate[bitsPerSecond=1.0E7]]",
                        "alarm Pace[rate=TopSpeed[]]"),
                told);
    }

    @Test
    void shouldFailWhereTheDaemonRefuses() {
        assertEquals(1, run("start", "alram"));
        assertError("refused: there is no stream \"alram\": there are alarm, beacon, mark");
        assertEquals(List.of(), told);
        done = CompletableFuture.failedFuture(new RejectedExecutionException("too many commands wait for alarm"));
        assertEquals(1, run("stop", "alarm"));
        assertError("refused: too many commands wait for alarm");
        done = new CompletableFuture<>();
        assertEquals(1, run("stop", "alarm"));
        assertError("the stream's thread is busy");
    }

    @Test
    void shouldRefuseWrongUsageAndSayThatThereIsNoDaemon() {
        assertEquals(2, run());
        assertEquals(2, run("start"));
        assertEquals(2, run("rate", "alarm"));
        assertEquals(2, run("rate", "alarm", "fast"));
        assertTrue(
                err.toString()
                        .contains(
                                "RATE must be \"max\" or a rate such as \"350 kpps\", not \"fast\"; see ringtap stream rate --help"),
                err.toString());
        assertEquals(2, run("rate", "alarm", "0pps"));
        assertEquals(2, run("rate", "alarm", "1000Mpps"));
        assertTrue(
                err.toString().contains("RATE must be from 0.000001 to 10000000 frames a second, not 1000000000"),
                err.toString());
        assertEquals(2, run("pause", "alarm"));
        server.close();
        assertEquals(4, run("list"));
        assertError("no daemon at " + socket);
        assertEquals(List.of(), told);
    }

    @Test
    void shouldHelpWithEachOfItsCommands() {
        for (String command : List.of("list", "start", "stop", "rate")) {
            out.getBuffer().setLength(0);
            assertEquals(0, run(command, "--help"), err.toString());
            assertTrue(out.toString().startsWith("Usage: ringtap stream " + command), out.toString());
        }
    }

    private void assertError(String part) {
        String last = err.toString().lines().reduce("", (a, b) -> b);
        assertTrue(last.startsWith("ringtap: "), last);
        assertTrue(last.contains(part), last);
    }
}
