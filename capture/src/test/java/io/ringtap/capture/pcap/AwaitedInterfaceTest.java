package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.Backoff;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.ledger.Gap;
import io.ringtap.ledger.Gap.Cause;
import io.ringtap.testclock.StandingClock;
import io.ringtap.testnet.VethPair;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Looks at a real interface, that is opened by a fake. */
@Tag("live")
class AwaitedInterfaceTest implements AwaitedInterface.User {
    private final List<String> done = new ArrayList<>();
    private final List<String> log = new ArrayList<>();
    private boolean ready = true;
    private OpenException refusal;
    private RuntimeException defect;
    private int attempts;
    private final StandingClock clock = new StandingClock();

    private VethPair pair;
    private AwaitedInterface awaited;

    @BeforeEach
    void openPair() {
        pair = VethPair.open();
        awaited = new AwaitedInterface(VethPair.NEAR, "it", log::add, this, clock::nanoTime);
    }

    @AfterEach
    void closePair() {
        awaited.close();
        pair.close();
    }

    @Override
    public int open() throws OpenException {
        attempts++;
        if (defect != null) {
            throw defect;
        }
        if (refusal != null) {
            throw refusal;
        }
        done.add("open");
        return awaited.index();
    }

    @Override
    public void leave() {
        done.add("leave");
    }

    @Override
    public boolean isReady() {
        return ready;
    }

    private List<Cause> causes() {
        return awaited.gaps().latest().stream().map(Gap::cause).toList();
    }

    @Test
    void shouldLeaveWhatIsGoneAndOpenWhatIsBackWithTheNextLook() throws Exception {
        awaited.open();
        awaited.look();
        assertEquals(List.of("open"), done);
        pair.remove();
        awaited.look();
        awaited.look();
        assertEquals(List.of("open", "leave"), done);
        assertEquals(Optional.of(Cause.MISSING), awaited.trouble());
        pair.create();
        awaited.look();
        assertEquals(List.of("open", "leave", "open"), done);
        assertEquals(Optional.empty(), awaited.trouble());
        assertEquals(List.of(Cause.MISSING), causes());
        assertEquals(2, log.size(), log.toString());
    }

    @Test
    void shouldOpenWhatIsBackWithoutACarrierSoThatItsFirstFrameIsNotMissed() throws Exception {
        awaited.open();
        pair.remove();
        awaited.look();
        VethPair.run("ip", "link", "add", VethPair.NEAR, "type", "veth", "peer", "name", VethPair.FAR);
        pair.set(VethPair.NEAR, true);
        awaited.look();
        assertEquals(List.of("open", "leave", "open"), done);
        assertEquals(Optional.of(Cause.NO_CARRIER), awaited.trouble());
    }

    @Test
    void shouldTakeADormantInterfaceForOneWithACarrier() throws Exception {
        awaited.open();
        VethPair.run("ip", "link", "set", VethPair.NEAR, "mode", "dormant", "state", "dormant");
        VethPair.await(
                () -> VethPair.run("ip", "-o", "link", "show", VethPair.NEAR).contains("state DORMANT"));
        awaited.look();
        assertEquals(Optional.empty(), awaited.trouble());
        pair.set(VethPair.FAR, false);
        awaited.look();
        assertEquals(Optional.of(Cause.NO_CARRIER), awaited.trouble(), "at once");
    }

    @Test
    void shouldOpenTheOneThatHasTakenItsPlaceSinceTheLastLook() throws Exception {
        awaited.open();
        pair.remove();
        pair.create();
        awaited.look();
        assertEquals(List.of("open", "leave", "open"), done);
        assertEquals(List.of(Cause.MISSING), causes());
    }

