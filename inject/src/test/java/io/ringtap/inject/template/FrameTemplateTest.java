package io.ringtap.inject.template;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.ringtap.capture.InvalidConfigException;
import io.ringtap.capture.InvalidConfigException.Problem;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pcap4j.util.MacAddress;

class FrameTemplateTest {
    private static final MacAddress DESTINATION = MacAddress.getByName("aa:bb:cc:dd:ee:ff");
    private static final MacAddress SOURCE = MacAddress.getByName("00:11:22:33:44:55");
    private static final MacAddress OWN = MacAddress.getByName("02:00:00:00:00:01");

    @Test
    void shouldCompileToExactlyTheConfiguredBytesWithoutPadding() {
        byte[] frame = FrameTemplate.of(DESTINATION, Optional.of(SOURCE), 0x88b5, "01 02 03 04 05 06 07 08 09 0a")
                .compile(OWN)
                .bytes(0);
        assertArrayEquals(
                HexFormat.of().parseHex("aabbccddeeff" + "001122334455" + "88b5" + "0102030405060708090a"), frame);
    }

    @Test
    void shouldTakeTheInterfacesAddressWhereNoSourceIsGiven() {
        byte[] frame = FrameTemplate.of(DESTINATION, Optional.empty(), 0xffff, "")
                .compile(OWN)
                .bytes(0);
        assertArrayEquals(HexFormat.of().parseHex("aabbccddeeff" + "020000000001" + "ffff"), frame);
    }

    @Test
    void shouldTakeDigitsOfBothCasesWithAnyWhiteSpaceBetweenBytes() {
        byte[] frame = FrameTemplate.of(DESTINATION, Optional.empty(), 0x0600, " 0A\n\tfFee  01 ")
                .compile(OWN)
                .bytes(0);
        assertArrayEquals(HexFormat.of().parseHex("aabbccddeeff" + "020000000001" + "0600" + "0affee01"), frame);
    }

    @Test
    void shouldCompileTheLongestPayload() {
        String payload = "ab".repeat(Content.MAX_BYTES);
        byte[] frame = FrameTemplate.of(DESTINATION, Optional.empty(), 0x88b5, payload)
                .compile(OWN)
                .bytes(0);
        assertEquals(14 + 65_536, frame.length);
        assertEquals((byte) 0xab, frame[frame.length - 1]);
    }

    @Test
    void shouldReportEveryProblemAtOnce() {
        assertEquals(
                List.of("ethertype", "payload"),
                problems(DESTINATION, 0x05ff, "0").stream().map(Problem::key).toList());
    }

    @Test
    void shouldRefuseEtherTypesThatAreLengthsOrTooLarge() {
        assertEquals(
                "must be from 0x0600 to 0xffff, not 0x5ff (less is a length)",
                problems(DESTINATION, 0x05ff, "").getFirst().message());
        assertEquals("ethertype", problems(DESTINATION, 0x10000, "").getFirst().key());
        assertEquals("ethertype", problems(DESTINATION, -1, "").getFirst().key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"0102ff", "01 02 ff", "01:02:ff", "01-02-ff", "0x0102ff", " 0x01 0x02\n0XFF ", "01 0x02:ff"})
    void shouldReadHexadecimalDigitsAsPeopleWriteThem(String text) {
        assertArrayEquals(new byte[] {1, 2, -1}, Content.parseHex(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ":01", "01:", "01::02", "01: 02", "01 :02", "01-:02", "010x02", "0x", "0x0", "0x0x01", "x01", "01:0x02"
            })
    void shouldRefuseSeparatorsThatSeparateNothing(String text) {
        assertThrows(IllegalArgumentException.class, () -> Content.parseHex(text));
    }

    @Test
    void shouldSayWhatIsWrongWithAPayloadAndWhere() {
        assertEquals(
                "ends in half a byte: two hexadecimal digits make one",
                problems(DESTINATION, 0x88b5, "01 0").getFirst().message());
        assertEquals(
                "has 'g' at character 5: must be hexadecimal digits, two a byte, such as \"01 02 0a\"",
                problems(DESTINATION, 0x88b5, "01 0g").getFirst().message());
        assertEquals(
                "has white space inside a byte at character 2: must be hexadecimal digits, two a byte, such as"
                        + " \"01 02 0a\"",
                problems(DESTINATION, 0x88b5, "0 102").getFirst().message());
        assertEquals(
                "payload",
                problems(DESTINATION, 0x88b5, "\u0661\u0662").getFirst().key());
        assertEquals(
                "payload",
                problems(DESTINATION, 0x88b5, "00".repeat(65_537)).getFirst().key());
    }

    private static List<Problem> problems(MacAddress destination, int etherType, String payload) {
        return assertThrows(
                        InvalidConfigException.class,
                        () -> FrameTemplate.of(destination, Optional.empty(), etherType, payload))
                .problems();
    }
}
