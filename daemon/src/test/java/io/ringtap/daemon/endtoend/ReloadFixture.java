package io.ringtap.daemon.endtoend;

import io.ringtap.testnet.SenderFixture;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A daemon on a veth pair that takes other configurations than the one it was started with. */
abstract class ReloadFixture extends SenderFixture {
    static final String UPLINK = "[[capture]]\nname = \"uplink\"\ninterface = \"rt0\"\nbuffer = \"2 MiB\"\n";
    static final String LOOPBACK = "[[capture]]\nname = \"inner\"\ninterface = \"lo\"\nbuffer = \"2 MiB\"\n";
    static final String WORKER = "[[worker]]\nname = \"w\"\n[[worker.handler]]\ntype = \"count\"\n";
    static final String MARK = """
            [[inject]]
            name = "mark"
            interface = "rt0"
            every-frames = 100
            capture = "uplink"
            [inject.frame]
            destination = "aa:bb:cc:dd:ee:ff"
            """;
    static final String BEACON = """
            [[inject]]
            name = "beacon"
            interface = "rt0"
            rate = "1 kpps"
            count = 50
            [inject.frame]
            destination = "aa:bb:cc:dd:ee:ff"
            """;

    @TempDir
    Path folder;

    final RunningDaemon start(String toml) {
        return RunningDaemon.start(folder, toml);
    }
}
