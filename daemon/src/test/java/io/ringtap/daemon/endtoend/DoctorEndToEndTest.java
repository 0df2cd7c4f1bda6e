package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor says of a real interface is true. */
@Tag("live")
class DoctorEndToEndTest extends VethFixture {
    @TempDir
    private Path folder;

    private static JsonObject doctor(int exitCode, String... arguments) {
        List<String> command = new ArrayList<>(List.of("doctor", "-i", "rt0", "--json"));
        command.addAll(List.of(arguments));
        try (RingtapProcess ringtap = RingtapProcess.start(command.toArray(String[]::new))) {
            assertEquals(exitCode, ringtap.exitCode(), ringtap.toString());
            return JsonParser.parseString(ringtap.out().getFirst()).getAsJsonObject();
        }
    }

    /** A finding about the interface or its capture, which no other program's doing can change. */
    private static Optional<JsonObject> finding(JsonObject answer, String check) {
        return answer.getAsJsonArray("findings").asList().stream()
                .map(JsonElement::getAsJsonObject)
                .filter(finding -> finding.get("check").getAsString().equals(check))
                .findFirst();
    }

    @Test
    void shouldTellWhatIsTrueOfAVethPair() {
        JsonObject offloads = finding(doctor(0), "offloads").orElseThrow(); // the pair has GRO on
        assertEquals("note", offloads.get("severity").getAsString());
        VethPair.run("sh", "-c", offloads.get("cure").getAsString());
        JsonObject cured = doctor(0);
        assertTrue(cured.get("ok").getAsBoolean());
        assertEquals(Optional.empty(), finding(cured, "offloads"));
        assertEquals(Optional.empty(), finding(cured, "receive-ring"));
        assertEquals(Optional.empty(), finding(cured, "driver-counters"));
        assertEquals(Optional.empty(), finding(cured, "interface"));
        assertEquals(Optional.empty(), finding(cured, "other-captures"));
    }

    @Test
    void shouldEndWithOneWhereFramesWillBeLost() {
        pair.set(VethPair.NEAR, false);
        JsonObject down = doctor(1);
        assertFalse(down.get("ok").getAsBoolean());
        assertEquals(
                "loss", finding(down, "interface").orElseThrow().get("severity").getAsString());
        pair.set(VethPair.NEAR, true);
        JsonObject small = doctor(1, "--set", "capture.buffer=256 KiB");
        assertEquals(
                "loss",
                finding(small, "kernel-ring").orElseThrow().get("severity").getAsString());
    }

    @Test
    void shouldSeeWhoElseCaptures() {
        try (RingtapProcess other =
                RingtapProcess.start("run", "-i", "rt0", "--set", "control.socket=" + folder + "/s")) {
            other.awaitReady();
            JsonObject others = finding(doctor(0), "other-captures").orElseThrow();
            assertTrue(others.get("evidence").getAsString().contains("ringtap (process "), others.toString());
        }
    }

    @Test
    void shouldTellTheTwoWorstAtAStart() {
        try (RingtapProcess ringtap = RingtapProcess.start(
                "run",
                "-i",
                "rt0",
                "--set",
                "capture.mode=low-latency",
                "--set",
                "capture.filter=ether proto 0x8100",
                "--set",
                "control.socket=" + folder + "/s")) {
            ringtap.awaitReady();
            ringtap.signal("TERM");
            assertEquals(0, ringtap.exitCode(), ringtap.toString());
            List<String> told = ringtap.err().stream()
                    .filter(line -> line.contains(" WARN ") && line.contains(" doctor: "))
                    .toList();
            assertEquals(2, told.size(), ringtap.toString());
            assertTrue(told.getFirst().contains("GRO"), told.toString());
            assertTrue(told.getLast().endsWith("cure: filter = \"vlan\""), told.toString());
        }
    }
}
