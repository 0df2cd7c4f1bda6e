package io.ringtap.daemon.config;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.daemon.config.toml.Key;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.inject.config.Engine;
import io.ringtap.inject.config.FrameOrigin;
import io.ringtap.inject.config.InjectConfig;
import io.ringtap.inject.config.InjectConfig.Start;
import io.ringtap.inject.config.Ramp;
import io.ringtap.inject.config.Schedule;
import io.ringtap.inject.config.SendRate;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.FrameTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.pcap4j.util.MacAddress;

/** Reads {@code [[inject]]} tables. */
final class InjectReader {
    private static final List<Key<?>> SCHEDULES =
            List.of(InjectKeys.EVERY, InjectKeys.EVERY_FRAMES, InjectKeys.SPEED, InjectKeys.RATE);
    private static final MacAddress ANY_ADDRESS = MacAddress.ETHER_BROADCAST_ADDRESS;

    private final CaptureNames captureNames;
    private final ReferredNames streams;
    private final Function<String, OptionalInt> mtuOf;
    private final UniqueNames names = new UniqueNames();

    InjectReader(CaptureNames captureNames, ReferredNames streams, Function<String, OptionalInt> mtuOf) {
        this.captureNames = captureNames;
        this.streams = streams;
        this.mtuOf = mtuOf;
    }

    /** The stream, absent if it cannot be. */
    Optional<InjectConfig> read(Section section) {
        Optional<String> interfaceName = section.given(InjectKeys.INTERFACE);
        if (!section.has(InjectKeys.INTERFACE)) {
            section.problem(InjectKeys.INTERFACE, "needs a value: the interface to send on");
        }
        Optional<String> name = section.given(InjectKeys.NAME).or(() -> interfaceName);
        name.ifPresent(given -> {
            names.take(given, section);
            streams.add(given);
        });
        Optional<Schedule> schedule = schedule(section, interfaceName.orElse(""));
        Consumer<InjectConfig.Builder> rest = rest(section);
        Optional<FrameOrigin> origin = origin(section, interfaceName);
        if (interfaceName.isEmpty() || name.isEmpty() || schedule.isEmpty() || origin.isEmpty()) {
            return Optional.empty();
        }
        InjectConfig.Builder stream =
                InjectConfig.builder(name.get(), interfaceName.get(), schedule.get(), origin.get());
        rest.accept(stream);
        return attempt(section, stream::build);
    }

    private Optional<FrameOrigin> origin(Section section, Optional<String> interfaceName) {
        if (!section.has(InjectKeys.REPLAY)) {
            ReplayReader.refuse(section);
            return frame(section, interfaceName).map(FrameOrigin.Template::new);
        }
        if (section.has(FrameKeys.TABLE.name())) {
            section.problem(FrameKeys.TABLE.name(), "a stream has a frame or a replay, not both");
            ReplayReader.leave(section);
            return Optional.empty();
        }
        return ReplayReader.read(section, interfaceName.map(mtuOf).orElse(OptionalInt.empty()))
                .map(FrameOrigin.File::new);
    }

    /** Reads what every stream has a default for. */
    private static Consumer<InjectConfig.Builder> rest(Section section) {
        Optional<Long> burst = section.given(InjectKeys.BURST);
        Optional<Ramp> ramp = ramp(section);
        Optional<Duration> delay = section.given(InjectKeys.DELAY);
        Optional<Long> count = section.given(InjectKeys.COUNT);
        Optional<Duration> duration = section.given(InjectKeys.DURATION);
        Start start = section.value(InjectKeys.START);
        Engine engine = engine(section);
        return stream -> {
            burst.ifPresent(frames -> stream.burst(frames.intValue()));
            ramp.ifPresent(stream::ramp);
            delay.ifPresent(stream::delay);
            count.ifPresent(stream::count);
            duration.ifPresent(stream::duration);
            stream.start(start).engine(engine);
        };
    }

    private static Optional<Ramp> ramp(Section section) {
        Optional<SendRate> from = section.given(InjectKeys.RAMP_FROM);
        if (section.has(InjectKeys.RAMP_FROM) && !section.has(InjectKeys.RAMP)) {
            section.problem(InjectKeys.RAMP_FROM, "goes with ramp: the time in which the rate rises from it");
        }
        return section.given(InjectKeys.RAMP).flatMap(over -> attempt(section, () -> new Ramp(over, from)));
    }

