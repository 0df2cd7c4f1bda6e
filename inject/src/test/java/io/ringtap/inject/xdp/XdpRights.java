package io.ringtap.inject.xdp;

import io.ringtap.capture.OpenException;
import io.ringtap.testnet.VethPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;

/** Whether these tests may load programs: root of a user namespace of its own may not, whatever it may else. */
public final class XdpRights {
    private static final String INITIAL_NAMESPACE = "0 0 4294967295";

    private XdpRights() {}

    /** Where they may not, what an open {@link VethPair} must say is what is tested, and that is all. */
    public static boolean areRefused() throws IOException {
        String map = Files.readString(Path.of("/proc/self/uid_map")).strip().replaceAll("\\s+", " ");
        if (map.equals(INITIAL_NAMESPACE)) {
            return false;
        }
        OpenException e = Assertions.assertThrows(OpenException.class, () -> XdpInjector.open(VethPair.NEAR));
        Assertions.assertEquals(OpenException.Reason.NOT_PERMITTED, e.reason());
        return true;
    }
}
