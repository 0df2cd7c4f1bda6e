package io.ringtap.daemon.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.daemon.DaemonConfig;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.template.Content;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SetOptionTest {
    private static final String TWO_CAPTURES =
            "[[capture]]\ninterface = \"a\"\nbuffer = \"1 MiB\"\n[[capture]]\ninterface = \"b\"\n";
    private static final String STREAM =
            "[[inject]]\ninterface = \"a\"\nevery = \"1 s\"\nframe.destination = \"aa:bb:cc:dd:ee:ff\"\n";

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {"128 MiB", "128MiB", "\"128 MiB\"", "'128 MiB'", "134217728", "0x8000000", "134_217_728"})
    void shouldSetAKeyInEveryTableHoweverItsValueIsQuoted(String value) throws ConfigException {
        DaemonConfig config = ConfigText.read(TWO_CAPTURES, "capture.buffer=" + value);
        assertEquals(
                List.of(128L << 20, 128L << 20),
                config.captures().stream().map(CaptureConfig::bufferBytes).toList());
    }

    @Test
    void shouldAllowWhiteSpaceAroundTheEqualsSignAndMoreOfTheseWithin() throws ConfigException {
        DaemonConfig config = ConfigText.read(TWO_CAPTURES, " capture . filter = ether[0] == 1 ");
        assertEquals("ether[0] == 1", config.captures().getFirst().filter());
    }

    @Test
    void shouldTakeTheLastOfTwo() throws ConfigException {
        DaemonConfig config = ConfigText.read(TWO_CAPTURES, "capture.threads=2", "capture.threads=3");
        assertEquals(3, config.captures().getFirst().threads());
    }

    @Test
    void shouldTakeWhatLooksLikeANumberAsTextWhereATextIsWanted() throws ConfigException {
        assertEquals(
                new Content.Payload("11223344"),
                ConfigText.template(ConfigText.read(STREAM, "inject.frame.payload=11223344")
                                .injects()
                                .getFirst())
                        .content());
        CaptureConfig capture =
                onlyCapture("eth7", "capture.name=007", "capture.interface=12", "capture.filter=2026-01-01");
        assertEquals("007", capture.name());
        assertEquals(new CaptureOrigin.Live("12", CaptureOrigin.Missing.FAIL), capture.origin());
        assertEquals("2026-01-01", capture.filter());
    }

    @Test
    void shouldNotReadASecondKeyOutOfAValue() throws ConfigException {
        assertEquals("a\nb = 1", onlyCapture("eth7", "capture.filter=a\nb = 1").filter());
    }

    @Test
    void shouldReachTheInterfaceOptionsCapture() throws ConfigException {
        assertEquals(1 << 20, onlyCapture("eth7", "capture.buffer=1 MiB").bufferBytes());
    }

    @Test
    void shouldReachTheDefaultWorkerAndItsHandler() throws ConfigException {
        DaemonConfig config = ConfigText.reader()
                .read(ConfigSource.interfaceOnly(
                        "eth7",
                        "worker.threads=2",
                        "worker.captures=[\"eth7\"]",
                        "worker.handler.type=log",
                        "worker.handler.every=10"));
        WorkerConfig worker = config.workers().getFirst();
        assertEquals(2, worker.threads());
        assertEquals(List.of("eth7"), worker.captures());
        ConfigText.Log log =
                (ConfigText.Log) worker.handlers().getFirst().supplier().get();
        assertEquals(10, log.every());
    }

    @Test
    void shouldReachATableWithinATableAndMakeItWhereThereIsNone() throws ConfigException {
        InjectConfig stream = ConfigText.read(
                        "[[inject]]\ninterface = \"a\"\n",
                        "inject.every=1 s",
                        "inject.frame.destination=aa:bb:cc:dd:ee:ff",
                        "inject.frame.payload=01 02")
                .injects()
                .getFirst();
        assertEquals(new Content.Payload("0102"), ConfigText.template(stream).content());
    }

    @Test
    void shouldMakeTheControlAndMetricsTables() throws ConfigException {
        DaemonConfig config = ConfigText.read(TWO_CAPTURES, "control.socket=/tmp/x", "metrics.listen=127.0.0.1:1");
        assertEquals(Path.of("/tmp/x"), config.controlSocket());
        assertEquals(1, config.metricsListen().orElseThrow().getPort());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "capture.bufer=1 | --set capture.bufer: unknown key (did you mean buffer?)",
                "capture.buffer=big | --set capture.buffer: must be a size such as \"64 MiB\", not \"big\"",
                "capture.buffer=1 B | --set capture.buffer: must be from 64 KiB to 2047 MiB, not \"1 B\"",
                "capture.timeout=10 | --set capture.timeout: must be a time such as \"10 ms\", not the number 10",
                "capture.threads=two | --set capture.threads: must be a whole number, not \"two\"",
                "capture.mode= | --set capture.mode: must be \"throughput\" or \"low-latency\", not \"\"",
                "captur.buffer=1 | --set captur.buffer: captur: unknown table (did you mean capture?)",
                "capture.buffer.size=1 | --set capture.buffer.size: capture.buffer is not a table but \"1 MiB\"",
                "capture.tuning.size=1 | --set capture.tuning.size: capture.tuning: unknown table",
                "inject.count=1 | --set inject.count: there is no [[inject]] to set it in",
                "worker.captures=[\"x\"] | --set worker.captures: there is no capture \"x\": there is a, b",
                "worker.handler.evry=1 | --set worker.handler.evry: unknown key",
                "worker.handler=1 | --set worker.handler: must be written [[worker.handler]], in double brackets,"
                        + " not the number 1",
                "control.sock=1 | --set control.sock: unknown key (did you mean socket?)",
                "buffer=1 | --set buffer: must be a table, a key and a value, as in capture.buffer=\"128 MiB\"",
                "capture.buffer | --set capture.buffer: must be a table, a key and a value, as in capture.buffer=\"128 MiB\"",
                "capture..buffer=1 | --set capture..buffer: must be a table, a key and a value, as in"
                        + " capture.buffer=\"128 MiB\"",
                "=1 | --set : must be a table, a key and a value, as in capture.buffer=\"128 MiB\"",
            })
    void shouldNameTheOptionThatIsWrong(String setting, String problem) {
        assertEquals(problem, ConfigText.problems(withBuffers(), setting).getFirst());
    }

    @Test
    void shouldReportAnOptionOnceForAllItsTablesAndAfterTheFilesProblems() {
        assertEquals(
                List.of(
                        "f:3:1: capture.zebra: unknown key",
                        "--set capture.buffer: must be a size such as \"64 MiB\", not \"big\"",
                        "--set capture.threads: must be from 1 to 64, not the number 0"),
                ConfigText.problems(
                        "[[capture]]\ninterface = \"a\"\nzebra = 1\n[[capture]]\ninterface = \"b\"",
                        "capture.buffer=big",
                        "capture.threads=0"));
    }

    @Test
    void shouldSayThatThereIsNoCaptureToSetAKeyIn() {
        assertEquals(
                List.of("--set capture.buffer: there is no [[capture]] to set it in"),
                ConfigText.problems(STREAM, "capture.buffer=1 MiB"));
        assertEquals(
                List.of("--set worker.threads: there is no [[worker]] to set it in"),
                ConfigText.problems(STREAM, "worker.threads=1"));
        assertEquals(
                List.of(
                        "f:3:1: worker.handler: needs at least one [[worker.handler]]",
                        "--set worker.handler.type: there is no [[worker.handler]] to set it in"),
                ConfigText.problems("[[capture]]\ninterface = \"a\"\n[[worker]]", "worker.handler.type=log"));
    }

    @Test
    void shouldSurviveAHostileValue() {
        String deep = "[".repeat(100_000);
        ConfigException refusal = assertThrows(
                ConfigException.class,
                () -> ConfigText.reader().read(ConfigSource.interfaceOnly("eth7", "capture.mode=" + deep)));
        assertEquals(
                List.of("--set capture.mode: must be \"throughput\" or \"low-latency\", not \"" + "[".repeat(60)
                        + "…\""),
                refusal.problems());
    }

    private static String withBuffers() {
        return "[[capture]]\ninterface = \"a\"\nbuffer = \"1 MiB\"\n[[capture]]\ninterface = \"b\"\nbuffer = \"1 MiB\"\n";
    }

    private static CaptureConfig onlyCapture(String interfaceName, String... settings) throws ConfigException {
        return ConfigText.reader()
                .read(new ConfigSource(Optional.empty(), Optional.of(interfaceName), List.of(settings)))
                .captures()
                .getFirst();
    }
}
