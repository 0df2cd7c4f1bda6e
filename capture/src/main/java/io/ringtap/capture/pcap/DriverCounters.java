package io.ringtap.capture.pcap;

import io.ringtap.ledger.EarlyLoss.Cause;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The statistics of drivers that tell of frames that were lost before the tap, by the names that {@code ethtool -S} shows.
 * Each was looked up in the driver (Linux 6.12, below drivers/net):
 *
 * <ul>
 *   <li>vmxnet3: vmxnet3/vmxnet3_ethtool.c; {@code pkts rx OOB} is the device's pktsRxOutOfBuf, which is in no statistic of the
 *       interface, {@code drv dropped rx total} is in its {@code rx_dropped} (vmxnet3_get_stats64)
 *   <li>virtio_net: virtio_net.c; {@code rx0_drops}, before Linux 6.8 {@code rx_queue_0_drops}, has the XDP program's in it, and is in
 *       {@code rx_dropped}: left there. {@code rx0_hw_drop_overruns} is the device's: no descriptor
 *   <li>ixgbe: ethernet/intel/ixgbe/ixgbe_main.c; {@code rx_no_dma_resources} is QPRDC, dropped for want of a descriptor, and not in
 *       {@code rx_missed_errors} (MPC). {@code rx_no_buffer_count} and {@code alloc_rx_*_failed} lose no frame
 *   <li>i40e: ethernet/intel/i40e/i40e_main.c, i40e_update_vsi_stats; {@code rx_dropped} is the device's own part of that of the
 *       interface, {@code port.rx_dropped} (from 6.7 {@code port.rx_discards}) the port's with all of its functions
 *   <li>ice: ethernet/intel/ice/ice_main.c, ice_update_vsi_stats; {@code rx_dropped} and {@code rx_dropped.nic} likewise
 *   <li>igc: ethernet/intel/igc/igc_main.c, igc_update_stats; {@code rx_queue_0_drops} is RQDPC, which is in no statistic of the
 *       interface
 *   <li>igb, e1000e, e1000: ethernet/intel/igb/igb_main.c adds RQDPC to {@code rx_fifo_errors}, e1000e/netdev.c MPC to
 *       {@code rx_missed_errors}: all that is certain is in {@code interface_dropped}
 *   <li>mlx5_core: ethernet/mellanox/mlx5/core/en_stats.c; {@code rx_out_of_buffer} is in {@code rx_missed_errors} (en_main.c,
 *       mlx5e_get_stats), {@code rx_discards_phy} is the port's
 *   <li>ena: ethernet/amazon/ena/ena_ethtool.c; what the device dropped is in {@code rx_dropped} alone
 *   <li>hv_netvsc: hyperv/netvsc_drv.c, netvsc_recv_callback; {@code rx_no_memory} is in no statistic of the interface
 *   <li>veth: veth.c; {@code rx_queue_0_drops} (no memory) is in {@code rx_dropped}, what XDP took is not
 * </ul>
 */
final class DriverCounters {
    /**
     * Of the drivers that are not known. What {@code rtnl_link_stats64} has, too, is read there, and per-processor or per-queue parts
     * of a sum do not harm in a hint.
     */
    private static final List<Rule> OF_OTHERS = List.of(
            new Rule("(?i)(?=.*xdp)(?!.*tx).*drop.*", Cause.XDP, false),
            new Rule(
                    "(?i)(?!rx_(dropped|missed_errors|fifo_errors|over_errors)$)(?!.*(tx|smbus|csum|fcoe|bmc))(?=.*(rx|recv))"
                            + ".*(drop|discard|miss|overrun|overflow|no_?buf|out_of_buf|oob|no_dma|no_mem).*",
                    Cause.UNKNOWN,
                    false));

    private static final Map<String, List<Rule>> OF_DRIVER = Map.ofEntries(
            Map.entry(
                    "vmxnet3",
                    List.of(
                            new Rule("pkts rx OOB", Cause.NO_BUFFER, false),
                            new Rule("drv dropped rx total", Cause.DRIVER, true),
                            new Rule("xdp drops", Cause.XDP, false))),
            Map.entry(
                    "virtio_net",
                    List.of(
                            new Rule("rx\\d+_hw_drop_overruns", Cause.NO_BUFFER, false),
                            new Rule("rx(_queue_)?\\d+_xdp_drops", Cause.XDP, true))),
            Map.entry("ixgbe", List.of(new Rule("rx_no_dma_resources", Cause.NO_BUFFER, false))),
            Map.entry(
                    "i40e",
                    List.of(
                            new Rule("rx_dropped", Cause.DRIVER, true),
                            new Rule("port\\.rx_(dropped|discards)", Cause.PORT, false))),
            Map.entry(
                    "ice",
                    List.of(
                            new Rule("rx_dropped", Cause.DRIVER, true),
                            new Rule("rx_dropped\\.nic", Cause.PORT, false))),
            Map.entry("igc", List.of(new Rule("rx_queue_\\d+_drops", Cause.NO_BUFFER, false))),
            Map.entry("igb", List.of()),
            Map.entry("e1000e", List.of()),
            Map.entry("e1000", List.of()),
            Map.entry(
                    "mlx5_core",
                    List.of(
                            new Rule("rx_discards_phy", Cause.PORT, false),
                            new Rule("rx_oversize_pkts_sw_drop", Cause.DRIVER, false),
                            new Rule("rx_xdp_drop", Cause.XDP, false))),
            Map.entry(
                    "ena",
                    List.of(
                            new Rule("(bw_in|pps|conntrack|linklocal)_allowance_exceeded", Cause.ALLOWANCE, false),
                            new Rule("queue_\\d+_rx_xdp_drop", Cause.XDP, false))),
            Map.entry(
                    "hv_netvsc",
                    List.of(
                            new Rule("rx_no_memory", Cause.DRIVER, false),
                            new Rule("rx_queue_\\d+_xdp_drop", Cause.XDP, false))),
            Map.entry(
                    "veth",
                    List.of(
                            new Rule("rx_queue_\\d+_drops", Cause.DRIVER, true),
                            new Rule("rx_queue_\\d+_xdp_drops", Cause.XDP, false))));

    private static final Pattern NUMBER = Pattern.compile("\\d+");

    private DriverCounters() {}

    /**
     * A counter, of all queues together.
     *
     * @param cause what it means
     * @param name its name, N for each number in it
     * @param inDropped whether the driver counts the same frames in the interface's {@code rx_dropped}
     */
    record Counter(Cause cause, String name, boolean inDropped) {}

    private record Rule(Pattern names, Cause cause, boolean inDropped) {
        Rule(String names, Cause cause, boolean inDropped) {
            this(Pattern.compile(names), cause, inDropped);
        }
    }

    /** Returns whether it was looked up how a driver tells of frames that it lost. */
    static boolean knows(String driver) {
        return OF_DRIVER.containsKey(driver);
    }

    /** Returns a counter for each of a driver's names, in their order; null for one that tells of no lost frame. */
    static List<Counter> of(String driver, List<String> names) {
        List<Rule> rules = OF_DRIVER.getOrDefault(driver, OF_OTHERS);
        List<Counter> counters = new ArrayList<>();
        for (String name : names) {
            counters.add(counter(rules, name).orElse(null));
        }
        return counters;
    }

    private static Optional<Counter> counter(List<Rule> rules, String name) {
        return rules.stream()
                .filter(rule -> rule.names().matcher(name).matches())
                .findFirst()
                .map(rule -> new Counter(rule.cause(), NUMBER.matcher(name).replaceAll("N"), rule.inDropped()));
    }
}
