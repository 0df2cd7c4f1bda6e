package io.ringtap.inject.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.capturefile.SampleFrames;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.util.MacAddress;

class HeaderRewriteTest {
    private static final String ADDRESSES = "02000000000a02000000000b";
    private static final int ROOM = 8;

    private static String rewritten(Rewrite rewrite, byte[] frame) {
        ByteBuffer memory = ByteBuffer.allocateDirect(ROOM + frame.length);
        memory.put(ROOM, frame);
        int moved = new HeaderRewrite(rewrite).apply(memory, ROOM, frame.length);
        byte[] bytes = new byte[frame.length - moved];
        memory.get(ROOM + moved, bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private static String rewritten(String vlan, byte[] frame) {
        return rewritten(new Rewrite(Optional.empty(), Optional.empty(), VlanRewrite.parse(vlan)), frame);
    }

    private static String hex(byte[] frame) {
        return HexFormat.of().formatHex(frame);
    }

    private static String behindAddresses(byte[] frame) {
        return hex(frame).substring(24);
    }

    @Test
    void shouldChangeNothingUnlessTold() {
        SampleFrames.all().forEach(frame -> assertEquals(hex(frame), rewritten(Rewrite.NONE, frame)));
    }

    @Test
    void shouldSetEitherAddressAndLeaveTheOther() {
        byte[] frame = SampleFrames.vlan();
        Optional<MacAddress> given = Optional.of(MacAddress.getByName("fe:dc:ba:98:76:54"));
        assertEquals(
                "fedcba987654" + hex(frame).substring(12),
                rewritten(new Rewrite(given, Optional.empty(), VlanRewrite.NONE), frame));
        assertEquals(
                hex(frame).substring(0, 12) + "fedcba987654" + behindAddresses(frame),
                rewritten(new Rewrite(Optional.empty(), given, VlanRewrite.NONE), frame));
    }

    @Test
    void shouldSetTheIdOfTheOutermostTagAndKeepItsTypeAndPriority() {
        assertEquals(
                hex(SampleFrames.vlan()).replaceFirst("81006064", "810060c8"),
                rewritten("set 200", SampleFrames.vlan()));
        assertEquals(
                hex(SampleFrames.qinq()).replaceFirst("88a80065", "88a80ffe"),
                rewritten("set 4094", SampleFrames.qinq()));
        assertEquals(hex(SampleFrames.arp()), rewritten("set 200", SampleFrames.arp()), "no tag");
    }

    @Test
    void shouldAddATagBeforeAllOthers() {
        for (byte[] frame : SampleFrames.all()) {
            String start = hex(frame).substring(0, 24);
            assertEquals(start + "810000c8" + behindAddresses(frame), rewritten("add 200", frame));
        }
    }

    @Test
    void shouldRemoveTheOutermostTagOnly() {
        assertEquals(hex(SampleFrames.qinq()).replaceFirst("88a80065", ""), rewritten("remove", SampleFrames.qinq()));
        assertEquals(hex(SampleFrames.vlan()).replaceFirst("81006064", ""), rewritten("remove", SampleFrames.vlan()));
        assertEquals(hex(SampleFrames.mpls()), rewritten("remove", SampleFrames.mpls()), "no tag");
    }

    @Test
    void shouldLeaveAFrameAloneThatEndsBeforeItsHeaderDoes() {
        byte[] frame = HexFormat.of().parseHex(ADDRESSES + "81");
        assertEquals(hex(frame), rewritten("add 1", frame));
        byte[] halfTag = HexFormat.of().parseHex(ADDRESSES + "810000");
        assertEquals(hex(halfTag), rewritten("remove", halfTag));
        assertEquals(hex(halfTag), rewritten("set 1", halfTag));
    }

    @Test
    void shouldNotCountTheHeaderAndOneTagAgainstTheMtu() {
        assertEquals(9_000, neededMtu(SampleFrames.jumbo()));
        assertEquals(0, neededMtu(SampleFrames.headerOnly()));
        assertEquals(122 - 14, neededMtu(SampleFrames.qinq()), "Linux knows no other tag there");
        assertEquals(0, neededMtu(new byte[3]));
    }

    private static int neededMtu(byte[] frame) {
        return HeaderRewrite.neededMtuBytes(ByteBuffer.wrap(frame), 0, frame.length);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "set", "set -1", "add 4095", "remove 3", "drop", "add 10000", "set 1 2"})
    void shouldRefuseWhatIsNoRewrite(String text) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> VlanRewrite.parse(text));
        assertEquals(
                "must be \"set ID\", \"add ID\" or \"remove\", with an ID from 0 to 4094, not \"" + text + "\"",
                refusal.getMessage());
    }
}
