package io.ringtap.testnet;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("live")
class VethPairTest {
    @Test
    void shouldBeSeenByItsOwnThreadOnlyWhileOpen() {
        try (VethPair pair = VethPair.open()) {
            assertTrue(VethPair.run("ip", "-o", "link").contains(VethPair.NEAR));
            pair.remove();
            assertFalse(VethPair.run("ip", "-o", "link").contains(VethPair.NEAR));
        }
        assertFalse(VethPair.run("ip", "-o", "link").contains(VethPair.NEAR));
    }
}
