package io.ringtap.handler.flows;

import static io.ringtap.handler.flows.FlowFrames.at;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.testkit.HandlerTrial;
import io.ringtap.testkit.TestContext;
import io.ringtap.testkit.TestSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What records say of TCP connections. */
class TcpFlowsTest {
    private static final Pattern RECORD = Pattern.compile("\"source_port\":(\\d+).*\"forward\":\\{\"frames\":(\\d+).*"
            + "\"reverse\":\\{\"frames\":(\\d+).*\"conn_state\":\"(\\w+)\",\"syn_first\":(\\w+).*\"end\":\"(\\w+)\"");

    @TempDir
    private Path folder;

    /** Records in the order in which they ended: source port, frames there and back, state, whether SYN came first, the end. */
    private List<String> records(String segments) throws IOException {
        Path file = folder.resolve("flows.jsonl");
        try (HandlerTrial trial = HandlerTrial.start(
                TestSettings.of("file", file.toString()).make(FlowsHandler::new), new TestContext().ofFile())) {
            double second = 0;
            for (String segment : segments.split(" ", -1)) {
                boolean forward = segment.startsWith(">");
                int flags = flags(segment.substring(1));
                trial.frames(at(
                        second,
                        forward
                                ? FlowFrames.tcp(1, 4_000, 2, 80, flags, 0)
                                : FlowFrames.tcp(2, 80, 1, 4_000, flags, 0)));
                second += 0.25;
            }
        }
        return Files.readAllLines(file).stream().map(TcpFlowsTest::record).toList();
    }

    private static int flags(String letters) {
        return letters.chars()
                .map(letter -> 0x80 >>> "CEUAPRSF".indexOf(letter))
                .sum();
    }

    private static String record(String line) {
        Matcher m = RECORD.matcher(line);
        assertEquals(true, m.find(), line);
        return m.group(1) + " " + m.group(2) + " " + m.group(3) + " " + m.group(4) + " " + m.group(5) + " "
                + m.group(6);
    }

    @Test
    void shouldBeginANewRecordWithTheSynThatUsesAPortAgain() throws IOException {
        String connection = ">S <SA >A >PA <A >FA <FA >A";
        assertEquals(
                List.of("4000 5 3 SF true closed", "4000 5 3 SF true stop"), records(connection + " " + connection));
    }

    @Test
    void shouldBeginANewRecordWithASynAfterAReset() throws IOException {
        assertEquals(List.of("4000 1 1 REJ true closed", "4000 2 1 S1 true stop"), records(">S <RA >S <SA >A"));
    }

    @Test
    void shouldTakeTheSideThatOpensTheNextConnectionForItsSource() throws IOException {
        assertEquals(List.of("4000 2 0 SH true closed", "80 1 1 S1 true stop"), records(">S >F <S >SA"));
    }

    @Test
    void shouldTakeARepeatedSynForTheSameConnections() throws IOException {
        assertEquals(List.of("4000 2 0 S0 true stop"), records(">S >S"));
        Files.delete(folder.resolve("flows.jsonl"));
        assertEquals(List.of("4000 4 2 S1 true stop"), records(">S >S <SA <SA >S >A"));
    }

    @Test
    void shouldBeginNoRecordWithASynThatAnswers() throws IOException {
        assertEquals(List.of("4000 1 2 RSTR true stop"), records(">S <RA <SA"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', textBlock = """
            S0;     true;  >S
            S1;     true;  >S <SA >A >PA <A
            S1;     true;  >S <S
            SF;     true;  >S <SA >A >FA <FA >A
            SF;     false; >A <A >FA <FA
            REJ;    true;  >S <RA
            S2;     true;  >S <SA >A >FA <A
            S2;     false; >FA
            S3;     true;  >S <SA >A <FA >A
            S3;     false; >A <FA
            RSTO;   true;  >S <SA >A >R <R
            RSTR;   true;  >S <SA >A <RA >R
            RSTR;   false; >A <R
            RSTOS0; true;  >S >R
            RSTRH;  false; <SA <R
            SH;     true;  >S >FA
            SHR;    false; <SA <FA
            OTH;    false; >A <A
            OTH;    false; <SA <A
            """)
    void shouldSayHowFarAConnectionHasComeAsZeekDoes(String state, boolean synFirst, String segments)
            throws IOException {
        List<String> fields = List.of(records(segments).getFirst().split(" ", -1));
        assertEquals(List.of(state, Boolean.toString(synFirst)), fields.subList(3, 5));
    }
}