    private static <T> Optional<T> attempt(Section section, Supplier<T> make) {
        try {
            return Optional.of(make.get());
        } catch (InvalidConfigException e) {
            e.problems().forEach(problem -> section.problem(problem.key(), problem.message()));
            return Optional.empty();
        }
    }

    private Optional<Schedule> schedule(Section section, String interfaceName) {
        Optional<Schedule> every = section.given(InjectKeys.EVERY).flatMap(interval -> every(section, interval));
        Optional<Schedule> rate = section.given(InjectKeys.RATE);
        Optional<Schedule> everyFrames = section.given(InjectKeys.EVERY_FRAMES)
                .flatMap(frames ->
                        counted(section, interfaceName).map(capture -> new Schedule.EveryFrames(frames, capture)));
        if (section.has(InjectKeys.CAPTURE) && !section.has(InjectKeys.EVERY_FRAMES)) {
            section.problem(InjectKeys.CAPTURE, "goes with every-frames: it says which capture's frames count");
        }
        Optional<Schedule> original = section.given(InjectKeys.SPEED).map(Schedule.Original::new);
        List<String> given =
                SCHEDULES.stream().filter(section::has).map(Key::name).toList();
        if (given.isEmpty() && section.has(InjectKeys.REPLAY)) {
            return Optional.of(new Schedule.Original(1));
        }
        if (given.isEmpty()) {
            section.problem(InjectKeys.EVERY, "needs a value: the time between frames (or give every-frames or rate)");
        } else if (given.size() > 1) {
            section.problem(given.getLast(), "a stream has one of " + String.join(" and ", given) + ", not more");
        }
        return Stream.of(every, everyFrames, rate, original)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Engine engine(Section section) {
        Engine.Name name = section.value(InjectKeys.ENGINE);
        Optional<Engine> engine = Engine.of(name, section.value(InjectKeys.QDISC_BYPASS));
        if (engine.isEmpty()) {
            section.problem(
                    InjectKeys.QDISC_BYPASS,
                    "goes with engine = " + Quoted.of(Engine.withBypass()) + ": the others have no choice");
        }
        return engine.orElse(Engine.SENDPACKET);
    }

    private static Optional<Schedule> every(Section section, Duration interval) {
        return attempt(section, () -> new Schedule.Every(interval));
    }

    private Optional<String> counted(Section section, String interfaceName) {
        if (section.has(InjectKeys.CAPTURE)) {
            Optional<String> capture = section.given(InjectKeys.CAPTURE);
            capture.flatMap(captureNames::problemWith)
                    .ifPresent(problem -> section.problem(InjectKeys.CAPTURE, problem));
            return capture;
        }
        Optional<String> capture = captureNames.countedBy(interfaceName);
        if (capture.isEmpty()) {
            section.problem(
                    InjectKeys.EVERY_FRAMES,
                    captureNames.names().isEmpty()
                            ? "there is no capture whose frames could count"
                            : "counts the frames of one capture: say which by capture = one of " + captureNames.list());
        }
        return capture;
    }

    private Optional<FrameTemplate> frame(Section section, Optional<String> interfaceName) {
        Optional<Section> table = section.table(FrameKeys.TABLE);
        if (!section.has(FrameKeys.TABLE.name())) {
            section.problem(FrameKeys.TABLE.name(), "needs an [inject.frame] table");
        }
        Optional<FrameTemplate> frame = table.flatMap(TemplateReader::read);
        table.ifPresent(Section::reportUnknownKeys);
        interfaceName.ifPresent(
                name -> frame.ifPresent(template -> checkMtu(table.orElseThrow(), template, mtuOf.apply(name))));
        return frame;
    }

    private static void checkMtu(Section frame, FrameTemplate template, OptionalInt mtuBytes) {
        CompiledTemplate frames = template.compile(ANY_ADDRESS);
        if (mtuBytes.isPresent() && frames.neededMtuBytes() > mtuBytes.getAsInt()) {
            frame.problem(FrameKeys.LENGTH, frames.tooLongFor(mtuBytes.getAsInt()));
        }
    }
}
