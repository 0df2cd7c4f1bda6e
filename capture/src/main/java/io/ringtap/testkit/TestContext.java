package io.ringtap.testkit;

import io.ringtap.frame.Answer;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.Frame;
import io.ringtap.frame.FrameSender;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.Recordings;
import io.ringtap.frame.StreamSwitch;
import io.ringtap.ledger.CaptureCounts;
import io.ringtap.ledger.CaptureState;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.GapCounts;
import io.ringtap.ledger.Gauge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

/** The surroundings of a handler under test: keeps what it sends, counts and logs, and tells it the time. One thread. */
public final class TestContext implements HandlerContext {
    /** 2026-01-01T00:00Z: a time that says at once, in an output, where it comes from. */
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static final int SNAPLEN_BYTES = 262_144;

    private final String captureName;
    private final String workerName;
    private final int thread;
    private final KeptTable table = new KeptTable();
    private final Map<String, Answer> answers = new TreeMap<>();
    private final List<byte[]> sent = new ArrayList<>();
    private final List<String> logged = new ArrayList<>();
    private final List<String> dumped = new ArrayList<>();
    private final Map<Class<?>, Object> services = new HashMap<>();
    private final KeptStreams streams = new KeptStreams();
    private boolean live = true;
    private Object[] shared = {null};
    private long room = Long.MAX_VALUE;
    private long refused;
    private long elapsedNanos;
    private long clockNanos;
    private CaptureFacts capture;
    private int threads;

    /** Thread 0 of worker "test" on capture "test". */
    public TestContext() {
        this("test", "test", 0);
    }

    /** A thread of a worker on a capture. */
    public TestContext(String captureName, String workerName, int thread) {
        this.captureName = captureName;
        this.workerName = workerName;
        this.thread = thread;
        threads = thread + 1;
        capture = new CaptureFacts(captureName, captureName, SNAPLEN_BYTES, "", 1, this::nothingCaptured);
    }

    private CaptureCounts nothingCaptured() {
        return new CaptureCounts(
                captureName,
                captureName,
                CaptureState.RUNNING,
                0,
                0,
                0,
                OptionalLong.empty(),
                0,
                0,
                0,
                0,
                0,
                0,
                OptionalDouble.empty(),
                GapCounts.NONE);
    }

    /** From now on tells the handler this of its capture, and that it has so many threads. */
    public TestContext capturing(CaptureFacts facts, int handlerThreads) {
        capture = facts;
        threads = handlerThreads;
        return this;
    }

    @Override
    public CaptureFacts capture() {
        return capture;
    }

    @Override
    public int threads() {
        return threads;
    }

    @Override
    public String captureName() {
        return captureName;
    }

    @Override
    public String workerName() {
        return workerName;
    }

    @Override
    public int thread() {
        return thread;
    }

    /** From now on takes so many frames more, then refuses, as the daemon does when its queue is full. */
    public void sendRoom(long frames) {
        room = frames;
    }

    @Override
    public FrameSender sender() {
        return this::send;
    }

    private boolean send(byte[] frame) {
        if (room == 0) {
            refused++;
            return false;
        }
        room--;
        sent.add(frame.clone());
        return true;
    }

    @Override
    public StreamSwitch streams() {
        return streams;
    }

    /** Says which frames are a stream's own; none, unless this is called before the handler starts. */
    public void streamFrames(BiPredicate<String, Frame> own) {
        streams.own(own);
    }

    /** Returns what it told streams, in order: "start alarm". */
    public List<String> streamCommands() {
        return streams.commands();
    }

    /** From now on refuses to start and stop streams, as the daemon does when too many commands wait. */
    public void refuseStreamCommands() {
        streams.refuse();
    }

    /** Returns what it had flight recorders write, in order, the recorder's name and the reason: "crash: answer 500". */
    public List<String> dumped() {
        return List.copyOf(dumped);
    }

    @Override
    public Recordings recordings() {
        return (recorder, reason) -> dumped.add(recorder + ": " + reason);
    }

    /** From now on shares something with the handler, as whoever runs it does. */
    public <T> TestContext sharing(Class<T> type, T service) {
        services.put(type, service);
        return this;
    }

    @Override
    public <T> Optional<T> service(Class<T> type) {
        return Optional.ofNullable(services.get(type)).map(type::cast);
    }

    @Override
    public void answer(String name, Answer answer) {
        answers.put(name, answer);
    }

    /**
     * Asks the handler, and has it work until it has answered: a JSON value.
     *
     * @throws IllegalArgumentException if it does not answer to that name, or cannot use a parameter
     */
    public String ask(String name, Map<String, String> parameters) {
        Answer answer = answers.get(name);
        if (answer == null) {
            throw new IllegalArgumentException("does not answer to " + name + ", but to " + answers.keySet());
        }
        Answer.Slices slices = answer.begin(parameters);
        while (true) {
            Optional<String> text = slices.next();
            if (text.isPresent()) {
                return text.get();
            }
        }
    }

    @Override
    public boolean live() {
        return live;
    }

    /** Has frames come out of a capture file. */
    public TestContext ofFile() {
        live = false;
        return this;
    }

    @Override
    @SuppressWarnings("unchecked") // every instance of a handler is of one class, and asks for the same
    public <T> T shared(Supplier<T> maker) {
        if (shared[0] == null) {
            shared[0] = maker.get();
        }
        return (T) shared[0];
    }

    /** Another thread of the same worker; what it shares with this one is this one's. */
    public TestContext otherThread(int number) {
        TestContext other = new TestContext(captureName, workerName, number);
        other.shared = shared;
        other.live = live;
        other.services.putAll(services);
        return other;
    }

    /** The frames it sent and that were taken, in order. */
    public List<byte[]> sent() {
        return List.copyOf(sent);
    }

    /** Frames it wanted to send and that were refused. */
    public long refused() {
        return refused;
    }

    @Override
    public Counter counter(String row, String column) {
        return table.add(row, column, new Counter());
    }

    @Override
    public Gauge gauge(String row, String column) {
        return table.add(row, column, new Gauge());
    }

    @Override
    public void removeRow(String row) {
        table.remove(row);
    }

    /** The handler's table: row, column, value. */
    public SortedMap<String, SortedMap<String, Long>> table() {
        return table.values();
    }

    /** The value at a place of the table. @throws IllegalArgumentException if the handler has made none there */
    public long value(String row, String column) {
        return table.value(row, column);
    }

    @Override
    public void log(String line) {
        logged.add(line);
    }

    @Override
    public void warn(String line) {
        logged.add(line);
    }

    /** The lines it logged, warnings among them: all, where a daemon would cut it short. */
    public List<String> logged() {
        return List.copyOf(logged);
    }

    /** Lets time pass for {@link #nanoTime} and {@link #epochNanos}, without a tick. */
    public void pass(Duration time) {
        elapsedNanos += time.toNanos();
    }

    /** Sets the clock that {@link #epochNanos} reads forward by so much, or back; no time passes. */
    public void setClock(Duration forward) {
        clockNanos += forward.toNanos();
    }

    @Override
    public long nanoTime() {
        return elapsedNanos;
    }

    @Override
    public long epochNanos() {
        return START.getEpochSecond() * 1_000_000_000 + elapsedNanos + clockNanos;
    }
}
