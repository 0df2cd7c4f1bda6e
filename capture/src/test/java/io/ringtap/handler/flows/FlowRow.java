package io.ringtap.handler.flows;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A flow as the handler tells it, read back. */
record FlowRow(
        String protocol,
        String ethertype,
        String source,
        int sourcePort,
        String destination,
        int destinationPort,
        long firstNanos,
        long lastNanos,
        Direction forward,
        Direction reverse) {
    static final int NO_PORT = -1;

    private static final String DIRECTION =
            "\\{\"frames\":(\\d+),\"bytes\":(\\d+)(?:,\"tcp_flags\":\"([CEUAPRSF.]{8})\")?(?:,\"ip_bytes\":\\d+)?\\}";
    private static final Pattern ROW = Pattern.compile("\"protocol\":\"([^\"]*)\"(?:,\"ethertype\":\"([^\"]*)\")?"
            + ",\"source\":\"([^\"]*)\"(?:,\"source_port\":(\\d+))?"
            + ",\"destination\":\"([^\"]*)\"(?:,\"destination_port\":(\\d+))?"
            + ",\"first\":\"([^\"]*)\",\"last\":\"([^\"]*)\""
            + ",\"forward\":" + DIRECTION + ",\"reverse\":" + DIRECTION);

    /** What went one way; flags is null where there is no TCP. */
    record Direction(long frames, long bytes, String flags) {}

    /** All flows in an answer or in lines. */
    static List<FlowRow> readAll(String json) {
        List<FlowRow> rows = new ArrayList<>();
        Matcher m = ROW.matcher(json);
        while (m.find()) {
            rows.add(new FlowRow(
                    m.group(1),
                    m.group(2),
                    m.group(3),
                    port(m.group(4)),
                    m.group(5),
                    port(m.group(6)),
                    nanos(m.group(7)),
                    nanos(m.group(8)),
                    new Direction(Long.parseLong(m.group(9)), Long.parseLong(m.group(10)), m.group(11)),
                    new Direction(Long.parseLong(m.group(12)), Long.parseLong(m.group(13)), m.group(14))));
        }
        return rows;
    }

    private static int port(String text) {
        return text == null ? NO_PORT : Integer.parseInt(text);
    }

    private static long nanos(String instant) {
        Instant time = Instant.parse(instant);
        return BigDecimal.valueOf(time.getEpochSecond()).movePointRight(9).longValueExact() + time.getNano();
    }

    long frames() {
        return forward.frames() + reverse.frames();
    }

    String sourceEnd() {
        return source + (sourcePort == NO_PORT ? "" : ":" + sourcePort);
    }

    String destinationEnd() {
        return destination + (destinationPort == NO_PORT ? "" : ":" + destinationPort);
    }
}
