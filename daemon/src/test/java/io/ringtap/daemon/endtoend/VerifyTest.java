package io.ringtap.daemon.endtoend;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.ringtap.inject.mark.Mark;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.Content;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import io.ringtap.inject.template.FrameLengths;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.inject.template.Layer;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethFixture;
import io.ringtap.testnet.VethPair;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.util.MacAddress;

/** Marked frames on a link: {@code ringtap verify} says exactly what became of them. */
@Tag("live")
class VerifyTest extends VethFixture {
    private static final int FRAMES = 2_000;

    @TempDir
    private Path folder;

    private static RingtapProcess verify() {
        RingtapProcess verify = RingtapProcess.start("verify", "-i", VethPair.NEAR, "--json");
        verify.awaitErrorLine("ready");
        return verify;
    }

    private static JsonObject report(RingtapProcess verify, int exitCode) {
        verify.signal("INT");
        assertEquals(exitCode, verify.exitCode(), verify.toString());
        return JsonParser.parseString(verify.out().getFirst()).getAsJsonObject();
    }

    private static String counts(JsonObject stream) {
        StringBuilder counts = new StringBuilder();
        for (String count :
                List.of("received", "lost", "duplicated", "reordered", "late", "damaged", "lowest", "highest")) {
            counts.append(count)
                    .append('=')
                    .append(stream.get(count).getAsLong())
                    .append(' ');
        }
        return counts.toString().strip();
    }

    @Test
    void shouldFindAStreamWholeThatRingtapSends() throws Exception {
        Path frame = Files.writeString(folder.resolve("frame.toml"), """
                destination = "02:00:5e:00:53:02"
                length = [60, 590, 1514]
                [mark]
                stream = 7
                first = 4294967290
                """);
        try (RingtapProcess verify = verify();
                RingtapProcess inject = RingtapProcess.start(
                        "inject",
                        "-i",
                        VethPair.FAR,
                        "--frame",
                        frame.toString(),
                        "--count",
                        "" + FRAMES,
                        "--rate",
                        "20kpps")) {
            assertEquals(0, inject.exitCode(), inject.toString());
            FarSender.awaitThrough(VethPair.FAR, FRAMES);
            JsonObject report = report(verify, 0);
            assertEquals(
                    "received=2000 lost=0 duplicated=0 reordered=0 late=0 damaged=0 lowest=4294967290 highest=4294969289",
                    counts(report.getAsJsonArray("streams").get(0).getAsJsonObject()));
        }
    }

    @Test
    void shouldCountExactlyWhatWasLostDuplicatedReorderedAndDamaged() throws Exception {
        CompiledTemplate frames = new FrameTemplate(
                        EnumSet.of(Layer.ETHERNET),
                        Map.of(Field.DESTINATION, FieldValue.of(0x02005e005302L)),
                        Content.NONE,
                        FrameLengths.of(60),
                        List.of(),
                        Optional.of(new Mark(1, 0, true)))
                .compile(MacAddress.getByName("02:00:5e:00:53:01"));
        try (RingtapProcess verify = verify();
                FarSender far = new FarSender()) {
            for (int i = 0; i < FRAMES; i++) {
                byte[] frame = frames.bytes(i, System.currentTimeMillis() * 1_000_000);
                switch (i) {
                    case 100, 101, 102 -> {} // lost
                    case 500 -> { // twice
                        far.send(frame);
                        far.send(frame);
                    }
                    case 900 -> {} // behind its follower
                    case 901 -> {
                        far.send(frame);
                        far.send(frames.bytes(900, System.currentTimeMillis() * 1_000_000));
                    }
                    case 1_300 -> { // its number is not believed: that is lost, too
                        frame[50] ^= 1;
                        far.send(frame);
                    }
                    default -> far.send(frame);
                }
            }
            JsonObject report = report(verify, 1);
            assertEquals(
                    "received=1997 lost=4 duplicated=1 reordered=1 late=0 damaged=1 lowest=0 highest=1999",
                    counts(report.getAsJsonArray("streams").get(0).getAsJsonObject()));
            assertEquals(0, report.get("kernel_dropped").getAsLong());
        }
    }
}
