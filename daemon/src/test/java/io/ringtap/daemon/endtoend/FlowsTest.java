package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.daemon.cli.FlowsCommand;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.SenderFixture;
import io.ringtap.testnet.VethPair;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** {@code ringtap flows} of a running daemon. */
@Tag("live")
class FlowsTest extends SenderFixture {
    private static final int FLOWS = 40;
    private static final int SOURCE_PORT = 34;

    @TempDir
    private Path folder;

    private RingtapProcess run(String mode, int captureThreads, int workerThreads, String... handlers)
            throws Exception {
        StringBuilder config = new StringBuilder("[control]\nsocket = \"" + socket() + "\"\n");
        config.append("[[capture]]\nname = \"uplink\"\ninterface = \"rt0\"\nmode = \"" + mode + "\"\n");
        config.append("threads = " + captureThreads + "\n");
        config.append("[[worker]]\nname = \"talk\"\nthreads = " + workerThreads + "\n");
        for (String handler : handlers) {
            config.append("[[worker.handler]]\n" + handler + "\n");
        }
        Path file = Files.writeString(folder.resolve("ringtap.toml"), config);
        return RingtapProcess.start("run", "--config", file.toString()).awaitReady();
    }

    private Path socket() {
        return folder.resolve("control.sock");
    }

    private List<String> flows(int exitCode, String... options) {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "flows";
        arguments[1] = "--socket";
        arguments[2] = socket().toString();
        System.arraycopy(options, 0, arguments, 3, options.length);
        try (RingtapProcess asking = RingtapProcess.start(arguments)) {
            assertEquals(exitCode, asking.exitCode(), asking.toString());
            return exitCode == 0 ? asking.out() : asking.err();
        }
    }

