package io.ringtap.inject.template;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.pcap4j.packet.ArpPacket;
import org.pcap4j.packet.Dot1qVlanTagPacket;
import org.pcap4j.packet.EthernetPacket;
import org.pcap4j.packet.IcmpV4CommonPacket;
import org.pcap4j.packet.IcmpV6CommonPacket;
import org.pcap4j.packet.IpV4Packet;
import org.pcap4j.packet.IpV4Rfc1349Tos;
import org.pcap4j.packet.IpV6Packet;
import org.pcap4j.packet.IpV6SimpleFlowLabel;
import org.pcap4j.packet.IpV6SimpleTrafficClass;
import org.pcap4j.packet.Packet;
import org.pcap4j.packet.TcpPacket;
import org.pcap4j.packet.UdpPacket;
import org.pcap4j.packet.UnknownPacket;
import org.pcap4j.packet.namednumber.ArpHardwareType;
import org.pcap4j.packet.namednumber.ArpOperation;
import org.pcap4j.packet.namednumber.EtherType;
import org.pcap4j.packet.namednumber.IcmpV4Code;
import org.pcap4j.packet.namednumber.IcmpV4Type;
import org.pcap4j.packet.namednumber.IcmpV6Code;
import org.pcap4j.packet.namednumber.IcmpV6Type;
import org.pcap4j.packet.namednumber.IpNumber;
import org.pcap4j.packet.namednumber.IpVersion;
import org.pcap4j.packet.namednumber.TcpPort;
import org.pcap4j.packet.namednumber.UdpPort;

/** Builds a template's bytes by pcap4j's builders; checksums that are not given are left 0. */
record PacketAssembly(HeaderValues values) {
    private static final int MAC_BYTES = 6;
    private static final int IPV4_BYTES = 4;
    private static final byte IPV4_HEADER_WORDS = 5;

    /** A frame of a length, which is at least what its content takes; padded with zeros. */
    byte[] bytes(int length) {
        FrameTemplate template = values.template();
        if (template.content() instanceof Content.RawFrame raw) {
            return Arrays.copyOf(raw.bytes(), length);
        }
        // The padding is part of the payload, so that IP's lengths count it. That of ARP and LLDP is Ethernet's.
        byte[] payload = Arrays.copyOf(
                template.content().bytes(), length - template.layout().headerBytes());
        return ethernet(template.layers().contains(Layer.ARP) ? arp(payload) : network(payload))
                .getRawData();
    }

    private boolean has(Layer layer) {
        return values.template().layers().contains(layer);
    }

    private Packet ethernet(Packet.Builder content) {
        EtherType type = EtherType.getInstance(u16(Field.ETHERTYPE));
        Packet.Builder inner = content;
        EtherType outerType = type;
        if (has(Layer.INNER_VLAN)) {
            inner = new Dot1qVlanTagPacket.Builder()
                    .priority(u8(Field.INNER_VLAN_PRIORITY))
                    .cfi(values.flag(Field.INNER_VLAN_DROP_ELIGIBLE))
                    .vid(u16(Field.INNER_VLAN_ID))
                    .type(type)
                    .payloadBuilder(inner);
            outerType = EtherType.getInstance(u16(Field.INNER_VLAN_TPID));
        }
        if (has(Layer.VLAN)) {
            inner = new Dot1qVlanTagPacket.Builder()
                    .priority(u8(Field.VLAN_PRIORITY))
                    .cfi(values.flag(Field.VLAN_DROP_ELIGIBLE))
                    .vid(u16(Field.VLAN_ID))
                    .type(outerType)
                    .payloadBuilder(inner);
            outerType = EtherType.getInstance(u16(Field.VLAN_TPID));
        }
        return new EthernetPacket.Builder()
                .dstAddr(values.of(Field.DESTINATION).toMac())
                .srcAddr(values.of(Field.SOURCE).toMac())
                .type(outerType)
                .payloadBuilder(inner)
                .pad(new byte[0])
                .build();
    }

    private Packet.Builder arp(byte[] padding) {
        ArpPacket arp = new ArpPacket.Builder()
                .hardwareType(ArpHardwareType.ETHERNET)
                .protocolType(EtherType.IPV4)
                .hardwareAddrLength((byte) MAC_BYTES)
                .protocolAddrLength((byte) IPV4_BYTES)
                .operation(ArpOperation.getInstance(u16(Field.ARP_OPERATION)))
                .srcHardwareAddr(values.of(Field.ARP_SENDER_MAC).toMac())
                .srcProtocolAddr(values.of(Field.ARP_SENDER_IP).toIpv4())
                .dstHardwareAddr(values.of(Field.ARP_TARGET_MAC).toMac())
                .dstProtocolAddr(values.of(Field.ARP_TARGET_IP).toIpv4())
                .build();
        // Below VLAN tags pcap4j has no padding.
        return raw(Arrays.copyOf(arp.getRawData(), Layer.ARP.bytes() + padding.length));
    }

    private Packet.Builder network(byte[] payload) {
        return has(Layer.IPV4) ? ipv4(payload) : has(Layer.IPV6) ? ipv6(payload) : raw(payload);
    }

