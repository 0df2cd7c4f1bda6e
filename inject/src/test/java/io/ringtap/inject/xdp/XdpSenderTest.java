package io.ringtap.inject.xdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.inject.kernel.Kernel;
import io.ringtap.inject.kernel.SendingInterface;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.StreamSender;
import io.ringtap.inject.template.CompiledTemplate;
import io.ringtap.inject.template.Content;
import io.ringtap.inject.template.Field;
import io.ringtap.inject.template.FieldValue;
import io.ringtap.inject.template.FrameLengths;
import io.ringtap.inject.template.FrameTemplate;
import io.ringtap.inject.template.Layer;
import io.ringtap.inject.template.Target;
import io.ringtap.inject.template.Variation;
import io.ringtap.testnet.FarCapture;
import io.ringtap.testnet.VethPair;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.util.MacAddress;

/** Which numbers go out, as the far end sees them. */
@Tag("live")
class XdpSenderTest {
    private static final MacAddress ADDRESS = MacAddress.getByName("02:00:5e:00:53:01");
    private static final int SEQUENCE_AT = 20;

    /** Frames that hold their number. */
    private static final CompiledTemplate NUMBERED = new FrameTemplate(
                    EnumSet.of(Layer.ETHERNET),
                    Map.of(Field.DESTINATION, FieldValue.of(ADDRESS), Field.ETHERTYPE, FieldValue.of(0x88b5)),
                    Content.NONE,
                    FrameLengths.of(60),
                    List.of(new Variation.Sequence(new Target.Bytes(SEQUENCE_AT, 8), 0)),
                    Optional.empty())
            .compile(ADDRESS);

    /** A kernel that can be made to say nothing of what a run has done. */
    private static final class SilentBpf extends Bpf {
        private boolean silent;

        SilentBpf() {
            super(new Kernel());
        }

        @Override
        void read(int map, MemorySegment value) {
            if (silent) {
                throw new IllegalStateException("planted");
            }
            super.read(map, value);
        }
    }

    private static final StreamSender.Outcomes SENT = new StreamSender.Outcomes() {
        @Override
        public void sent(int frames) {}

        @Override
        public void failed(InjectResult why, int frames, String detail) {
            throw new AssertionError(why + " " + detail);
        }
    };

    @Test
    void shouldSendNoNumberTwiceAfterARunOfWhichNothingIsKnown(@TempDir Path folder) throws Exception {
        try (VethPair _ = VethPair.open()) {
            if (XdpRights.areRefused()) {
                return;
            }
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
            SilentBpf bpf = new SilentBpf();
            int index = SendingInterface.of(VethPair.NEAR).index();
            try (FarCapture far = FarCapture.start(folder);
                    XdpInjector injector = XdpInjector.open(VethPair.NEAR);
                    XdpSender sender = XdpSender.open(injector, bpf, NUMBERED, index, System::nanoTime)) {
                sender.send(3, SENT);
                bpf.silent = true;
                assertThrows(IllegalStateException.class, () -> sender.send(4, SENT)); // the kernel did send them
                bpf.silent = false;
                sender.send(2, SENT);
                assertEquals(
                        Stream.iterate(0L, number -> number + 1).limit(9).toList(),
                        far.frames(9).stream()
                                .map(frame -> ByteBuffer.wrap(frame).getLong(SEQUENCE_AT))
                                .toList());
            }
        }
    }

    @Test
    void shouldCountTheNumbersOfARunThatNeverBeganAsUsed(@TempDir Path folder) throws Exception {
        try (VethPair _ = VethPair.open()) {
            if (XdpRights.areRefused()) {
                return;
            }
            VethPair.run("ethtool", "-K", VethPair.FAR, "gro", "on");
            boolean[] clockFails = {false};
            try (FarCapture far = FarCapture.start(folder);
                    XdpInjector injector = XdpInjector.open(VethPair.NEAR)) {
                StreamSender sender = injector.sender(NUMBERED, () -> {
                    if (clockFails[0]) {
                        throw new IllegalStateException("planted");
                    }
                    return 0;
                });
                sender.send(1, SENT);
                clockFails[0] = true;
                assertThrows(IllegalStateException.class, () -> sender.send(4, SENT));
                clockFails[0] = false;
                sender.send(1, SENT);
                assertEquals(
                        List.of(0L, 5L),
                        far.frames(2).stream()
                                .map(frame -> ByteBuffer.wrap(frame).getLong(SEQUENCE_AT))
                                .toList());
            }
        }
    }
}