    /** Asks in this process, which is quicker. */
    private JsonObject json(String... options) {
        StringWriter out = new StringWriter();
        List<String> arguments = new ArrayList<>(List.of("--json", "--socket", socket().toString()));
        arguments.addAll(List.of(options));
        int code = new CommandLine(new FlowsCommand().spec())
                .setOut(new PrintWriter(out))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments.toArray(String[]::new));
        assertEquals(0, code, out.toString());
        assertEquals(1, out.toString().lines().count(), out.toString());
        return JsonParser.parseString(out.toString()).getAsJsonObject();
    }

    /** Of flow n, n frames there and one back. */
    private void sendFlows() {
        byte[] there = FarSender.udp(200);
        byte[] back = FarSender.udp(100);
        ByteBuffer.wrap(back).putInt(26, 0x0a000002).putInt(30, 0x0a000001).putShort(SOURCE_PORT, (short) 5_001);
        for (int n = 1; n <= FLOWS; n++) {
            ByteBuffer.wrap(there).putShort(SOURCE_PORT, (short) (10_000 + n));
            ByteBuffer.wrap(back).putShort(SOURCE_PORT + 2, (short) (10_000 + n));
            for (int i = 0; i < n; i++) {
                far.send(there);
            }
            far.send(back);
        }
    }

    private static long part(JsonObject flow, String direction, String count) {
        return flow.getAsJsonObject(direction).get(count).getAsLong();
    }

    private static void shouldBeTheLargest(JsonArray flows) {
        List<String> got = flows.asList().stream()
                .map(each -> each.getAsJsonObject())
                .map(flow -> flow.get("capture").getAsString() + " "
                        + flow.get("source").getAsString() + ":"
                        + flow.get("source_port") + " "
                        + flow.get("destination").getAsString() + ":"
                        + flow.get("destination_port") + " " + part(flow, "forward", "frames") + " "
                        + part(flow, "forward", "bytes") + " " + part(flow, "reverse", "frames") + " "
                        + part(flow, "reverse", "bytes"))
                .toList();
        List<String> sent = IntStream.range(0, flows.size())
                .map(i -> FLOWS - i)
                .mapToObj(n -> "uplink 10.0.0.1:" + (10_000 + n) + " 10.0.0.2:5001 " + n + " " + 200 * n + " 1 100")
                .toList();
        assertEquals(sent, got);
    }

    @ParameterizedTest
    @CsvSource({"throughput, 1, 1", "throughput, 2, 2", "low-latency, 1, 1"})
    void shouldShowExactlyWhatWasSentThroughAllThreads(String mode, int captureThreads, int workerThreads)
            throws Exception {
        Path ended = folder.resolve("ended.jsonl");
        String handler = "type = \"flows\"\nmemory = \"16 MiB\"\nfile = \"" + ended + "\"";
        int frames = FLOWS * (FLOWS + 1) / 2 + FLOWS;
        try (RingtapProcess ringtap = run(mode, captureThreads, workerThreads, handler)) {
            sendFlows();
            VethPair.await(() -> json("--top", "1000").getAsJsonArray("flows").asList().stream()
                            .map(each -> each.getAsJsonObject())
                            .mapToLong(flow -> part(flow, "forward", "frames") + part(flow, "reverse", "frames"))
                            .sum()
                    == frames);
            JsonObject all = json("--top", "1000", "--by", "frames");
            assertEquals(FLOWS, all.get("active").getAsInt());
            assertEquals(FLOWS, all.getAsJsonArray("flows").size());
            shouldBeTheLargest(all.getAsJsonArray("flows"));
            JsonArray three = json("--top", "3", "--worker", "talk", "--capture", "uplink")
                    .getAsJsonArray("flows");
            assertEquals(3, three.size());
            shouldBeTheLargest(three);
            List<String> table = flows(0, "--top", "2");
            assertEquals(4, table.size(), table.toString());
            assertTrue(
                    table.get(1)
                            .matches("uplink +- +udp +10\\.0\\.0\\.1:10040 +10\\.0\\.0\\.2:5001 +40 +1 +8,000 +100 .*"),
                    table.toString());
            assertEquals("2 of 40 flows", table.get(3));
            shouldFilterAndPrintValues();
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            assertTrue(
                    ringtap.ledger().contains("worker=talk capture=uplink delivered=" + frames + " failed=0 shed=0"));
        }
        List<String> lines = Files.readAllLines(ended);
        assertEquals(FLOWS, lines.size());
        assertEquals(
                frames,
                lines.stream()
                        .map(line -> JsonParser.parseString(line).getAsJsonObject())
                        .mapToLong(flow -> part(flow, "forward", "frames") + part(flow, "reverse", "frames"))
                        .sum());
    }

    private void shouldFilterAndPrintValues() {
        List<String> values =
                flows(0, "--csv", "--filter", "src port 10007 or dst portrange 10008-10008 or port 10009");
        assertEquals(3, values.size(), values.toString());
        List<String> names = List.of(values.getFirst().split(",", -1));
        List<String> flow = List.of(values.get(1).split(",", -1));
        assertEquals(names.size(), flow.size(), values.toString());
        assertEquals("10009", flow.get(names.indexOf("source_port")));
        assertEquals("9", flow.get(names.indexOf("forward.frames")));
        assertEquals(Long.toString(9 * 186), flow.get(names.indexOf("forward.ip_bytes")));
        assertEquals("", flow.get(names.indexOf("conn_state")));
        assertTrue(flow.get(names.indexOf("community_id")).startsWith("1:"), values.toString());
    }

    @Test
    void shouldLookAgainAndAgainIfAskedTo() throws Exception {
        try (RingtapProcess _ = run("throughput", 1, 1, "type = \"flows\"");
                RingtapProcess watching = RingtapProcess.start(
                        "flows",
                        "--socket",
                        socket().toString(),
                        "--watch",
                        "--interval",
                        "0.1",
                        "--json",
                        "--by",
                        "bps")) {
            VethPair.await(() -> watching.out().size() >= 3);
            watching.signal("INT");
            assertEquals(0, watching.exitCode(), watching.toString());
        }
    }

    @Test
    void shouldSayHowToGetFlowsWhereThereAreNone() throws Exception {
        try (RingtapProcess _ = run("throughput", 1, 1, "type = \"count\"")) {
            assertEquals(
                    List.of("ringtap: the daemon at " + socket()
                            + " keeps no flows: give a worker a [[worker.handler]] with type = \"flows\""),
                    flows(1));
        }
        assertTrue(flows(4).getFirst().startsWith("ringtap: no daemon at " + socket()));
        assertTrue(flows(2, "--top", "0").getFirst().startsWith("ringtap: --top: 0: choose 1 to 1000"));
        assertEquals(
                "ringtap: --filter \"prot 80\": what is prot? It knows host, net, port, portrange, src, dst, vlan, tunnel, ip,"
                        + " ip6, proto, and protocols such as tcp; see ringtap flows --help",
                flows(2, "--filter", "prot 80").getFirst());
        assertTrue(flows(2, "--by", "packets").getFirst().startsWith("ringtap: Invalid value for option '--by'"));
    }

    @Test
    void shouldNameAHandlerThatIsStuckAndGoOnShowingStatistics() throws Exception {
        // Takes some seconds: an answer is waited for four seconds.
        String sleeping = "type = \"" + SleepingHandler.class.getName() + "\"\nsleep = \"1 h\"";
        try (RingtapProcess ringtap = run("throughput", 1, 1, "type = \"flows\"", sleeping)) {
            far.sendUdp(1, 200, 0);
            ringtap.awaitErrorLine(SleepingHandler.SAID);
            List<String> refusal = flows(1);
            assertTrue(
                    refusal.getFirst()
                            .contains("handler flows of worker talk on capture uplink, thread 0: "
                                    + "no answer within 4 s: it is busy or blocked"),
                    refusal.toString());
        }
    }
}
