package io.ringtap.daemon.cli.format;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** Flows for people, a line each. */
public final class FlowsFormat {
    private static final String ABSENT = "-";

    private FlowsFormat() {}

    /** The table, and how many flows there are in all. */
    public static String text(List<JsonElement> flows, long active) {
        TextTable table = new TextTable("lllllrrrrllrllrl");
        table.row(
                "CAPTURE",
                "VLAN",
                "PROTOCOL",
                "SOURCE",
                "DESTINATION",
                "FRAMES >",
                "<",
                "BYTES ON LINK >",
                "<",
                "FLAGS >",
                "<",
                "SECONDS",
                "FIRST",
                "STATE",
                "BITS/S",
                "TUNNEL");
        for (JsonElement flow : flows) {
            table.row(row(flow.getAsJsonObject()));
        }
        return table.text() + TextTable.count(flows.size()) + " of " + TextTable.count(active) + " flows\n";
    }

    private static String[] row(JsonObject flow) {
        JsonObject forward = flow.getAsJsonObject("forward");
        JsonObject reverse = flow.getAsJsonObject("reverse");
        Instant first = Instant.parse(flow.get("first").getAsString());
        Duration duration =
                Duration.between(first, Instant.parse(flow.get("last").getAsString()));
        return new String[] {
            flow.get("capture").getAsString(),
            vlan(flow),
            flow.has("ethertype")
                    ? flow.get("ethertype").getAsString()
                    : flow.get("protocol").getAsString(),
            end(flow, "source"),
            end(flow, "destination"),
            count(forward, "frames"),
            count(reverse, "frames"),
            count(forward, "bytes"),
            count(reverse, "bytes"),
            text(forward, "tcp_flags"),
            text(reverse, "tcp_flags"),
            String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e9),
            flow.get("first").getAsString(),
            text(flow, "conn_state"),
            count(flow.getAsJsonObject("rate"), "bps"),
            flow.has("tunnel") ? tunnel(flow.getAsJsonObject("tunnel")) : ABSENT
        };
    }

    private static String tunnel(JsonObject tunnel) {
        String id = tunnel.has("id") ? " " + tunnel.get("id").getAsString() : "";
        String ends = tunnel.has("source")
                ? " " + tunnel.get("source").getAsString() + " > "
                        + tunnel.get("destination").getAsString()
                : "";
        return tunnel.get("kind").getAsString() + id + ends;
    }

    /** Who talks with whom, by what. */
    public static String conversation(JsonObject flow) {
        String protocol = flow.has("ethertype")
                ? flow.get("ethertype").getAsString()
                : flow.get("protocol").getAsString();
        return protocol + " " + end(flow, "source") + " > " + end(flow, "destination");
    }

    private static String vlan(JsonObject flow) {
        String inner = flow.has("inner_vlan") ? "/" + flow.get("inner_vlan").getAsString() : "";
        return text(flow, "vlan") + inner;
    }

    private static String end(JsonObject flow, String name) {
        String address = flow.get(name).getAsString();
        if (!flow.has(name + "_port")) {
            return address;
        }
        String port = flow.get(name + "_port").getAsString();
        return address.contains(":") ? "[" + address + "]:" + port : address + ":" + port;
    }

    private static String count(JsonObject direction, String name) {
        return TextTable.count(direction.get(name).getAsLong());
    }

    private static String text(JsonObject object, String name) {
        return object.has(name) ? object.get(name).getAsString() : ABSENT;
    }
}
