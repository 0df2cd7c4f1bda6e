package io.ringtap.daemon.demo;

import io.ringtap.capture.OpenException;
import io.ringtap.inject.pcap.PcapInjector;
import io.ringtap.inject.send.InjectResult;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.LockSupport;

/** The demonstration's source: sends numbered frames into the far end at a steady rate, in groups a millisecond apart. */
final class DemoSender implements Runnable {
    private static final long GROUP_NANOS = 1_000_000;

    private final PcapInjector injector;
    private final double framesPerSecond;
    private final long count;
    private volatile long sent;
    private volatile long elapsedNanos;
    private volatile boolean stopped;

    DemoSender(String interfaceName, double framesPerSecond, long count) throws OpenException {
        injector = PcapInjector.open(interfaceName);
        this.framesPerSecond = framesPerSecond;
        this.count = count;
    }

    /** Frames the far end took so far; any thread. */
    long sent() {
        return sent;
    }

    /** The mean rate so far; any thread. */
    double rate() {
        return elapsedNanos == 0 ? 0 : sent * 1e9 / elapsedNanos;
    }

    /** Ends it after the present frame; any thread. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        byte[] frame = DemoFrame.template();
        ByteBuffer view = ByteBuffer.wrap(frame);
        long start = System.nanoTime();
        long n = 0;
        try (injector) {
            while (n < count && !stopped) {
                elapsedNanos = System.nanoTime() - start;
                long due = Math.min(count, (long) (elapsedNanos * framesPerSecond / 1e9) + 1);
                for (; n < due && !stopped; n++) {
                    DemoFrame.write(view, (int) (n % DemoFrame.FLOWS), n / DemoFrame.FLOWS);
                    send(frame);
                    sent = n + 1;
                }
                LockSupport.parkNanos(GROUP_NANOS);
            }
        }
    }

    /** A veth's own queue may be full for a moment: the frame is tried again, and not counted as sent until it is. */
    private void send(byte[] frame) {
        InjectResult result = injector.inject(frame);
        while (result != InjectResult.SENT && !stopped) {
            LockSupport.parkNanos(GROUP_NANOS);
            result = injector.inject(frame);
        }
    }
}
