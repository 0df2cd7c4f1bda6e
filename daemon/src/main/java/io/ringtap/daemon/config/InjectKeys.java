package io.ringtap.daemon.config;

import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Kind;
import io.ringtap.daemon.config.toml.Schema;
import io.ringtap.daemon.config.value.InterfaceName;
import io.ringtap.daemon.config.value.StreamRate;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InjectConfig.Start;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.SendRate;
import io.ringtap.inject.replay.Replay.CutFrames;
import io.ringtap.inject.replay.Replay.LongFrames;
import io.ringtap.inject.replay.Replay.ShortFrames;
import io.ringtap.inject.replay.VlanRewrite;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The keys of {@code [[inject]]}, but for what is in its {@code [inject.frame]}. */
final class InjectKeys {
    static final Key<String> NAME = Key.text("name");
    static final Key<String> INTERFACE = Key.form("interface", "the name of an interface", InterfaceName::parse);
    static final Key<Duration> EVERY = Key.time("every", Schedule.MAX_INTERVAL);
    static final Key<Schedule> RATE = Key.of(
            "rate", new Kind.Rate<>("\"max\" or a rate " + StreamRate.limits(), "^max$|" + StreamRate.pattern(), text ->
                    (Schedule) StreamRate.parseAsked(text)));
    static final Key<Long> EVERY_FRAMES = Key.of("every-frames", new Kind.Whole(1, Long.MAX_VALUE, false));
    static final Key<String> CAPTURE = Key.text("capture");
    static final Key<Long> BURST = Key.whole("burst", 1, 1, InjectConfig.MAX_BURST);
    static final Key<Long> COUNT = Key.whole("count", 0, 0, Long.MAX_VALUE);
    static final Key<Duration> DURATION = Key.time("duration", Schedule.MAX_INTERVAL);
    static final Key<Duration> DELAY = Key.time("delay", Duration.ZERO, Duration.ZERO, Schedule.MAX_INTERVAL);
    static final Key<Duration> RAMP = Key.time("ramp", Schedule.MAX_INTERVAL);
    static final Key<SendRate> RAMP_FROM = Key.of("ramp-from", sendRate());
    static final Key<Engine.Name> ENGINE = Key.choice("engine", Engine.Name.SENDPACKET);
    static final Key<Boolean> QDISC_BYPASS = Key.flag("qdisc-bypass", false);
    static final Key<Start> START = Key.choice("start", Start.AUTO);

    static final Key<Path> REPLAY = Key.form("replay", "a path", Path::of);
    static final Key<Double> SPEED =
            new Key<>("speed", new Kind.Decimal(Schedule.MIN_SPEED, Schedule.MAX_SPEED, false), Optional.of(1.0));
    static final Key<Long> LOOPS = Key.whole("loops", 1, 0, Long.MAX_VALUE);
    static final Key<CutFrames> CUT_FRAMES = Key.choice("cut-frames", CutFrames.REFUSE);
    static final Key<LongFrames> LONG_FRAMES = Key.choice("long-frames", LongFrames.REFUSE);
    static final Key<ShortFrames> SHORT_FRAMES = Key.choice("short-frames", ShortFrames.REFUSE);
    static final Key<Duration> MAX_GAP = Key.time("max-gap", Kind.Time.ANY);

    static final Key<FieldValue> REWRITE_DESTINATION = HeaderKeys.key(Field.DESTINATION);
    static final Key<FieldValue> REWRITE_SOURCE = HeaderKeys.key(Field.SOURCE);
    static final Key<VlanRewrite> REWRITE_VLAN = Key.of(
            "vlan",
            new Kind.Form<>(
                    "\"set ID\", \"add ID\" or \"remove\", with an ID from 0 to 4094",
                    "^\\s*((set|add) [0-9]{1,4}|remove)\\s*$",
                    VlanRewrite::parse));
    static final Schema REWRITE = Schema.table("rewrite", List.of(REWRITE_DESTINATION, REWRITE_SOURCE, REWRITE_VLAN));

    /** Those that say nothing without a file. */
    static final List<Key<?>> OF_REPLAY = List.of(LOOPS, CUT_FRAMES, LONG_FRAMES, SHORT_FRAMES, MAX_GAP);

    static final Schema TABLE = Schema.tables(
            ConfigKeys.INJECT,
            List.of(
                    NAME,
                    INTERFACE,
                    EVERY,
                    RATE,
                    EVERY_FRAMES,
                    CAPTURE,
                    BURST,
                    COUNT,
                    DURATION,
                    DELAY,
                    RAMP,
                    RAMP_FROM,
                    ENGINE,
                    QDISC_BYPASS,
                    START,
                    REPLAY,
                    SPEED,
                    LOOPS,
                    CUT_FRAMES,
                    LONG_FRAMES,
                    SHORT_FRAMES,
                    MAX_GAP),
            FrameKeys.TABLE,
            REWRITE);

    private InjectKeys() {}

    static Kind<SendRate> sendRate() {
        return new Kind.Rate<>("a rate " + StreamRate.limits(), StreamRate.pattern(), StreamRate::parse);
    }
}
