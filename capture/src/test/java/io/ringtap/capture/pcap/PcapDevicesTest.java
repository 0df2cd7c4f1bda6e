package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.ringtap.capture.CaptureConfig;
import io.ringtap.testnet.VethPair;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("live")
class PcapDevicesTest {
    /** Longer than a name that is not an alternative one may be. */
    private static final String LONG_NAME = "enp11s0f1np1-to-the-core";

    @Test
    void shouldTellOfTheInterfacesOfItsOwnNamespaceOnly() throws Exception {
        try (VethPair pair = VethPair.open()) {
            VethPair.run("ip", "link", "set", VethPair.NEAR, "address", "02:00:00:00:00:01", "mtu", "9000");
            VethPair.run("ip", "addr", "add", "192.0.2.1/24", "dev", VethPair.NEAR);
            VethPair.run(
                    "ip", "link", "property", "add", "dev", VethPair.NEAR, "altname", "uplink", "altname", LONG_NAME);
            VethPair.run("sysctl", "-qw", "net.ipv6.conf.rt0.addr_gen_mode=1", "net.ipv6.conf.rt0.disable_ipv6=0");
            VethPair.run("ip", "addr", "add", "fd00:0:0:1::2/64", "dev", VethPair.NEAR, "nodad");
            assertEquals(
                    new PcapDevice(
                            VethPair.NEAR,
                            true,
                            true,
                            false,
                            Optional.of("ethernet"),
                            OptionalInt.of(9000),
                            Optional.of("02:00:00:00:00:01"),
                            List.of("192.0.2.1", "fd00:0:0:1::2"),
                            List.of("uplink", LONG_NAME)),
                    named(VethPair.NEAR));
            assertEquals(true, named("lo").loopback());
            pair.set(VethPair.FAR, false);
            VethPair.await(() -> !named(VethPair.NEAR).running());
            assertEquals(true, named(VethPair.NEAR).up());
            assertEquals(false, named(VethPair.FAR).up());
            assertEquals(
                    List.of("lo", VethPair.NEAR, VethPair.FAR),
                    PcapDevices.list().stream()
                            .map(PcapDevice::name)
                            .filter(name -> !name.startsWith("ifb")) // some kernels put these into every namespace
                            .sorted()
                            .toList());
            assertTrue(PcapDevices.alternatives().matches("there are (.*, )?lo, rt0, rt1"), PcapDevices.alternatives());
        }
    }

    @Test
    void shouldSayThatOneRunsWhichIsDormant() throws Exception {
        try (VethPair pair = VethPair.open()) {
            VethPair.run("ip", "link", "set", VethPair.NEAR, "mode", "dormant", "state", "dormant");
            VethPair.await(() ->
                    VethPair.run("ip", "-o", "link", "show", VethPair.NEAR).contains("state DORMANT"));
            assertEquals(true, named(VethPair.NEAR).running());
            pair.set(VethPair.FAR, false);
            VethPair.await(() -> !named(VethPair.NEAR).running());
            pair.set(VethPair.NEAR, false);
            assertEquals(false, named(VethPair.NEAR).running());
        }
    }

    @Test
    void shouldKnowAnInterfaceByEachOfItsNames() throws Exception {
        try (VethPair pair = VethPair.open()) {
            VethPair.run("ip", "link", "set", VethPair.NEAR, "mtu", "9000");
            VethPair.run(
                    "ip", "link", "property", "add", "dev", VethPair.NEAR, "altname", "uplink", "altname", LONG_NAME);
            for (String name : List.of(VethPair.NEAR, "uplink", LONG_NAME)) {
                try (InterfaceQuery query = InterfaceQuery.open();
                        InterfaceWatch watch = new InterfaceWatch(name)) {
                    assertEquals(OptionalInt.of(9_000), query.mtuBytes(name), name);
                    assertEquals(VethPair.NEAR, InterfaceQuery.deviceName(name));
                    int index = query.index(VethPair.NEAR);
                    assertEquals(new InterfaceWatch.Look(index, Optional.empty()), watch.look());
                    LivePcapSource source =
                            LivePcapSource.open(CaptureConfig.live(name)).getFirst();
                    assertEquals(index, source.interfaceIndex());
                    source.close();
                }
            }
            for (String none : List.of("downlink", LONG_NAME + "-2", "x".repeat(500))) {
                try (InterfaceQuery query = InterfaceQuery.open()) {
                    assertEquals(0, query.index(none), none);
                    assertEquals(none, InterfaceQuery.deviceName(none));
                }
            }
            pair.remove();
            assertEquals(LONG_NAME, InterfaceQuery.deviceName(LONG_NAME));
        }
    }

    private static PcapDevice named(String name) {
        try {
            return PcapDevices.list().stream()
                    .filter(device -> device.name().equals(name))
                    .findFirst()
                    .orElseThrow();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
