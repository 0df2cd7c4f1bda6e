package io.ringtap.testnet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.locks.LockSupport;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;

/** Sends frames into the far end of a {@link VethPair}, so that they arrive at the near end. */
public final class FarSender implements AutoCloseable {
    private static final int SEQUENCE_OFFSET = 42;

    private final PcapHandle handle;
    private long sequence;

    public FarSender() {
        this(VethPair.FAR);
    }

    public FarSender(String interfaceName) {
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

    /** Sends one frame. */
    public void send(byte[] frame) {
        try {
            handle.sendPacket(frame);
        } catch (PcapNativeException | NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Sends sequenced UDP frames of a length, at a rate in frames a second, 0 for as fast as it goes. */
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
            send(frame);
            sequence++;
        }
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
