package io.ringtap.daemon.cli.option;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.OpenException;
import io.ringtap.daemon.config.FrameFile;
import io.ringtap.daemon.config.toml.ConfigException;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.replay.Replay;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import io.ringtap.inject.replay.Replay.ShortFrames;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.inject.replay.Rewrite;
import io.ringtap.inject.replay.VlanRewrite;
import io.ringtap.inject.template.Content;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import io.ringtap.inject.template.FrameLengths;
import io.ringtap.inject.template.FrameTemplate;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pcap4j.util.MacAddress;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of {@code ringtap inject} that say which frames it sends. */
public final class FrameOptions {
    @ArgGroup(multiplicity = "1")
    private Origin origin;

    private static final class Origin {
        @Option(
                names = "--frame",
                paramLabel = "FILE",
                description = "Frames of a template: a TOML file with the keys of [inject.frame] (inject/STREAMS.md).")
        private Path frame;

        @Option(
                names = "--hex",
                paramLabel = "HEX",
                description = "This whole frame, from its destination address on, as it is.")
        private String hex;

        @Option(names = "--replay", paramLabel = "FILE", description = "The frames of a pcap or pcapng file.")
        private Path replay;

        /** Returns what the stream is called in messages: after its file. */
        private String stream() {
            Path file = replay != null ? replay : frame;
            if (file == null) {
                return "hex";
            }
            Path last = Optional.ofNullable(file.getFileName()).orElse(file);
            Path told = last.toString().equals(InjectConfig.HANDLERS) ? file.toAbsolutePath() : last;
            return told.toString().replaceAll("\\s", "_");
        }
    }

    @ArgGroup(exclusive = false, heading = "With --replay:%n")
    private ReplayKeys keys;

    private static final class ReplayKeys {
        @Option(
                names = "--loops",
                paramLabel = "N",
                description = "Send the file so often; 0: until told to stop. (default: 1)")
        private Long loops;

        @Option(names = "--destination", paramLabel = "ADDRESS", description = "Set the destination address.")
        private String destination;

        @Option(names = "--source", paramLabel = "ADDRESS", description = "Set the source address.")
        private String source;

        @Option(
                names = "--vlan",
                paramLabel = "CHANGE",
                description =
                        "\"set ID\" (of the outermost tag), \"add ID\" (before all others), or \"remove\" (the outermost).")
        private String vlan;

        @Option(
                names = "--cut-frames",
                paramLabel = "WHAT",
                description =
                        "Of frames of which the file holds only the beginning: refuse (default), send, or pad with zeros.")
        private CutFrames cutFrames;

        @Option(
                names = "--long-frames",
                paramLabel = "WHAT",
                description = "Of frames longer than the MTU allows: refuse (default), or count as failed.")
        private LongFrames longFrames;

        @Option(
                names = "--short-frames",
                paramLabel = "WHAT",
                description =
                        "Of frames shorter than an Ethernet header, which no interface takes: refuse (default), or count as"
                                + " failed.")
        private ShortFrames shortFrames;
    }

    /** Returns whether the frames are those of a file. */
    public boolean isReplay() {
        return origin.replay != null;
    }

    /** The file that is replayed, if one is. */
    public Optional<Path> replayed() {
        return Optional.ofNullable(origin.replay);
    }

    /**
     * A stream of them.
     *
     * @throws IllegalArgumentException that says what is wrong with which option
     */
    public InjectConfig.Builder stream(String interfaceName, PaceOptions pace) throws OpenException, ConfigException {
        if (origin.replay != null) {
            ReplayFacts facts = ReplayFacts.read(replay(pace.maxGap()));
            return InjectConfig.builder(origin.stream(), interfaceName, pace.ofReplay(), facts);
        }
        if (keys != null) {
            throw new IllegalArgumentException(
                    "--loops, --destination, --source, --vlan, --cut-frames, --long-frames and --short-frames go with --replay");
        }
        FrameTemplate template = origin.frame != null ? FrameFile.read(origin.frame) : raw(origin.hex);
        return InjectConfig.builder(origin.stream(), interfaceName, pace.ofTemplate(), template);
    }

    private Replay replay(Optional<Duration> maxGap) {
        ReplayKeys given = keys == null ? new ReplayKeys() : keys;
        Rewrite rewrite = new Rewrite(
                address("--destination", Field.DESTINATION, given.destination),
                address("--source", Field.SOURCE, given.source),
                vlan(given.vlan));
        return new Replay(
                origin.replay,
                given.loops == null ? 1 : given.loops,
                rewrite,
                given.cutFrames == null ? CutFrames.REFUSE : given.cutFrames,
                given.longFrames == null ? LongFrames.REFUSE : given.longFrames,
                given.shortFrames == null ? ShortFrames.REFUSE : given.shortFrames,
                maxGap);
    }

    private static VlanRewrite vlan(String text) {
        try {
            return text == null ? VlanRewrite.NONE : VlanRewrite.parse(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--vlan " + e.getMessage(), e);
        }
    }

    private static Optional<MacAddress> address(String option, Field field, String text) {
        try {
            return Optional.ofNullable(text).map(field::text).map(FieldValue::toMac);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    option + " must be " + field.kind().wanted() + ", not \"" + text + "\"", e);
        }
    }

    private static FrameTemplate raw(String hex) {
        try {
            Content content = new Content.RawFrame(HexFormat.of().formatHex(Content.parseHex(hex)));
            return new FrameTemplate(Set.of(), Map.of(), content, FrameLengths.OF_CONTENT, List.of(), Optional.empty());
        } catch (InvalidConfigException e) {
            throw new IllegalArgumentException(
                    "--hex " + e.problems().getFirst().message(), e);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--hex " + e.getMessage(), e);
        }
    }
}
