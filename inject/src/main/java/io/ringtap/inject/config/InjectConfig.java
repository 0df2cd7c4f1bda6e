package io.ringtap.inject.config;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import io.ringtap.inject.replay.ReplayFacts;
import io.ringtap.inject.template.FrameTemplate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A stream of frames to send. Immutable and valid; made by a {@link Builder}.
 *
 * @param name what the stream is called in configuration and statistics; not {@value #HANDLERS}
 * @param interfaceName where it sends
 * @param schedule when its frames fall due
 * @param burst how many fall due at once, so many every interval, at the rate on average, or for so many captured frames: 1 to
 *     {@value #MAX_BURST}
 * @param ramp how it comes to its rate; absent for at once
 * @param delay how long it waits at each start, before anything else
 * @param count frames after which it ends, those that could not be sent included, at each start anew; 0 for ever
 * @param duration when it ends, from its start and the delay on; absent for never
 * @param origin where they come from
 * @param start what starts it
 * @param engine what sends them
 */
public record InjectConfig(
        String name,
        String interfaceName,
        Schedule schedule,
        int burst,
        Optional<Ramp> ramp,
        Duration delay,
        long count,
        Optional<Duration> duration,
        FrameOrigin origin,
        Start start,
        Engine engine) {
    /** The name under which frames that handlers send are counted. */
    public static final String HANDLERS = "handlers";

    /** More is a schedule of its own. */
    public static final int MAX_BURST = 1_000_000;

    /** The event that starts a stream. */
    public enum Start {
        /** It runs from the beginning. */
        AUTO,
        /** It waits for a handler, or for {@code ringtap stream start}. */
        MANUAL
    }

    /** Checks everything. @throws InvalidConfigException with every problem there is */
    public InjectConfig {
        List<Problem> problems = new ArrayList<>();
        if (name.isBlank() || name.chars().anyMatch(Character::isWhitespace)) {
            problems.add(new Problem("name", "must not be empty or hold white space"));
        }
        if (name.equals(HANDLERS)) {
            problems.add(new Problem("name", "must not be '" + HANDLERS + "': frames that handlers send count there"));
        }
        if (interfaceName.isBlank()) {
            problems.add(new Problem("interface", "must not be empty"));
        }
        if (count < 0) {
            problems.add(new Problem("count", "must be 0 (for ever) or more, not " + count));
        }
        checkPace(schedule, burst, ramp, problems);
        origin.problems(schedule, burst, engine).forEach(problems::add);
        if (delay.isNegative() || delay.compareTo(Schedule.MAX_INTERVAL) > 0) {
            problems.add(new Problem("delay", "must be from 0 to " + Schedule.MAX_INTERVAL.toDays() + " days"));
        }
        duration.filter(time -> !time.isPositive() || time.compareTo(Schedule.MAX_INTERVAL) > 0)
                .ifPresent(_ -> problems.add(new Problem(
                        "duration", "must be more than 0 and at most " + Schedule.MAX_INTERVAL.toDays() + " days")));
        if (!problems.isEmpty()) {
            throw new InvalidConfigException(problems);
        }
    }

    private static void checkPace(Schedule schedule, int burst, Optional<Ramp> ramp, List<Problem> problems) {
        if (burst < 1 || burst > MAX_BURST) {
            problems.add(new Problem("burst", "must be from 1 to " + MAX_BURST + " frames, not " + burst));
        }
        boolean inTurns = schedule instanceof Schedule.Every
                || schedule instanceof Schedule.EveryFrames
                || schedule instanceof SendRate;
        if (burst > 1 && !inTurns) {
            problems.add(new Problem("burst", "goes with every, every-frames, or a rate"));
        }
        if (ramp.isPresent() && !(schedule instanceof SendRate)) {
            problems.add(new Problem("ramp", "goes with a rate: it is how the stream comes to it"));
        }
        if (schedule instanceof SendRate rate
                && ramp.flatMap(Ramp::from).filter(from -> !from.isLike(rate)).isPresent()) {
            problems.add(new Problem("ramp-from", "must be in the unit of the rate: both frames, or both bits"));
        }
    }

    /** Throws an IllegalArgumentException if two have the same name, or one belongs to another interface. */
    public static void checkTogether(List<InjectConfig> configs, String interfaceName) {
        Set<String> names = new HashSet<>();
        for (InjectConfig config : configs) {
            if (!config.interfaceName.equals(interfaceName)) {
                throw new IllegalArgumentException("inject stream " + config.name + " is for " + config.interfaceName
                        + ", not for " + interfaceName);
            }
            if (!names.add(config.name)) {
                throw new IllegalArgumentException("two inject streams are called " + config.name);
            }
        }
    }

    /** A builder of a stream that runs from the beginning, for ever, by {@link Engine#SENDPACKET}. */
    public static Builder builder(String name, String interfaceName, Schedule schedule, FrameTemplate frame) {
        return builder(name, interfaceName, schedule, new FrameOrigin.Template(frame));
    }

    /** A builder of a stream of a file's frames that runs from the beginning, to the file's end. */
    public static Builder builder(String name, String interfaceName, Schedule schedule, ReplayFacts replay) {
        return builder(name, interfaceName, schedule, new FrameOrigin.File(replay));
    }

    /** A builder of a stream of frames from wherever they come. */
    public static Builder builder(String name, String interfaceName, Schedule schedule, FrameOrigin origin) {
        return new Builder(name, interfaceName, schedule, origin);
    }

    /** Frames after which it ends at the latest, by its count or that of its file; 0 for never. */
    public long mostFrames() {
        long inFile = origin instanceof FrameOrigin.File(ReplayFacts facts) ? facts.framesInLoops() : 0;
        return count == 0 || (inFile > 0 && inFile < count) ? inFile : count;
    }

    /** The same stream with another rate, which it has at once; at top speed there are no bursts. */
    public InjectConfig at(AskedRate rate) {
        return new InjectConfig(
                name,
                interfaceName,
                (Schedule) rate,
                rate instanceof SendRate ? burst : 1,
                Optional.empty(),
                delay,
                count,
                duration,
                origin,
                start,
                engine);
    }

    /** Puts a stream together; what is not given has its default. */
    public static final class Builder {
        private final String name;
        private final String interfaceName;
        private final Schedule schedule;
        private final FrameOrigin origin;
        private int burst = 1;
        private Optional<Ramp> ramp = Optional.empty();
        private Duration delay = Duration.ZERO;
        private long count;
        private Optional<Duration> duration = Optional.empty();
        private Start start = Start.AUTO;
        private Engine engine = Engine.SENDPACKET;

        private Builder(String name, String interfaceName, Schedule schedule, FrameOrigin origin) {
            this.name = name;
            this.interfaceName = interfaceName;
            this.schedule = schedule;
            this.origin = origin;
        }

        /** Returns how many frames fall due at once; 1 unless given. */
        public Builder burst(int frames) {
            burst = frames;
            return this;
        }

        /** Returns how it comes to its rate; at once unless given. */
        public Builder ramp(Ramp given) {
            ramp = Optional.of(given);
            return this;
        }

        /** Returns how long it waits at each start; not at all unless given. */
        public Builder delay(Duration time) {
            delay = time;
            return this;
        }

        /** Frames after which it ends; 0, for never, unless given. */
        public Builder count(long frames) {
            count = frames;
            return this;
        }

        /** After what time it ends; never unless given. */
        public Builder duration(Duration time) {
            duration = Optional.of(time);
            return this;
        }

        /** Returns what starts it; {@link Start#AUTO} unless given. */
        public Builder start(Start what) {
            start = what;
            return this;
        }

        /** Returns what sends the frames; {@link Engine#SENDPACKET} unless given. */
        public Builder engine(Engine what) {
            engine = what;
            return this;
        }

        /** The stream. @throws InvalidConfigException with every problem there is */
        public InjectConfig build() {
            return new InjectConfig(
                    name, interfaceName, schedule, burst, ramp, delay, count, duration, origin, start, engine);
        }
    }
}
