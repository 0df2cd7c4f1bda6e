package io.ringtap.inject.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.ringtap.Tap;
import io.ringtap.capture.CaptureConfig;
import io.ringtap.capture.CaptureConfig.Direction;
import io.ringtap.capture.CaptureConfig.OwnFrames;
import io.ringtap.capture.CaptureOrigin;
import io.ringtap.capture.WorkerConfig;
import io.ringtap.frame.FrameHandler;
import io.ringtap.frame.FrameSender;
import io.ringtap.frame.HandlerFactory;
import io.ringtap.inject.InjectLoop;
import io.ringtap.inject.config.EtherAddresses;
import io.ringtap.inject.send.InjectResult;
import io.ringtap.inject.send.LoopedFrames;
import io.ringtap.testnet.FarSender;
import io.ringtap.testnet.VethPair;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Frames of ringtap's own on an interface that it captures, among others' that leave and that arrive. */
@Tag("live")
class OwnFramesTest {
    private static final int OWN = 10;
    private static final int OTHERS = 5;
    private static final int ARRIVING = 7;

    /** A stop that takes so long hangs. */
    private static final Duration LONG = Duration.ofMinutes(2);

    @ParameterizedTest
    @CsvSource({
        "IN, IGNORE, 7",
        "IN, DELIVER, 7",
        "OUT, IGNORE, 5",
        "OUT, DELIVER, 15",
        "BOTH, IGNORE, 12",
        "BOTH, DELIVER, 22"
    })
    void shouldDeliverThemOnlyIfItIsToldToAndTheDirectionTakesThem(Direction direction, OwnFrames own, int frames)
            throws Exception {
        LongAdder delivered = new LongAdder();
        try (VethPair _ = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR);
                FarSender other = new FarSender(VethPair.NEAR);
                FarSender far = new FarSender();
                Tap tap = Tap.open(config(direction, own), List.of(worker(delivered)), () -> _ -> false)) {
            tap.start();
            send(injector, other, far);
            VethPair.await(() -> delivered.sum() >= frames);
            tap.stop(LONG);
            assertEquals(frames, tap.counts().received());
            assertEquals(frames, delivered.sum());
            assertEquals(0, tap.counts().kernelDropped());
        }
    }

    @ParameterizedTest
    @CsvSource({"IGNORE, 0", "DELIVER, 7"})
    void shouldShowAHandlerItsOwnAnswersOnlyIfItIsToldTo(OwnFrames own, int answersSeen) throws Exception {
        byte[] answer = FarSender.udp(100);
        LongAdder questions = new LongAdder();
        LongAdder answers = new LongAdder();
        try (VethPair _ = VethPair.open();
                InjectLoop loop = InjectLoop.start(PcapInjector.open(VethPair.NEAR), List.of(), _ -> () -> 0);
                FarSender far = new FarSender()) {
            FrameSender sender = loop.sender();
            WorkerConfig worker = worker(frame -> {
                if (frame.length() == answer.length) {
                    answers.increment();
                } else {
                    questions.increment();
                    sender.send(answer);
                }
            });
            try (Tap tap = Tap.open(config(Direction.BOTH, own), List.of(worker), () -> sender)) {
                tap.start();
                for (int i = 0; i < ARRIVING; i++) {
                    far.send(FarSender.udp(80));
                }
                VethPair.await(() -> loop.counts().getFirst().sent() == ARRIVING && answers.sum() >= answersSeen);
                tap.stop(LONG);
                assertEquals(ARRIVING, questions.sum());
                assertEquals(answersSeen, answers.sum());
            }
        }
    }

    @Test
    void shouldCountFramesThatComeBackByTheirAddressesAlone() throws Exception {
        byte[] frame = FarSender.udp(80);
        ByteBuffer header = ByteBuffer.wrap(frame);
        EtherAddresses addresses = new EtherAddresses(header.getLong(0), header.getInt(8));
        try (VethPair _ = VethPair.open();
                PcapInjector injector = PcapInjector.open(VethPair.NEAR);
                FarSender far = new FarSender();
                LoopedFrames arriving =
                        PcapLoopedFrames.open(VethPair.NEAR, addresses, false).orElseThrow();
                LoopedFrames all =
                        PcapLoopedFrames.open(VethPair.NEAR, addresses, true).orElseThrow()) {
            int arrivingBefore = arriving.count();
            int allBefore = all.count();
            byte[] other = frame.clone();
            other[11]++;
            for (int i = 0; i < 100; i++) {
                far.send(frame);
                far.send(other);
            }
            for (int i = 0; i < 30; i++) {
                assertEquals(InjectResult.SENT, injector.inject(frame));
            }
            VethPair.await(() -> arriving.count() - arrivingBefore >= 100 && all.count() - allBefore >= 130);
            assertEquals(100, arriving.count() - arrivingBefore);
            assertEquals(130, all.count() - allBefore);
        }
    }

    private static void send(PcapInjector injector, FarSender other, FarSender far) {
        byte[] frame = FarSender.udp(80);
        for (int i = 0; i < OWN; i++) {
            assertEquals(InjectResult.SENT, injector.inject(frame));
        }
        for (int i = 0; i < OTHERS; i++) {
            other.send(frame);
        }
        for (int i = 0; i < ARRIVING; i++) {
            far.send(frame);
        }
    }

    private static WorkerConfig worker(LongAdder delivered) {
        return worker(frame -> delivered.increment());
    }

    private static WorkerConfig worker(FrameHandler handler) {
        HandlerFactory count = new HandlerFactory("count", () -> handler);
        return new WorkerConfig("w", List.of(), 1, WorkerConfig.Share.FLOW, WorkerConfig.Delivery.GATE, List.of(count));
    }

    private static CaptureConfig config(Direction direction, OwnFrames own) {
        return CaptureConfig.builder(VethPair.NEAR, new CaptureOrigin.Live(VethPair.NEAR))
                .direction(direction)
                .filter("udp")
                .ownFrames(own)
                .build();
    }
}
