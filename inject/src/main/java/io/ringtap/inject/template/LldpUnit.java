package io.ringtap.inject.template;

import io.ringtap.capture.InvalidConfigException.Problem;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** A link-layer discovery data unit: IEEE 802.1AB, 8.5. pcap4j has no builder for it. */
final class LldpUnit {
    static final int ETHERTYPE = 0x88cc;

    /** Nearest bridge: not forwarded by any. */
    static final long GROUP_ADDRESS = 0x0180_c200_000eL;

    private static final int CHASSIS_ID = 1;
    private static final int PORT_ID = 2;
    private static final int TIME_TO_LIVE = 3;
    private static final int PORT_DESCRIPTION = 4;
    private static final int SYSTEM_NAME = 5;
    private static final int SYSTEM_DESCRIPTION = 6;

    /** The subtypes of a chassis id. */
    private static final int CHASSIS_MAC = 4;

    private static final int CHASSIS_LOCAL = 7;

    /** The subtypes of a port id. */
    private static final int PORT_MAC = 3;

    private static final int PORT_INTERFACE_NAME = 5;

    private LldpUnit() {}

    static byte[] bytes(Content.Lldp unit) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        identify(out, CHASSIS_ID, unit.chassisId(), CHASSIS_MAC, CHASSIS_LOCAL);
        identify(out, PORT_ID, unit.portId(), PORT_MAC, PORT_INTERFACE_NAME);
        element(out, TIME_TO_LIVE, new byte[] {(byte) (unit.ttlSeconds() >> 8), (byte) unit.ttlSeconds()});
        text(out, PORT_DESCRIPTION, unit.portDescription());
        text(out, SYSTEM_NAME, unit.systemName());
        text(out, SYSTEM_DESCRIPTION, unit.systemDescription());
        element(out, 0, new byte[0]);
        return out.toByteArray();
    }

    private static void identify(ByteArrayOutputStream out, int type, String id, int macSubtype, int textSubtype) {
        ByteArrayOutputStream value = new ByteArrayOutputStream();
        try {
            byte[] mac = FieldKind.MAC.parse(id).toMac().getAddress();
            value.write(macSubtype);
            value.writeBytes(mac);
        } catch (IllegalArgumentException _) {
            value.write(textSubtype);
            value.writeBytes(utf8(id));
        }
        element(out, type, value.toByteArray());
    }

    private static void text(ByteArrayOutputStream out, int type, Optional<String> text) {
        text.ifPresent(given -> element(out, type, utf8(given)));
    }

    /** Seven bits of type, nine of length, the value. */
    private static void element(ByteArrayOutputStream out, int type, byte[] value) {
        out.write(type << 1 | value.length >> 8);
        out.write(value.length);
        out.writeBytes(value);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static void check(Content.Lldp unit, List<Problem> problems) {
        checkText("chassis-id", Optional.of(unit.chassisId()), problems);
        checkText("port-id", Optional.of(unit.portId()), problems);
        checkText("port-description", unit.portDescription(), problems);
        checkText("system-name", unit.systemName(), problems);
        checkText("system-description", unit.systemDescription(), problems);
        if (unit.ttlSeconds() < 0 || unit.ttlSeconds() > 0xffff) {
            problems.add(new Problem("lldp.ttl", "must be from 0 to 65535 seconds, not " + unit.ttlSeconds()));
        }
    }

    private static void checkText(String key, Optional<String> text, List<Problem> problems) {
        int bytes = text.map(given -> utf8(given).length).orElse(1);
        if (bytes < 1 || bytes > Content.Lldp.MAX_TEXT_BYTES) {
            problems.add(new Problem(
                    "lldp." + key, "must be from 1 to " + Content.Lldp.MAX_TEXT_BYTES + " bytes, not " + bytes));
        }
    }
}
