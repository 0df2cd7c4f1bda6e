package io.ringtap.daemon.demo;

import io.ringtap.frame.Frame;
import java.nio.ByteBuffer;

/**
 * The layout of the demonstration's frames: Ethernet, IPv4, UDP, then flow and sequence number, then bytes that follow
 * from both, so that a frame that was damaged, lost, doubled or overtaken shows. A flow is a conversation: frames with odd
 * numbers go the other way.
 */
final class DemoFrame {
    /** Conversations, told apart by one end's UDP port. */
    static final int FLOWS = 64;

    static final int LENGTH = 200;
    static final int ETHERTYPE = 0x0800;

    private static final int ONE_ADDRESS = 0x0a000001;
    private static final int OTHER_ADDRESS = 0x0a000002;
    private static final int OTHER_PORT = 9;

    private static final int SOURCE_ADDRESS_OFFSET = 26;
    private static final int DESTINATION_ADDRESS_OFFSET = 30;
    private static final int SOURCE_PORT_OFFSET = 34;
    private static final int DESTINATION_PORT_OFFSET = 36;
    private static final int FLOW_OFFSET = 42;
    private static final int SEQUENCE_OFFSET = 46;
    private static final int FILL_OFFSET = 54;
    private static final int FIRST_PORT = 10_000;

    private DemoFrame() {}

    /** A frame with headers, for {@link #write} to number. */
    static byte[] template() {
        ByteBuffer frame = ByteBuffer.allocate(LENGTH);
        frame.put(new byte[] {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1}).putShort((short) ETHERTYPE);
        frame.putShort((short) 0x4500).putShort((short) (LENGTH - 14)).putInt(0);
        frame.put((byte) 64).put((byte) 17).putShort((short) 0); // TTL, UDP, no checksum: nobody routes this
        frame.putShort(38, (short) (LENGTH - 34));
        return frame.array();
    }

    /** Makes a template the frame of a flow with a number. */
    static void write(ByteBuffer frame, int flow, long sequence) {
        boolean back = isBack(sequence);
        frame.putInt(SOURCE_ADDRESS_OFFSET, back ? OTHER_ADDRESS : ONE_ADDRESS);
        frame.putInt(DESTINATION_ADDRESS_OFFSET, back ? ONE_ADDRESS : OTHER_ADDRESS);
        frame.putShort(SOURCE_PORT_OFFSET, (short) (back ? OTHER_PORT : FIRST_PORT + flow));
        frame.putShort(DESTINATION_PORT_OFFSET, (short) (back ? FIRST_PORT + flow : OTHER_PORT));
        frame.putInt(FLOW_OFFSET, flow);
        frame.putLong(SEQUENCE_OFFSET, sequence);
        for (int offset = FILL_OFFSET; offset + 8 <= LENGTH; offset += 8) {
            frame.putLong(offset, fill(flow, sequence, offset));
        }
    }

    private static boolean isBack(long sequence) {
        return (sequence & 1) != 0;
    }

    static int flow(Frame frame) {
        return frame.intAt(FLOW_OFFSET);
    }

    static long sequence(Frame frame) {
        return frame.longAt(SEQUENCE_OFFSET);
    }

    /** Returns whether a frame of the right length is whole and holds what its numbers say. */
    static boolean isWhole(Frame frame) {
        int flow = flow(frame);
        long sequence = sequence(frame);
        int portOffset = isBack(sequence) ? DESTINATION_PORT_OFFSET : SOURCE_PORT_OFFSET;
        if (flow < 0 || flow >= FLOWS || frame.unsignedShortAt(portOffset) != FIRST_PORT + flow) {
            return false;
        }
        for (int offset = FILL_OFFSET; offset + 8 <= LENGTH; offset += 8) {
            if (frame.longAt(offset) != fill(flow, sequence, offset)) {
                return false;
            }
        }
        return true;
    }

    private static long fill(int flow, long sequence, int offset) {
        return (sequence * FLOWS + flow) * 0x9e3779b97f4a7c15L + offset;
    }
}
