package io.ringtap.inject;

import io.ringtap.inject.template.FrameTemplate;
import java.util.Optional;
import org.pcap4j.util.MacAddress;

/** Templates whose frames tests can tell apart. */
public final class TestFrames {
    private TestFrames() {}

    /** A template whose payload is one byte, 1 to 127. */
    public static FrameTemplate template(int mark) {
        return FrameTemplate.of(
                MacAddress.getByName("aa:bb:cc:dd:ee:ff"), Optional.empty(), 0x88b5, "%02x".formatted(mark));
    }

    /** A frame that looks like that template's. */
    public static byte[] frame(int mark) {
        return template(mark).compile(RecordingInjector.ADDRESS).bytes(0);
    }

    /** The payload of such a frame. */
    static int mark(byte[] frame) {
        return frame[FrameTemplate.HEADER_BYTES];
    }
}
