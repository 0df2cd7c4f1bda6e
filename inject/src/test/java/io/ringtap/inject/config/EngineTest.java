package io.ringtap.inject.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EngineTest {
    @Test
    void shouldNameTheThreadsOfAnInterfaceSoThatTheyAreToldApart() {
        assertEquals(
                List.of("inject-ens192", "inject-ens192-mmsg", "inject-ens192-mmsg-bypass", "inject-ens192-xdp"),
                Arrays.stream(Engine.values())
                        .map(engine -> engine.threadName("ens192"))
                        .toList());
    }
}