    @Test
    void shouldNoteThatItsLinkIsDownAndLeaveItOpen() throws Exception {
        awaited.open();
        pair.set(VethPair.FAR, false);
        VethPair.await(
                () -> { // the kernel notes a lost carrier in a work queue of its own
                    awaited.look();
                    return awaited.trouble().equals(Optional.of(Cause.NO_CARRIER));
                });
        pair.set(VethPair.NEAR, false);
        awaited.look();
        assertEquals(Optional.of(Cause.DOWN), awaited.trouble());
        pair.set(VethPair.FAR, true);
        pair.set(VethPair.NEAR, true);
        VethPair.await(() -> {
            awaited.look();
            return awaited.trouble().isEmpty();
        });
        assertEquals(List.of("open"), done);
        assertEquals(List.of(Cause.DOWN), causes());
    }

    @Test
    void shouldSayThatItIsAwayAndWaitForItIfThatIsWanted() throws Exception {
        refusal = new OpenException(Reason.INTERFACE_DOWN, "down");
        pair.set(VethPair.NEAR, false);
        OpenException thrown = assertThrows(OpenException.class, awaited::open);
        assertTrue(AwaitedInterface.isAway(thrown));
        assertTrue(AwaitedInterface.isAway(new OpenException(Reason.NO_SUCH_INTERFACE, "none")));
        assertFalse(AwaitedInterface.isAway(new OpenException(Reason.NOT_PERMITTED, "no")));
        awaited.await(thrown);
        assertEquals(Optional.of(Cause.DOWN), awaited.trouble());
        refusal = null;
        pair.set(VethPair.NEAR, true);
        awaited.look();
        assertEquals(List.of("open"), done);
    }

    @Test
    void shouldTryAgainEverMoreSeldomWhatCannotBeOpenedWhateverThatThrows() throws Exception {
        pair.remove();
        awaited.await(new OpenException(Reason.NO_SUCH_INTERFACE, "none"));
        pair.create();
        defect = new IllegalStateException("defect");
        awaited.look();
        defect = null;
        refusal = new OpenException(Reason.OTHER, "no memory");
        for (long millis : new long[] {200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000}) {
            int before = attempts;
            clock.pass(TimeUnit.MILLISECONDS.toNanos(millis) - 1);
            awaited.look();
            assertEquals(before, attempts, "sooner than after " + millis + " ms");
            clock.pass(1);
            awaited.look();
            assertEquals(before + 1, attempts, "after " + millis + " ms");
        }
        assertEquals(Optional.of(Cause.REFUSED), awaited.trouble());
        assertEquals("no memory", awaited.gaps().latest().getFirst().detail());
        assertEquals(List.of(), done);
    }

    /** It would be tried again 1.4 s later. */
    private void refuseFourTimes() {
        awaited.await(new OpenException(Reason.NO_SUCH_INTERFACE, "none"));
        refusal = new OpenException(Reason.OTHER, "no memory");
        while (attempts < 4) {
            awaited.look();
            clock.pass(Backoff.SHORTEST.toNanos());
        }
        refusal = null;
        awaited.look();
        assertEquals(4, attempts);
    }

    @Test
    void shouldTryAtOnceWhatWasRefusedAndHasBeenDownSince() {
        refuseFourTimes();
        pair.set(VethPair.NEAR, false);
        awaited.look();
        pair.set(VethPair.NEAR, true);
        awaited.look();
        assertEquals(List.of("open"), done);
    }

    @Test
    void shouldTryAtOnceTheOneThatHasTakenThePlaceOfWhatWasRefused() {
        refuseFourTimes();
        pair.remove();
        pair.create();
        awaited.look();
        assertEquals(List.of("open"), done);
    }

    @Test
    void shouldNotOpenItBeforeItsUserIsReady() throws Exception {
        awaited.open();
        pair.remove();
        awaited.look();
        pair.create();
        ready = false;
        awaited.look();
        assertEquals(List.of("open", "leave"), done);
        assertEquals(Optional.of(Cause.MISSING), awaited.trouble());
        ready = true;
        awaited.look();
        assertEquals(List.of("open", "leave", "open"), done);
    }
}
