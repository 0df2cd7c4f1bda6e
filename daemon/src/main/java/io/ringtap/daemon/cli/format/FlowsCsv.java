package io.ringtap.daemon.cli.format;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.List;
import java.util.stream.Collectors;

/** Flows as comma-separated values (RFC 4180, lines that end as Unix has it): the fields of their JSON, each in a column. */
public final class FlowsCsv {
    /** Of a field within an object, both names. */
    private static final List<String> COLUMNS = List.of(
            "observer.name",
            "worker",
            "capture",
            "vlan",
            "inner_vlan",
            "tunnel.kind",
            "tunnel.id",
            "tunnel.source",
            "tunnel.destination",
            "protocol",
            "ethertype",
            "source",
            "source_port",
            "destination",
            "destination_port",
            "icmp_type",
            "icmp_code",
            "first",
            "last",
            "forward.frames",
            "forward.bytes",
            "forward.ip_bytes",
            "forward.tcp_flags",
            "reverse.frames",
            "reverse.bytes",
            "reverse.ip_bytes",
            "reverse.tcp_flags",
            "conn_state",
            "syn_first",
            "community_id",
            "rate.pps",
            "rate.bps");

    private FlowsCsv() {}

    /** A line for each flow, behind one with the columns' names if that is asked for. */
    public static String text(List<JsonElement> flows, boolean names) {
        StringBuilder out = new StringBuilder();
        if (names) {
            out.append(String.join(",", COLUMNS)).append('\n');
        }
        for (JsonElement flow : flows) {
            out.append(COLUMNS.stream()
                            .map(column -> cell(flow.getAsJsonObject(), column))
                            .collect(Collectors.joining(",")))
                    .append('\n');
        }
        return out.toString();
    }

    private static String cell(JsonObject flow, String column) {
        JsonElement value = flow;
        for (String name : column.split("\\.", -1)) {
            value = value instanceof JsonObject object ? object.get(name) : null;
        }
        String text = value == null ? "" : value.getAsString();
        return text.matches("[^\",\r\n]*") ? text : '"' + text.replace("\"", "\"\"") + '"';
    }
}
