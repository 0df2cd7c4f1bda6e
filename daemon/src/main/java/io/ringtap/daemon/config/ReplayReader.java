package io.ringtap.daemon.config;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.OpenException;
import io.ringtap.daemon.config.toml.Problems;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.replay.Replay;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import io.ringtap.inject.replay.Replay.ShortFrames;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.inject.replay.Rewrite;
import io.ringtap.inject.replay.VlanRewrite;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.pcap4j.util.MacAddress;

/** Reads what an {@code [[inject]]} table says of a capture file, and the file. */
final class ReplayReader {
    /** Keys that say nothing without a file. */
    private static final List<String> KEYS =
            List.of("loops", "cut-frames", "long-frames", "short-frames", "max-gap", "rewrite");

    private static final long ONCE = 1;

    private ReplayReader() {}

    /** Notes keys that say nothing, as there is no file. */
    static void refuse(Section section) {
        for (String key : KEYS) {
            if (section.has(key)) {
                section.problem(key, "goes with replay: it is about the frames of a capture file");
            }
        }
    }

    /**
     * Returns what the file holds; absent if it cannot be sent.
     *
     * @param mtuBytes the interface's MTU, if it is there
     */
    static Optional<ReplayFacts> read(Section section, OptionalInt mtuBytes) {
        Optional<Path> file = section.parsed("replay", Path::of);
        Optional<Long> loops = section.number("loops", 0, Long.MAX_VALUE);
        CutFrames cutFrames = section.choice("cut-frames", CutFrames.REFUSE);
        LongFrames longFrames = section.choice("long-frames", LongFrames.REFUSE);
        ShortFrames shortFrames = section.choice("short-frames", ShortFrames.REFUSE);
        Optional<Duration> maxGap = maxGap(section);
        Optional<Rewrite> rewrite = section.has("rewrite")
                ? section.table("rewrite").map(ReplayReader::rewrite)
                : Optional.of(Rewrite.NONE);
        if (file.isEmpty() || rewrite.isEmpty() || (loops.isEmpty() && section.has("loops"))) {
            return Optional.empty();
        }
        try {
            ReplayFacts facts = ReplayFacts.read(new Replay(
                    file.get(), loops.orElse(ONCE), rewrite.get(), cutFrames, longFrames, shortFrames, maxGap));
            if (mtuBytes.isPresent()) {
                facts.problem(mtuBytes.getAsInt()).ifPresent(problem -> section.problem("replay", problem));
            }
            return Optional.of(facts);
        } catch (OpenException e) {
            section.problem("replay", e.getMessage());
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> section.problem(problem.key(), problem.message()));
        }
        return Optional.empty();
    }

    /** In the file's time, which a speed is a multiple of. */
    private static Optional<Duration> maxGap(Section section) {
        if (section.has("max-gap") && (section.has("rate") || section.has("every"))) {
            section.problem("max-gap", "goes with the file's own times: a rate leaves no gaps");
        }
        double speed = section.again(new Problems())
                .decimal("speed", Schedule.MIN_SPEED, Schedule.MAX_SPEED)
                .orElse(1.0);
        return section.duration("max-gap").map(gap -> Schedule.Original.fileTime(gap, speed));
    }

    private static Rewrite rewrite(Section section) {
        Rewrite rewrite = new Rewrite(
                address(section, Field.DESTINATION),
                address(section, Field.SOURCE),
                section.parsed("vlan", VlanRewrite::parse).orElse(VlanRewrite.NONE));
        section.reportUnknownKeys();
        return rewrite;
    }

    private static Optional<MacAddress> address(Section section, Field field) {
        return section.value(field.key(), entry -> FieldEntry.value(field, entry))
                .map(FieldValue::toMac);
    }
}
