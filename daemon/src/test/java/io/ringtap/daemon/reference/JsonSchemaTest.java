package io.ringtap.daemon.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema as a validator that others made takes it: Debian's python3-jsonschema. */
class JsonSchemaTest {
    private static final Pattern BLOCK = Pattern.compile("```toml\n(.*?)```", Pattern.DOTALL);

    @TempDir
    private Path folder;

    @Test
    void shouldTakeWhatIsInstalledAndWhatDocumentsShow() throws Exception {
        List<String> configurations = new ArrayList<>();
        String installed = Files.readString(Path.of("../systemd/ringtap.toml"));
        configurations.add(installed);
        configurations.add(installed.replaceAll("(?m)^#(?=[a-z\\[])", ""));
        for (String document : List.of("../README.md", "../inject/STREAMS.md", "../capture/BUILT-IN.md")) {
            Matcher blocks = BLOCK.matcher(Files.readString(Path.of(document)));
            while (blocks.find()) {
                if (!blocks.group(1).startsWith("[inject.frame]")) { // a part of a stream
                    configurations.add(blocks.group(1));
                }
            }
        }
        assertEquals(configurations.stream().map(_ -> "ok").toList(), verdicts(configurations));
    }

    @Test
    void shouldTakeWhatTheReaderTakesAndSayWhereItRefuses() throws Exception {
        Map<String, String> expected = new LinkedHashMap<>();
        for (String good : List.of("\"64 MiB\"", "\"1.5GiB\"", "\" 9 kB \"", "65536")) {
            expected.put("[[capture]]\ninterface = \"a\"\nbuffer = " + good, "ok");
        }
        for (String bad : List.of("\"64\"", "\"64 mib\"", "\"-1 MiB\"", "1", "-65536", "true")) {
            expected.put("[[capture]]\ninterface = \"a\"\nbuffer = " + bad, "capture.0.buffer");
        }
        expected.put("[[capture]]\ntimeout = 10", "capture.0.timeout");
        expected.put("[[capture]]\ntimeout = \"10 µs\"", "ok");
        expected.put("[[capture]]\nmode = \"fast\"", "capture.0.mode");
        expected.put("[[capture]]\nbufer = \"64 MiB\"", "capture.0");
        expected.put("[[capture]]\nsnaplen = 0", "ok");
        expected.put("[[capture]]\nsnaplen = 13", "capture.0.snaplen");
        expected.put("[[capture]]\nthreads = 65", "capture.0.threads");
        expected.put("[[capture]]\npace = \"original\"", "ok");
        expected.put("[[capture]]\npace = \"originally\"", "capture.0.pace");
        expected.put("[[capture]]\nfanout = [\"rollover\"]", "ok");
        expected.put("[[capture]]\nfanout = [\"roll\"]", "capture.0.fanout.0");
        expected.put("[capture]\ninterface = \"a\"", "capture");
        expected.put("[[worker]]\nsample = 0", "worker.0.sample");
        expected.put("[[worker]]\nsample = 1", "ok");
        expected.put("[[worker]]\n[[worker.handler]]\ntype = \"log\"\nevery = 0", "worker.0.handler.0.every");
        expected.put("[[worker]]\n[[worker.handler]]\ntype = \"log\"\nfilter = \"udp\"\nevery = 1", "ok");
        expected.put("[[worker]]\n[[worker.handler]]\ntype = \"log\"\nevry = 1", "worker.0.handler.0");
        expected.put("[[worker]]\n[[worker.handler]]\ntype = \"org.example.Own\"\nevry = 1", "ok");
        expected.put("[[inject]]\nrate = \"10 Mbps\"", "ok");
        expected.put("[[inject]]\nrate = \"max\"", "ok");
        expected.put("[[inject]]\nrate = \"10 MB/s\"", "inject.0.rate");
        expected.put("[[inject]]\nframe.destination = \"02:00:5e:00:53:02\"", "ok");
        expected.put("[[inject]]\nframe.destination = \"02:00:5e:00:53\"", "inject.0.frame.destination");
        expected.put("[[inject]]\nframe.tcp.flags = [\"syn\", \"ack\"]", "ok");
        expected.put("[[inject]]\nframe.ipv4.ttl = 256", "inject.0.frame.ipv4.ttl");
        expected.put("[[inject]]\nframe.length = \"imix\"", "ok");
        expected.put("[contrl]", "");
        assertEquals(List.copyOf(expected.values()), verdicts(List.copyOf(expected.keySet())));
    }

    private List<String> verdicts(List<String> configurations) throws IOException, InterruptedException {
        Path schema = Files.writeString(folder.resolve("schema.json"), JsonSchema.text());
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < configurations.size(); i++) {
            names.append(Files.writeString(folder.resolve(i + ".toml"), configurations.get(i)))
                    .append('\n');
        }
        Path script = Path.of("src/test/resources/io/ringtap/daemon/reference/validate.py");
        Process python = new ProcessBuilder("/usr/bin/python3", script.toString(), schema.toString())
                .redirectInput(Files.writeString(folder.resolve("names"), names).toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, python.waitFor(), said);
        return List.of(said.split("\n", -1)).subList(0, configurations.size());
    }
}
