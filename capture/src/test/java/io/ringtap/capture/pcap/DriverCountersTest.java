package io.ringtap.capture.pcap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** By names as `ethtool -S` shows them, those that a driver has about receiving, and some that look like it. */
class DriverCountersTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "vmxnet3 | Tx Queue#, pkts tx err, pkts tx discard, drv dropped tx total, ring full, Rx Queue#, LRO pkts rx, ucast pkts"
                        + " rx, pkts rx OOB, pkts rx err, drv dropped rx total, err, fcs, rx buf alloc fail, xdp packets, xdp drops, Rx"
                        + " Queue#, pkts rx OOB, drv dropped rx total, tx timeout count"
                        + " | no_buffer pkts rx OOB; driver drv dropped rx total (in rx_dropped); xdp xdp drops",
                "virtio_net | rx_drops, rx_xdp_packets, rx_xdp_drops, rx_kicks, tx_xdp_tx_drops, rx0_drops, rx0_xdp_packets,"
                        + " rx0_xdp_drops, rx0_hw_drops, rx0_hw_drop_overruns, rx1_xdp_drops, tx0_xdp_tx_drops, tx0_hw_drops"
                        + " | xdp rxN_xdp_drops (in rx_dropped); no_buffer rxN_hw_drop_overruns",
                "virtio_net | rx_queue_0_packets, rx_queue_0_drops, rx_queue_0_xdp_drops, rx_queue_1_xdp_drops, tx_queue_0_xdp_tx_drops"
                        + " | xdp rx_queue_N_xdp_drops (in rx_dropped)",
                "ixgbe | rx_packets, rx_errors, rx_dropped, rx_no_buffer_count, rx_over_errors, rx_fifo_errors, rx_missed_errors,"
                        + " alloc_rx_page_failed, alloc_rx_buff_failed, rx_no_dma_resources, rx_fcoe_dropped, rx_queue_0_packets"
                        + " | no_buffer rx_no_dma_resources",
                "i40e | rx_dropped, rx_unknown_protocol, veb.rx_discards, port.rx_dropped, port.tx_dropped_link_down"
                        + " | driver rx_dropped (in rx_dropped); port port.rx_dropped",
                "i40e | rx_dropped, rx_missed_errors, port.rx_discards"
                        + " | driver rx_dropped (in rx_dropped); port port.rx_discards",
                "ice | rx_dropped, rx_unknown_protocol, rx_alloc_fail, rx_pg_alloc_fail, rx_dropped.nic, tx_dropped_link_down.nic"
                        + " | driver rx_dropped (in rx_dropped); port rx_dropped.nic",
                "igc | rx_no_buffer_count, rx_missed_errors, dropped_smbus, rx_queue_0_drops, rx_queue_0_alloc_failed, rx_queue_3_drops"
                        + " | no_buffer rx_queue_N_drops",
                "igb | rx_no_buffer_count, rx_missed_errors, rx_fifo_errors, rx_queue_0_drops | ''",
                "e1000e | rx_no_buffer_count, rx_missed_errors, alloc_rx_buff_failed, dropped_smbus, rx_dma_failed | ''",
                "mlx5_core | rx_packets, rx_out_of_buffer, rx_steer_missed_packets, rx_xdp_drop, rx0_xdp_drop, rx_xdp_tx_full,"
                        + " rx_oversize_pkts_sw_drop, rx_discards_phy, tx_discards_phy, rx_prio0_discards"
                        + " | xdp rx_xdp_drop; driver rx_oversize_pkts_sw_drop; port rx_discards_phy",
                "ena | bw_in_allowance_exceeded, bw_out_allowance_exceeded, pps_allowance_exceeded, queue_0_rx_xdp_drop,"
                        + " queue_0_rx_page_alloc_fail, queue_0_tx_missed_tx"
                        + " | allowance bw_in_allowance_exceeded; allowance pps_allowance_exceeded; xdp queue_N_rx_xdp_drop",
                "hv_netvsc | tx_no_memory, rx_comp_busy, rx_no_memory, rx_queue_0_xdp_drop, rx_queue_1_xdp_drop, vf_rx_packets"
                        + " | driver rx_no_memory; xdp rx_queue_N_xdp_drop",
                "veth | peer_ifindex, rx_queue_0_xdp_packets, rx_queue_0_drops, rx_queue_0_xdp_drops, tx_queue_0_xdp_xmit_errors"
                        + " | driver rx_queue_N_drops (in rx_dropped); xdp rx_queue_N_xdp_drops",
                "bnxt_en | [0]: rx_ucast_packets, [0]: rx_discards, [1]: rx_discards, tx_discards, rx_csum_drop, rx_dropped,"
                        + " rx_xdp_drops, rx_missed_errors, rx_over_errors, rx_stat_discard, rx_good_frames"
                        + " | unknown [N]: rx_discards; xdp rx_xdp_drops; unknown rx_stat_discard",
            })
    void shouldKnowWhatTellsOfLossAndNothingElse(String driver, String names, String expected) {
        List<String> counters = DriverCounters.of(driver, List.of(names.split(", "))).stream()
                .filter(Objects::nonNull)
                .map(counter ->
                        counter.cause().text() + " " + counter.name() + (counter.inDropped() ? " (in rx_dropped)" : ""))
                .distinct()
                .toList();
        assertEquals(expected, String.join("; ", counters));
    }
}
