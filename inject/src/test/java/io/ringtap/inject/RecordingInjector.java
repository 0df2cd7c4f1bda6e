package io.ringtap.inject;

import io.ringtap.inject.config.Engine;
import io.ringtap.inject.send.FrameInjector;
import io.ringtap.inject.send.InjectResult;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.pcap4j.util.MacAddress;

/** Keeps what was sent, in order, and does with each frame what the test says. */
public final class RecordingInjector implements FrameInjector {
    static final MacAddress ADDRESS = MacAddress.getByName("02:00:00:00:00:01");

    final List<byte[]> frames = new CopyOnWriteArrayList<>();
    final List<String> threads = new CopyOnWriteArrayList<>();
    volatile Function<byte[], InjectResult> behaviour = frame -> InjectResult.SENT;
    public volatile boolean linkDown;
    volatile Runnable preparing = () -> {};
    final AtomicInteger closed = new AtomicInteger();

    @Override
    public void prepareThread() {
        preparing.run();
    }

    @Override
    public String interfaceName() {
        return "test0";
    }

    @Override
    public Engine engine() {
        return Engine.SENDPACKET;
    }

    @Override
    public MacAddress address() {
        return ADDRESS;
    }

    @Override
    public int mtuBytes() {
        return 1500;
    }

    @Override
    public boolean isLinkDown() {
        return linkDown;
    }

    @Override
    public InjectResult inject(byte[] frame) {
        frames.add(frame);
        threads.add(Thread.currentThread().getName());
        return behaviour.apply(frame);
    }

    @Override
    public String failure() {
        return "as the test wants";
    }

    @Override
    public void close() {
        closed.incrementAndGet();
    }

    List<Integer> marks() {
        return frames.stream().map(TestFrames::mark).toList();
    }
}
