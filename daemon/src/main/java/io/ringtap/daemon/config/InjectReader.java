package io.ringtap.daemon.config;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.daemon.config.toml.Section;
import io.ringtap.daemon.config.value.InterfaceName;
import io.ringtap.daemon.config.value.Quoted;
import io.ringtap.daemon.config.value.StreamRate;
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
    private static final List<String> SCHEDULES = List.of("every", "every-frames", "speed", "rate");
    private static final MacAddress ANY_ADDRESS = MacAddress.ETHER_BROADCAST_ADDRESS;

    private final CaptureNames captureNames;
    private final StreamNames streams;
    private final Function<String, OptionalInt> mtuOf;
    private final UniqueNames names = new UniqueNames();

    InjectReader(CaptureNames captureNames, StreamNames streams, Function<String, OptionalInt> mtuOf) {
        this.captureNames = captureNames;
        this.streams = streams;
        this.mtuOf = mtuOf;
    }

    /** The stream, absent if it cannot be. */
    Optional<InjectConfig> read(Section section) {
        Optional<String> interfaceName = section.parsed("interface", InterfaceName::parse);
        if (!section.has("interface")) {
            section.problem("interface", "needs a value: the interface to send on");
        }
        Optional<String> name = section.text("name").or(() -> interfaceName);
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
        if (!section.has("replay")) {
            ReplayReader.refuse(section);
            return frame(section, interfaceName).map(FrameOrigin.Template::new);
        }
        if (section.has("frame")) {
            section.problem("frame", "a stream has a frame or a replay, not both");
            return Optional.empty();
        }
        return ReplayReader.read(section, interfaceName.map(mtuOf).orElse(OptionalInt.empty()))
                .map(FrameOrigin.File::new);
    }

    /** Reads what every stream has a default for. */
    private static Consumer<InjectConfig.Builder> rest(Section section) {
        Optional<Long> burst = section.number("burst", 1, InjectConfig.MAX_BURST);
        Optional<Ramp> ramp = ramp(section);
        Optional<Duration> delay = section.duration("delay");
        Optional<Long> count = section.number("count", 0, Long.MAX_VALUE);
        Optional<Duration> duration = section.duration("duration");
        Start start = section.choice("start", Start.AUTO);
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
        Optional<SendRate> from = section.rate("ramp-from", StreamRate::parse);
        if (section.has("ramp-from") && !section.has("ramp")) {
            section.problem("ramp-from", "goes with ramp: the time in which the rate rises from it");
        }
        return section.duration("ramp").flatMap(over -> attempt(section, () -> new Ramp(over, from)));
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
        Optional<Schedule> every = section.duration("every").flatMap(interval -> every(section, interval));
        Optional<Schedule> rate = section.rate("rate", text -> (Schedule) StreamRate.parseAsked(text));
        Optional<Schedule> everyFrames = section.number("every-frames", 1, Long.MAX_VALUE)
                .flatMap(frames ->
                        counted(section, interfaceName).map(capture -> new Schedule.EveryFrames(frames, capture)));
        if (section.has("capture") && !section.has("every-frames")) {
            section.problem("capture", "goes with every-frames: it says which capture's frames count");
        }
        Optional<Schedule> original =
                section.decimal("speed", Schedule.MIN_SPEED, Schedule.MAX_SPEED).map(Schedule.Original::new);
        List<String> given = SCHEDULES.stream().filter(section::has).toList();
        if (given.isEmpty() && section.has("replay")) {
            return Optional.of(new Schedule.Original(1));
        }
        if (given.isEmpty()) {
            section.problem("every", "needs a value: the time between frames (or give every-frames or rate)");
        } else if (given.size() > 1) {
            section.problem(given.getLast(), "a stream has one of " + String.join(" and ", given) + ", not more");
        }
        return Stream.of(every, everyFrames, rate, original)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Engine engine(Section section) {
        Engine.Name name = section.choice("engine", Engine.Name.SENDPACKET);
        Optional<Engine> engine = Engine.of(name, section.flag("qdisc-bypass").orElse(false));
        if (engine.isEmpty()) {
            section.problem(
                    "qdisc-bypass",
                    "goes with engine = " + Quoted.of(Engine.withBypass()) + ": the others have no choice");
        }
        return engine.orElse(Engine.SENDPACKET);
    }

    private static Optional<Schedule> every(Section section, Duration interval) {
        return attempt(section, () -> new Schedule.Every(interval));
    }

    private Optional<String> counted(Section section, String interfaceName) {
        if (section.has("capture")) {
            Optional<String> capture = section.text("capture");
            capture.flatMap(captureNames::problemWith).ifPresent(problem -> section.problem("capture", problem));
            return capture;
        }
        Optional<String> capture = captureNames.countedBy(interfaceName);
        if (capture.isEmpty()) {
            section.problem(
                    "every-frames",
                    captureNames.names().isEmpty()
                            ? "there is no capture whose frames could count"
                            : "counts the frames of one capture: say which by capture = one of " + captureNames.list());
        }
        return capture;
    }

    private Optional<FrameTemplate> frame(Section section, Optional<String> interfaceName) {
        Optional<Section> table = section.table("frame");
        if (!section.has("frame")) {
            section.problem("frame", "needs an [inject.frame] table");
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
            frame.problem("length", frames.tooLongFor(mtuBytes.getAsInt()));
        }
    }
}
