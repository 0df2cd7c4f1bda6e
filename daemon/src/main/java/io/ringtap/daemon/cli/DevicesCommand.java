package io.ringtap.daemon.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.ringtap.capture.OpenException;
import io.ringtap.capture.pcap.PcapDevice;
import io.ringtap.capture.pcap.PcapDevices;
import io.ringtap.daemon.cli.format.TextTable;
import io.ringtap.daemon.cli.option.Argument;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code ringtap devices}: the interfaces that one can capture on, those that are up first. */
public final class DevicesCommand implements Callable<Integer> {
    private static final String UNKNOWN = "-";

    private final CommandSpec spec =
            RingtapCommand.spec("devices", this, "Lists the interfaces that one can capture on.");
    private final Argument<Boolean> json = Argument.flag("--json", "One JSON object in a line, in place of the table.")
            .of(spec);
    private final Listing listing;

    /** Lists the interfaces of the network namespace it is called in. */
    public DevicesCommand() {
        this(PcapDevices::list);
    }

    DevicesCommand(Listing listing) {
        this.listing = listing;
    }

    interface Listing {
        List<PcapDevice> list() throws OpenException;
    }

    /** What it takes. */
    public CommandSpec spec() {
        return spec;
    }

    @Override
    public Integer call() {
        try {
            List<PcapDevice> devices = listing.list().stream()
                    .sorted(Comparator.comparing((PcapDevice device) -> !device.running())
                            .thenComparing(device -> !device.up())
                            .thenComparing(PcapDevice::loopback)
                            .thenComparing(PcapDevice::name))
                    .toList();
            PrintWriter out = spec.commandLine().getOut();
            out.print(json.value() ? json(devices) + "\n" : table(devices));
            out.flush();
            return ExitCode.DONE;
        } catch (OpenException e) {
            spec.commandLine().getErr().println("ringtap: " + e.getMessage());
            spec.commandLine().getErr().flush();
            return ExitCode.of(e);
        }
    }

    private static String table(List<PcapDevice> devices) {
        TextTable table = new TextTable("lllrlll");
        table.row("name", "state", "link type", "MTU", "MAC", "addresses", "other names");
        for (PcapDevice device : devices) {
            table.row(
                    device.name(),
                    device.running() ? "running" : device.up() ? "up, no carrier" : "down",
                    device.linkType().orElse(UNKNOWN),
                    device.mtuBytes().isPresent()
                            ? TextTable.count(device.mtuBytes().getAsInt())
                            : UNKNOWN,
                    device.mac().orElse(UNKNOWN),
                    joined(device.addresses()),
                    joined(device.alternativeNames()));
        }
        return table.text();
    }

    private static String joined(List<String> several) {
        return several.isEmpty() ? UNKNOWN : String.join(" ", several);
    }

    private static JsonObject json(List<PcapDevice> devices) {
        JsonArray all = new JsonArray();
        for (PcapDevice device : devices) {
            JsonObject one = new JsonObject();
            one.addProperty("name", device.name());
            one.addProperty("up", device.up());
            one.addProperty("running", device.running());
            one.addProperty("loopback", device.loopback());
            device.linkType().ifPresent(type -> one.addProperty("link_type", type));
            device.mtuBytes().ifPresent(mtu -> one.addProperty("mtu", mtu));
            device.mac().ifPresent(mac -> one.addProperty("mac", mac));
            one.add("addresses", array(device.addresses()));
            one.add("alternative_names", array(device.alternativeNames()));
            all.add(one);
        }
        JsonObject whole = new JsonObject();
        whole.add("devices", all);
        return whole;
    }

    private static JsonArray array(List<String> several) {
        JsonArray array = new JsonArray();
        several.forEach(array::add);
        return array;
    }
}
