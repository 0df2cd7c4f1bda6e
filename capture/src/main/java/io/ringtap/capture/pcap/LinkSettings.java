package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of an interface's card and driver, as ethtool(8) shows them: asked by the ioctls of linux/ethtool.h that need no
 * capability. What a driver does not have, or does not tell, is absent.
 *
 * @param driver the driver's name; empty if it does not tell
 * @param countsLosses whether ringtap knows a counter by which this driver tells of frames that it lost
 * @param receiveRing descriptors of each receive ring
 * @param queues receive queues, those that receive and send among them
 * @param features what the kernel calls features, such as {@code rx-gro}, by name
 */
public record LinkSettings(
        String driver,
        boolean countsLosses,
        Optional<Limit> receiveRing,
        Optional<Limit> queues,
        Map<String, Feature> features) {
    private static final int GDRVINFO = 0x3;
    private static final int GRINGPARAM = 0x10;
    private static final int GSTRINGS = 0x1b;
    private static final int GSSET_INFO = 0x37;
    private static final int GFEATURES = 0x3a;
    private static final int GCHANNELS = 0x3c;
    private static final int FEATURES = 4; // ETH_SS_FEATURES
    private static final int DRVINFO_BYTES = 196;
    private static final int RINGPARAM_BYTES = 36;
    private static final int CHANNELS_BYTES = 36;
    private static final int SSET_INFO_BYTES = 24;
    private static final int NAME_BYTES = 32; // ETH_GSTRING_LEN
    private static final int STRINGS_HEADER_BYTES = 12;
    private static final int FEATURES_HEADER_BYTES = 8;
    private static final int BLOCK_BYTES = 16; // available, requested, active, never changed
    private static final int ACTIVE_OFFSET = 8;

    /** A setting as it is, and the most that it can be. */
    public record Limit(int now, int most) {}

    /** A feature: whether it is on, and whether it can be changed. */
    public record Feature(boolean on, boolean changeable) {}

    /** Takes a copy of the features. */
    public LinkSettings {
        features = Map.copyOf(features);
    }

    /** Returns those of an interface, by any of its names; absent if there is none. */
    public static Optional<LinkSettings> of(String name) {
        String device = InterfaceQuery.deviceName(name);
        try (InterfaceQuery query = InterfaceQuery.open();
                Arena arena = Arena.ofConfined()) {
            if (query.index(device) == 0) {
                return Optional.empty();
            }
            String driver = driver(query, arena, device);
            DriverStatistics statistics = new DriverStatistics(query);
            statistics.begin(device);
            return Optional.of(new LinkSettings(
                    driver,
                    DriverCounters.knows(driver) || !statistics.read().isEmpty(),
                    receiveRing(query, arena, device),
                    queues(query, arena, device),
                    features(query, arena, device)));
        }
    }

    /** Returns whether a feature is on. */
    public boolean isOn(String feature) {
        return features.containsKey(feature) && features.get(feature).on();
    }

    private static String driver(InterfaceQuery query, Arena arena, String device) {
        MemorySegment info = arena.allocate(DRVINFO_BYTES, Integer.BYTES);
        info.set(JAVA_INT, 0, GDRVINFO);
        return query.ethtool(device, info) ? text(info, Integer.BYTES) : "";
    }

    private static Optional<Limit> receiveRing(InterfaceQuery query, Arena arena, String device) {
        MemorySegment ring = arena.allocate(RINGPARAM_BYTES, Integer.BYTES);
        ring.set(JAVA_INT, 0, GRINGPARAM);
        boolean told = query.ethtool(device, ring) && ring.get(JAVA_INT, 4) > 0;
        return told ? Optional.of(new Limit(ring.get(JAVA_INT, 20), ring.get(JAVA_INT, 4))) : Optional.empty();
    }

    /** Queues that receive alone and those that do both; few drivers have both kinds. */
    private static Optional<Limit> queues(InterfaceQuery query, Arena arena, String device) {
        MemorySegment channels = arena.allocate(CHANNELS_BYTES, Integer.BYTES);
        channels.set(JAVA_INT, 0, GCHANNELS);
        if (!query.ethtool(device, channels)) {
            return Optional.empty();
        }
        int most = Math.max(channels.get(JAVA_INT, 4), channels.get(JAVA_INT, 16));
        return Optional.of(new Limit(channels.get(JAVA_INT, 20) + channels.get(JAVA_INT, 32), most));
    }

    private static Map<String, Feature> features(InterfaceQuery query, Arena arena, String device) {
        MemorySegment info = arena.allocate(SSET_INFO_BYTES, Long.BYTES);
        info.set(JAVA_INT, 0, GSSET_INFO);
        info.set(JAVA_LONG, 8, 1L << FEATURES);
        if (!query.ethtool(device, info) || info.get(JAVA_LONG, 8) == 0) {
            return Map.of();
        }
        int count = info.get(JAVA_INT, 16);
        MemorySegment names = arena.allocate(STRINGS_HEADER_BYTES + (long) count * NAME_BYTES, Integer.BYTES);
        names.set(JAVA_INT, 0, GSTRINGS);
        names.set(JAVA_INT, 4, FEATURES);
        names.set(JAVA_INT, 8, count);
        int blocks = Math.ceilDiv(count, Integer.SIZE);
        MemorySegment values = arena.allocate(FEATURES_HEADER_BYTES + (long) blocks * BLOCK_BYTES, Integer.BYTES);
        values.set(JAVA_INT, 0, GFEATURES);
        values.set(JAVA_INT, 4, blocks);
        return query.ethtool(device, names) && query.ethtool(device, values)
                ? features(names, values, count)
                : Map.of();
    }

    private static Map<String, Feature> features(MemorySegment names, MemorySegment values, int count) {
        Map<String, Feature> features = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            long block = FEATURES_HEADER_BYTES + (long) i / Integer.SIZE * BLOCK_BYTES;
            int bit = 1 << (i % Integer.SIZE);
            features.put(
                    text(names, STRINGS_HEADER_BYTES + (long) i * NAME_BYTES),
                    new Feature(
                            (values.get(JAVA_INT, block + ACTIVE_OFFSET) & bit) != 0,
                            (values.get(JAVA_INT, block) & bit) != 0));
        }
        return features;
    }

    /** The name at a place, which need not end with a zero. */
    private static String text(MemorySegment memory, long place) {
        byte[] bytes = memory.asSlice(place, NAME_BYTES).toArray(JAVA_BYTE);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return (end < 0 ? text : text.substring(0, end)).strip();
    }
}
