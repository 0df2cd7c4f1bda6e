package io.ringtap.testnet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;

/**
 * Sends frames into the far end of a {@link VethPair}, so that they arrive at the near end. Between the ends the kernel
 * has a queue of 256 frames, and what does not fit is dropped unseen: so this sender waits for what it has sent to get
 * through, and no machine is too slow for it.
 */
public final class FarSender implements AutoCloseable {
    private static final int SEQUENCE_OFFSET = 42;

    /** Of /proc/net/dev, after the name. */
    private static final int SENT_COLUMN = 9;

    private static final int DROPPED_COLUMN = 11;

    /** Half of the queue. */
    private static final int MOST_UNDER_WAY = 128;

    /** Asking costs as much as sending some frames. */
    private static final int ASK_FRAMES = 64;

    private final String interfaceName;
    private final PcapHandle handle;
    private final long throughBefore;
    private long sent;
    private long sequence;

    public FarSender() {
        this(VethPair.FAR);
    }

    public FarSender(String interfaceName) {
        this.interfaceName = interfaceName;
        throughBefore = through(interfaceName);
        try {
            handle = new PcapHandle.Builder(interfaceName)
                    .snaplen(64)
                    .promiscuousMode(org.pcap4j.core.PcapNetworkInterface.PromiscuousMode.NONPROMISCUOUS)
                    .timeoutMillis(1000)
                    .build();
        } catch (PcapNativeException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends one frame; when this returns, the other end has it. */
    public void send(byte[] frame) {
        put(frame);
        awaitUnderWay(0);
    }

    /** Sends frames; when this returns, the other end has them. */
    public void send(List<byte[]> frames) {
        for (byte[] frame : frames) {
            put(frame);
            if (sent % ASK_FRAMES == 0) {
                awaitUnderWay(MOST_UNDER_WAY);
            }
        }
        awaitUnderWay(0);
    }

    /** Sends frames that the other end refuses, for they are too long for it; when this returns, it has counted them. */
    public void sendRefused(byte[] frame, int count) {
        for (int i = 0; i < count; i++) {
            try {
                handle.sendPacket(frame);
                throw new IllegalStateException("a frame of " + frame.length + " bytes was taken");
            } catch (PcapNativeException e) {
                sent++; // ENOBUFS: it has left this end, for nothing
            } catch (NotOpenException e) {
                throw new IllegalStateException(e);
            }
        }
        awaitUnderWay(0);
    }

    private void put(byte[] frame) {
        try {
            handle.sendPacket(frame);
            sent++;
        } catch (PcapNativeException | NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    private void awaitUnderWay(int most) {
        awaitThrough(interfaceName, throughBefore + sent - most);
    }

    /** Waits until so many frames, of whomever, have left an end of the pair since it was made. */
    public static void awaitThrough(String interfaceName, long frames) {
        if (through(interfaceName) < frames) {
            VethPair.await(() -> through(interfaceName) >= frames);
        }
    }

    /**
     * Frames that have left an end, for the other end's stack or for nothing, as the kernel counts them; all there can
     * be if the interface is gone.
     */
    private static long through(String interfaceName) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/thread-self/net/dev"))) {
            return lines.map(String::strip)
                    .filter(line -> line.startsWith(interfaceName + ":"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip().split("\\s+"))
                    .mapToLong(counts -> Long.parseLong(counts[SENT_COLUMN]) + Long.parseLong(counts[DROPPED_COLUMN]))
                    .findFirst()
                    .orElse(Long.MAX_VALUE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Sends sequenced UDP frames of a length, at a rate in frames a second, 0 for as fast as it goes; when this returns, the
     * other end has them.
     */
    public void sendUdp(long count, int length, double rate) {
        byte[] frame = udp(length);
        ByteBuffer view = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        long start = System.nanoTime();
        for (long i = 0; i < count; i++) {
            if (rate > 0 && i % 32 == 0) {
                long due = start + (long) (i / rate * 1e9);
                while (System.nanoTime() - due < 0) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
            }
            view.putLong(SEQUENCE_OFFSET, sequence);
            view.putShort(28, (short) (sequence * 40_503)); // part of the source address: many flows
            put(frame);
            sequence++;
            if (sequence % ASK_FRAMES == 0) {
                awaitUnderWay(MOST_UNDER_WAY);
            }
        }
        awaitUnderWay(0);
    }

    /**
     * Sends sequenced UDP frames of a length as long as it is told to, but only while there is room for more: so that a ring
     * does not run over, however seldom its reader gets a processor. How many it has sent.
     */
    public long sendUdpWhile(int length, BooleanSupplier wanted, BooleanSupplier room) {
        long before = sequence;
        while (wanted.getAsBoolean()) {
            if (room.getAsBoolean()) {
                sendUdp(ASK_FRAMES, length, 0);
            } else {
                LockSupport.parkNanos(1_000_000);
            }
        }
        return sequence - before;
    }

    /** An Ethernet, IPv4, UDP frame with zeros for payload. */
    public static byte[] udp(int length) {
        ByteBuffer frame = ByteBuffer.allocate(length);
        frame.put(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}).putShort((short) 0x0800);
        frame.put((byte) 0x45).put((byte) 0).putShort((short) (length - 14)).putInt(0);
        frame.put((byte) 64)
                .put((byte) 17)
                .putShort((short) 0)
                .putInt(0x0a000001)
                .putInt(0x0a000002);
        frame.putShort((short) 5000)
                .putShort((short) 5001)
                .putShort((short) (length - 34))
                .putShort((short) 0);
        return frame.array();
    }

    @Override
    public void close() {
        handle.close();
    }
}
