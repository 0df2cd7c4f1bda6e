package io.ringtap.testnet;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What each test finds: a veth pair of its own, and a sender at its far end. */
public abstract class SenderFixture extends VethFixture {
    protected FarSender far;

    @BeforeEach
    protected final void openSender() {
        far = new FarSender();
    }

    @AfterEach
    protected final void closeSender() {
        far.close();
    }
}
