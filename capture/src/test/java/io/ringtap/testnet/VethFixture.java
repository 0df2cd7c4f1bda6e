package io.ringtap.testnet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What each test finds: a veth pair of its own. */
public abstract class VethFixture {
    protected VethPair pair;

    @BeforeEach
    protected final void openPair() {
        pair = VethPair.open();
    }

    @AfterEach
    protected final void closePair() {
        pair.close();
    }
}
