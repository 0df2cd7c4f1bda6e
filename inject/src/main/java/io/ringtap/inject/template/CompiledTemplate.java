package io.ringtap.inject.template;

import java.nio.ByteBuffer;
import java.util.List;

/** A template's frames, of each of its lengths, ready to be written. For one thread at a time. */
public final class CompiledTemplate {
    private final List<CompiledFrame> byLength;
    private final int[] round;
    private final boolean timed;

    CompiledTemplate(List<CompiledFrame> byLength, int[] round, boolean timed) {
        this.byLength = List.copyOf(byLength);
        this.round = round;
        this.timed = timed;
    }

    /** Frames that are all the same bytes. */
    public static CompiledTemplate constant(byte[] frame) {
        CompiledFrame only = new CompiledFrame(frame.clone(), new Patch[0], new Checksum[0], null);
        return new CompiledTemplate(List.of(only), new int[] {0}, false);
    }

    /** The frames of each length, in the order of the template. */
    public List<CompiledFrame> frames() {
        return byLength;
    }

    /** The place in {@link #frames()} of the one that a frame of the stream is. */
    public int place(long index) {
        // A division costs as much as a patch.
        return round.length == 1 ? round[0] : round[(int) (index % round.length)];
    }

    /** Returns how long a frame of the stream is. */
    public int lengthBytes(long index) {
        return byLength.get(place(index)).length();
    }

    /** The places in {@link #frames()} of a stream's frames, over and over. Not to be changed. */
    public int[] round() {
        return round;
    }

    /** Returns whether the frames tell when they were sent, so that the time must be given. */
    public boolean isTimed() {
        return timed;
    }

    /** Returns whether bytes before an offset are not the same in all frames of a length. */
    public boolean variesBefore(int offset) {
        return byLength.stream().anyMatch(frame -> frame.variesBefore(offset));
    }

    /** Returns how long the longest frames are. */
    public int longestBytes() {
        return byLength.stream().mapToInt(CompiledFrame::length).max().orElseThrow();
    }

    /**
     * The least MTU that lets all frames pass. Linux counts neither an Ethernet header nor one 802.1Q tag behind it
     * (net/packet/af_packet.c, packet_extra_vlan_len_allowed).
     */
    public int neededMtuBytes() {
        byte[] first = bytes(0);
        boolean tagged = first.length >= 18 && first[12] == (byte) 0x81 && first[13] == 0;
        return longestBytes() - FrameTemplate.HEADER_BYTES - (tagged ? Layer.VLAN.bytes() : 0);
    }

    /** Says that an MTU is too small, and what to do. */
    public String tooLongFor(int mtuBytes) {
        return "its frames of " + longestBytes() + " bytes need an MTU of " + neededMtuBytes()
                + " bytes, and the interface's is " + mtuBytes + ": shorten them, or raise the MTU";
    }

    /** A frame of the stream, its send time 0 if it tells one. */
    public byte[] bytes(long index) {
        return bytes(index, 0);
    }

    /** A frame of the stream, sent at a time in nanoseconds since 1970. */
    public byte[] bytes(long index, long timeNanos) {
        CompiledFrame frame = byLength.get(place(index));
        ByteBuffer memory = ByteBuffer.allocate(frame.length());
        frame.write(index, timeNanos, memory, 0);
        return memory.array();
    }
}
