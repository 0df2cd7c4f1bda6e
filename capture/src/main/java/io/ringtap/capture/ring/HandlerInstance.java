package io.ringtap.capture.ring;

import io.ringtap.frame.Answer;
import io.ringtap.frame.CaptureFacts;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.FrameSender;
import io.ringtap.frame.HandlerContext;
import io.ringtap.frame.HandlerServices;
import io.ringtap.frame.StreamSwitch;
import io.ringtap.ledger.Counter;
import io.ringtap.ledger.Gauge;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.event.Level;

/** One instance of a handler, for one thread, the surroundings it is told of, and the counters and gauges it has made. */
record HandlerInstance(
        String type,
        FrameHandler handler,
        CaptureFacts capture,
        String workerName,
        int thread,
        int threads,
        HandlerTable table,
        Map<List<String>, Object> values,
        HandlerServices services,
        HandlerLog lines,
        QueryQueue questions)
        implements HandlerContext {
    @Override
    public String captureName() {
        return capture.name();
    }

    @Override
    public FrameSender sender() {
        return services.sender();
    }

    @Override
    public <T> Optional<T> service(Class<T> type) {
        return services.service(type);
    }

    @Override
    public StreamSwitch streams() {
        return services.streams();
    }

    @Override
    public boolean live() {
        return table.live();
    }

    @Override
    @SuppressWarnings("unchecked") // every instance of a handler is of one class, and asks for the same
    public <T> T shared(Supplier<T> maker) {
        return (T) table.shared(maker);
    }

    @Override
    public Counter counter(String row, String column) {
        return value(row, column, Counter.class, Counter::new);
    }

    @Override
    public Gauge gauge(String row, String column) {
        return value(row, column, Gauge.class, Gauge::new);
    }

    private <T> T value(String row, String column, Class<T> type, Supplier<T> maker) {
        Object there = values.get(List.of(row, column));
        if (type.isInstance(there)) {
            return type.cast(there);
        }
        T made = table.add(row, column, maker.get());
        values.put(List.of(row, column), made);
        return made;
    }

    @Override
    public void removeRow(String row) {
        values.entrySet().removeIf(entry -> {
            boolean inRow = entry.getKey().getFirst().equals(row);
            if (inRow) {
                table.remove(row, entry.getKey().getLast(), entry.getValue());
            }
            return inRow;
        });
    }

    @Override
    public void answer(String name, Answer answer) {
        questions.register(name, this, answer);
    }

    @Override
    public void log(String line) {
        lines.log(Level.INFO, line);
    }

    @Override
    public void warn(String line) {
        lines.log(Level.WARN, line);
    }
}
