package io.ringtap.daemon.config;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.OpenException;
import io.ringtap.daemon.config.toml.Key;
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
import io.ringtap.inject.template.FieldValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** Reads what an {@code [[inject]]} table says of a capture file, and the file. */
final class ReplayReader {
    private ReplayReader() {}

    private static List<String> names() {
        return Stream.concat(InjectKeys.OF_REPLAY.stream().map(Key::name), Stream.of(InjectKeys.REWRITE.name()))
                .toList();
    }

    /** Leaves them as they are: what they say of a file is of no use. */
    static void leave(Section section) {
        names().forEach(section::has);
    }

    /** Notes keys that say nothing, as there is no file. */
    static void refuse(Section section) {
        for (String key : names()) {
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
        Optional<Path> file = section.given(InjectKeys.REPLAY);
        Optional<Long> loops = section.given(InjectKeys.LOOPS);
        CutFrames cutFrames = section.value(InjectKeys.CUT_FRAMES);
        LongFrames longFrames = section.value(InjectKeys.LONG_FRAMES);
        ShortFrames shortFrames = section.value(InjectKeys.SHORT_FRAMES);
        Optional<Duration> maxGap = maxGap(section);
        Optional<Rewrite> rewrite = section.has(InjectKeys.REWRITE.name())
                ? section.table(InjectKeys.REWRITE).map(ReplayReader::rewrite)
                : Optional.of(Rewrite.NONE);
        if (file.isEmpty() || rewrite.isEmpty() || (loops.isEmpty() && section.has(InjectKeys.LOOPS))) {
            return Optional.empty();
        }
        try {
            ReplayFacts facts = ReplayFacts.read(new Replay(
                    file.get(),
                    section.value(InjectKeys.LOOPS),
                    rewrite.get(),
                    cutFrames,
                    longFrames,
                    shortFrames,
                    maxGap));
            if (mtuBytes.isPresent()) {
                facts.problem(mtuBytes.getAsInt()).ifPresent(problem -> section.problem(InjectKeys.REPLAY, problem));
            }
            return Optional.of(facts);
        } catch (OpenException e) {
            section.problem(InjectKeys.REPLAY, e.getMessage());
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> section.problem(problem.key(), problem.message()));
        }
        return Optional.empty();
    }

    /** In the file's time, which a speed is a multiple of. */
    private static Optional<Duration> maxGap(Section section) {
        if (section.has(InjectKeys.MAX_GAP) && (section.has(InjectKeys.RATE) || section.has(InjectKeys.EVERY))) {
            section.problem(InjectKeys.MAX_GAP, "goes with the file's own times: a rate leaves no gaps");
        }
        double speed = section.again(new Problems()).value(InjectKeys.SPEED);
        return section.given(InjectKeys.MAX_GAP).map(gap -> Schedule.Original.fileTime(gap, speed));
    }

    private static Rewrite rewrite(Section section) {
        Rewrite rewrite = new Rewrite(
                section.given(InjectKeys.REWRITE_DESTINATION).map(FieldValue::toMac),
                section.given(InjectKeys.REWRITE_SOURCE).map(FieldValue::toMac),
                section.given(InjectKeys.REWRITE_VLAN).orElse(VlanRewrite.NONE));
        section.reportUnknownKeys();
        return rewrite;
    }
}