    private Packet.Builder ipv4(byte[] payload) {
        boolean follows = !isGiven(Field.IPV4_LENGTH);
        return new IpV4Packet.Builder()
                .version(IpVersion.IPV4)
                .ihl(IPV4_HEADER_WORDS)
                .tos(IpV4Rfc1349Tos.newInstance(trafficClass(Field.IPV4_DSCP, Field.IPV4_ECN)))
                .totalLength(u16(Field.IPV4_LENGTH))
                .identification(u16(Field.IPV4_IDENTIFICATION))
                .dontFragmentFlag(values.flag(Field.IPV4_DONT_FRAGMENT))
                .moreFragmentFlag(values.flag(Field.IPV4_MORE_FRAGMENTS))
                .fragmentOffset(u16(Field.IPV4_FRAGMENT_OFFSET))
                .ttl(u8(Field.IPV4_TTL))
                .protocol(IpNumber.getInstance(u8(Field.IPV4_PROTOCOL)))
                .headerChecksum(u16(Field.IPV4_CHECKSUM))
                .srcAddr(values.of(Field.IPV4_SOURCE).toIpv4())
                .dstAddr(values.of(Field.IPV4_DESTINATION).toIpv4())
                .correctLengthAtBuild(follows)
                .payloadBuilder(transport(payload));
    }

    private Packet.Builder ipv6(byte[] payload) {
        return new IpV6Packet.Builder()
                .version(IpVersion.IPV6)
                .trafficClass(IpV6SimpleTrafficClass.newInstance(trafficClass(Field.IPV6_DSCP, Field.IPV6_ECN)))
                .flowLabel(IpV6SimpleFlowLabel.newInstance((int) values.number(Field.IPV6_FLOW_LABEL)))
                .payloadLength(u16(Field.IPV6_LENGTH))
                .nextHeader(IpNumber.getInstance(u8(Field.IPV6_NEXT_HEADER)))
                .hopLimit(u8(Field.IPV6_HOP_LIMIT))
                .srcAddr(values.of(Field.IPV6_SOURCE).toIpv6())
                .dstAddr(values.of(Field.IPV6_DESTINATION).toIpv6())
                .correctLengthAtBuild(!isGiven(Field.IPV6_LENGTH))
                .payloadBuilder(transport(payload));
    }

    private Packet.Builder transport(byte[] payload) {
        return values.template()
                .layout()
                .transport()
                .map(layer -> switch (layer) {
                    case UDP -> udp(payload);
                    case TCP -> tcp(payload);
                    case ICMP -> icmp(payload);
                    default -> icmpv6(payload);
                })
                .orElseGet(() -> raw(payload));
    }

    private Packet.Builder udp(byte[] payload) {
        return new UdpPacket.Builder()
                .srcPort(UdpPort.getInstance(u16(Field.UDP_SOURCE_PORT)))
                .dstPort(UdpPort.getInstance(u16(Field.UDP_DESTINATION_PORT)))
                .length(u16(Field.UDP_LENGTH))
                .checksum(u16(Field.UDP_CHECKSUM))
                .correctLengthAtBuild(!isGiven(Field.UDP_LENGTH))
                .payloadBuilder(raw(payload));
    }

    private Packet.Builder tcp(byte[] payload) {
        int flags = (int) values.number(Field.TCP_FLAGS);
        return new TcpPacket.Builder()
                .srcPort(TcpPort.getInstance(u16(Field.TCP_SOURCE_PORT)))
                .dstPort(TcpPort.getInstance(u16(Field.TCP_DESTINATION_PORT)))
                .sequenceNumber((int) values.number(Field.TCP_SEQUENCE_NUMBER))
                .acknowledgmentNumber((int) values.number(Field.TCP_ACKNOWLEDGMENT_NUMBER))
                .reserved((byte) (flags >> 6)) // pcap4j is older than ECN: RFC 3168
                .urg((flags & 32) != 0)
                .ack((flags & 16) != 0)
                .psh((flags & 8) != 0)
                .rst((flags & 4) != 0)
                .syn((flags & 2) != 0)
                .fin((flags & 1) != 0)
                .window(u16(Field.TCP_WINDOW))
                .checksum(u16(Field.TCP_CHECKSUM))
                .urgentPointer(u16(Field.TCP_URGENT_POINTER))
                .correctLengthAtBuild(true)
                .payloadBuilder(raw(payload));
    }

    private Packet.Builder icmp(byte[] payload) {
        byte type = u8(Field.ICMP_TYPE);
        return new IcmpV4CommonPacket.Builder()
                .type(IcmpV4Type.getInstance(type))
                .code(IcmpV4Code.getInstance(type, u8(Field.ICMP_CODE)))
                .checksum(u16(Field.ICMP_CHECKSUM))
                .payloadBuilder(raw(icmpRest(Field.ICMP_IDENTIFIER, Field.ICMP_SEQUENCE_NUMBER, payload)));
    }

    private Packet.Builder icmpv6(byte[] payload) {
        byte type = u8(Field.ICMPV6_TYPE);
        return new IcmpV6CommonPacket.Builder()
                .type(IcmpV6Type.getInstance(type))
                .code(IcmpV6Code.getInstance(type, u8(Field.ICMPV6_CODE)))
                .checksum(u16(Field.ICMPV6_CHECKSUM))
                .payloadBuilder(raw(icmpRest(Field.ICMPV6_IDENTIFIER, Field.ICMPV6_SEQUENCE_NUMBER, payload)));
    }

    /** The second half of the header, which only echo messages give these names, and the payload. */
    private byte[] icmpRest(Field identifier, Field sequenceNumber, byte[] payload) {
        byte[] rest = new byte[2 * Short.BYTES + payload.length];
        ByteBuffer.wrap(rest)
                .putShort(u16(identifier))
                .putShort(u16(sequenceNumber))
                .put(payload);
        return rest;
    }

    private static UnknownPacket.Builder raw(byte[] bytes) {
        return new UnknownPacket.Builder().rawData(bytes);
    }

    private byte trafficClass(Field dscp, Field ecn) {
        return (byte) (values.number(dscp) << 2 | values.number(ecn));
    }

    private boolean isGiven(Field field) {
        return values.template().fields().containsKey(field);
    }

    private byte u8(Field field) {
        return (byte) values.number(field);
    }

    private short u16(Field field) {
        return (short) values.number(field);
    }
}
