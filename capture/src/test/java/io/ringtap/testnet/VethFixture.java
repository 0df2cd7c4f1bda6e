package io.ringtap.testnet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What each test finds: a veth pair of its own, and a sender at its far end. */
public abstract class VethFixture {
    protected VethPair pair;
    protected FarSender far;

    @BeforeEach
    protected final void openPair() {
        pair = VethPair.open();
        far = new FarSender();
    }

    @AfterEach
    protected final void closePair() {
        far.close();
        pair.close();
    }
}
