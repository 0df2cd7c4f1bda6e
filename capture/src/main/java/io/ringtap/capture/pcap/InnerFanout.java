package io.ringtap.capture.pcap;

import static io.ringtap.capture.pcap.BpfCode.ADD;
import static io.ringtap.capture.pcap.BpfCode.A_TO_X;
import static io.ringtap.capture.pcap.BpfCode.IF_EQUAL;
import static io.ringtap.capture.pcap.BpfCode.LOAD_X_IMMEDIATE;
import static io.ringtap.capture.pcap.BpfCode.LOAD_X_MEMORY;
import static io.ringtap.capture.pcap.BpfCode.SHIFT_LEFT;
import static io.ringtap.capture.pcap.BpfCode.STORE;
import static io.ringtap.capture.pcap.BpfCode.STORE_X;
import static io.ringtap.capture.pcap.BpfCode.X_TO_A;

import io.ringtap.frame.Tunnel;
import io.ringtap.frame.TunnelPorts;

/**
 * A program of classic BPF that shares frames among a fanout group (PACKET_FANOUT_CBPF, Linux 4.3) by the innermost conversation
 * that it can see, both directions alike: the kernel's own hash ends at the outer headers. It looks into VXLAN, GENEVE, GTP-U
 * without extension headers, GRE, ERSPAN and IP in IP, so many levels deep; of IPv6 with extension headers, and of fragments, it
 * takes the addresses. A frame that ends before what is read goes to the first ring.
 *
 * <p>X is where a header begins, counted from the frame's network header (SKF_NET_OFF of linux/filter.h): the kernel has taken the
 * VLAN tag off.
 */
final class InnerFanout {
    private static final int LEVELS = 3;

    private static final int NETWORK = -0x10_0000; // SKF_NET_OFF
    private static final int LINK = -0x20_0000; // SKF_LL_OFF
    private static final int PROTOCOL = -0x1000; // SKF_AD_OFF + SKF_AD_PROTOCOL

    private static final int LOAD_INDIRECT = 0x40;
    private static final int LOAD_HALF_INDIRECT = 0x48;
    private static final int LOAD_BYTE_INDIRECT = 0x50;
    private static final int LOAD_MEMORY = 0x60;
    private static final int ADD_X = 0x0c;
    private static final int MULTIPLY = 0x24;
    private static final int AND = 0x54;
    private static final int SHIFT_RIGHT = 0x74;
    private static final int XOR_X = 0xac;
    private static final int IF_ANY_BIT = 0x45;
    private static final int RETURN_A = 0x16;

    // Cells of memory.
    private static final int IP_AT = 0;
    private static final int IP_PROTOCOL = 1;
    private static final int BEHIND_IP = 2;
    private static final int SOURCE = 3;
    private static final int DESTINATION = 4;
    private static final int WORK = 5;

    private static final int ETHERTYPE_IPV4 = 0x0800;
    private static final int ETHERTYPE_IPV6 = 0x86dd;
    private static final int ETHERTYPE_BRIDGED = 0x6558;

    private static final int MIX = 0x9e37_79b1; // 2^32 by the golden ratio, made prime

    private final BpfCode code = new BpfCode();
    private final TunnelPorts ports;
    private final int byMacs = code.label();
    private final int ipv4Hash = code.label();
    private final int ipv6Hash = code.label();
    private final int ends = code.label();

    private InnerFanout(TunnelPorts ports) {
        this.ports = ports;
    }

    /** The program, as {@code struct sock_filter}. */
    static byte[] program(TunnelPorts ports) {
        return new InnerFanout(ports).program();
    }

    private byte[] program() {
        int ipv4 = code.label();
        int ipv6 = code.label();
        code.add(LOAD_X_IMMEDIATE, 0);
        code.add(BpfCode.LOAD_HALF, PROTOCOL);
        either(ETHERTYPE_IPV4, ipv4);
        either(ETHERTYPE_IPV6, ipv6);
        code.jump(byMacs);
        for (int level = 1; level <= LEVELS; level++) {
            int nextIpv4 = level < LEVELS ? code.label() : ipv4Hash;
            int nextIpv6 = level < LEVELS ? code.label() : ipv6Hash;
            ip(level < LEVELS, ipv4, ipv6, nextIpv4, nextIpv6);
            ipv4 = nextIpv4;
            ipv6 = nextIpv6;
        }
        hashes();
        return code.bytes();
    }

    /** Goes to a label if A is a value, else on. */
    private void either(int value, int label) {
        int on = code.label();
        code.branch(IF_EQUAL, value, label, on);
        code.place(on);
    }

    /** The headers of a level: X is where IP begins. */
    private void ip(boolean deeper, int ipv4, int ipv6, int nextIpv4, int nextIpv6) {
        code.place(ipv4);
        code.add(STORE_X, IP_AT);
        code.add(LOAD_BYTE_INDIRECT, NETWORK + 9);
        code.add(STORE, IP_PROTOCOL);
        code.add(LOAD_BYTE_INDIRECT, NETWORK);
        code.add(AND, 0xf);
        code.add(SHIFT_LEFT, 2);
        code.add(ADD_X, 0);
        code.add(STORE, BEHIND_IP);
        code.add(LOAD_HALF_INDIRECT, NETWORK + 6);
        int whole = code.label();
        int fragment = code.label();
        code.branch(IF_ANY_BIT, 0x3fff, fragment, whole);
        code.place(fragment);
        code.add(BpfCode.LOAD_IMMEDIATE, 0);
        code.add(STORE, BEHIND_IP); // has no ports
        code.jump(ipv4Hash);
        code.place(whole);
        tunnels(deeper, ipv4Hash, nextIpv4, nextIpv6);
        code.place(ipv6);
        code.add(STORE_X, IP_AT);
        code.add(LOAD_BYTE_INDIRECT, NETWORK + 6);
        code.add(STORE, IP_PROTOCOL);
        code.add(X_TO_A, 0);
        code.add(ADD, 40);
        code.add(STORE, BEHIND_IP);
        tunnels(deeper, ipv6Hash, nextIpv4, nextIpv6);
    }

    /** What is behind IP, if it is a tunnel; else the hash of this level. */
    private void tunnels(boolean deeper, int hash, int nextIpv4, int nextIpv6) {
        if (!deeper) {
            code.jump(hash);
            return;
        }
        int udp = code.label();
        int gre = code.label();
        int ethernet = code.label();
        code.add(LOAD_X_MEMORY, BEHIND_IP);
        code.add(LOAD_MEMORY, IP_PROTOCOL);
        either(17, udp);
        either(47, gre);
        either(4, nextIpv4);
        either(41, nextIpv6);
        code.jump(hash);
        code.place(udp);
        udp(hash, ethernet, nextIpv4, nextIpv6);
        code.place(gre);
        gre(hash, ethernet, nextIpv4, nextIpv6);
        code.place(ethernet);
        ethernet(hash, nextIpv4, nextIpv6);
    }

    private void udp(int hash, int ethernet, int nextIpv4, int nextIpv6) {
        int vxlan = code.label();
        int geneve = code.label();
        int gtp = code.label();
        for (int port = 0; port <= 2; port += 2) {
            code.add(LOAD_HALF_INDIRECT, NETWORK + port);
            ports.of(Tunnel.VXLAN).forEach(number -> either(number, vxlan));
            ports.of(Tunnel.GENEVE).forEach(number -> either(number, geneve));
            ports.of(Tunnel.GTP_U).forEach(number -> either(number, gtp));
        }
        code.jump(hash);
        code.place(vxlan);
        code.add(LOAD_BYTE_INDIRECT, NETWORK + 8);
        code.add(AND, 8);
        either(0, hash);
        forward(16);
        code.jump(ethernet);

        code.place(geneve);
        code.add(LOAD_HALF_INDIRECT, NETWORK + 10);
        code.add(STORE, WORK);
        code.add(LOAD_BYTE_INDIRECT, NETWORK + 8);
        code.add(AND, 0x3f);
        code.add(SHIFT_LEFT, 2);
        code.add(ADD, 16);
        code.add(ADD_X, 0);
        code.add(A_TO_X, 0);
        code.add(LOAD_MEMORY, WORK);
        either(ETHERTYPE_BRIDGED, ethernet);
        either(ETHERTYPE_IPV4, nextIpv4);
        either(ETHERTYPE_IPV6, nextIpv6);
        code.jump(hash);

        code.place(gtp);
        code.add(LOAD_BYTE_INDIRECT, NETWORK + 9);
        int user = code.label();
        either(255, user);
        code.jump(hash);
        code.place(user);
        int bare = code.label();
        int numbered = code.label();
        code.add(LOAD_BYTE_INDIRECT, NETWORK + 8);
        either(0x30, bare);
        either(0x32, numbered); // a sequence number; 0x34 and more have extension headers
        code.jump(hash);
        code.place(numbered);
        forward(4);
        code.place(bare);
        forward(16);
        code.add(LOAD_BYTE_INDIRECT, NETWORK);
        code.add(SHIFT_RIGHT, 4);
        either(4, nextIpv4);
        either(6, nextIpv6);
        code.jump(hash);
    }

    /** X is a GRE header's; its checksum, key and sequence number have four bytes each. */
    private void gre(int hash, int ethernet, int nextIpv4, int nextIpv6) {
        int plain = code.label();
        code.add(LOAD_HALF_INDIRECT, NETWORK);
        code.branch(IF_ANY_BIT, 0x4007, hash, plain);
        code.place(plain);
        code.add(STORE, WORK);
        code.add(LOAD_HALF_INDIRECT, NETWORK + 2);
        code.add(STORE, DESTINATION); // its type, for now
        int[] flags = {0x8000, 0x2000, 0x1000};
        forward(4);
        for (int flag : flags) {
            int there = code.label();
            int on = code.label();
            code.add(LOAD_MEMORY, WORK);
            code.branch(IF_ANY_BIT, flag, there, on);
            code.place(there);
            forward(4);
            code.place(on);
        }
        int erspan = code.label();
        int erspan3 = code.label();
        code.add(LOAD_MEMORY, DESTINATION);
        either(ETHERTYPE_IPV4, nextIpv4);
        either(ETHERTYPE_IPV6, nextIpv6);
        either(ETHERTYPE_BRIDGED, ethernet);
        either(0x88be, erspan);
        either(0x22eb, erspan3);
        code.jump(hash);
        int second = code.label();
        code.place(erspan);
        code.add(LOAD_MEMORY, WORK);
        code.branch(IF_ANY_BIT, 0x1000, second, ethernet); // type I has no sequence number, and no header
        code.place(second);
        forward(8);
        code.jump(ethernet);
        int sub = code.label();
        int bare = code.label();
        code.place(erspan3);
        code.add(LOAD_BYTE_INDIRECT, NETWORK + 11);
        code.branch(IF_ANY_BIT, 1, sub, bare);
        code.place(sub);
        forward(8);
        code.place(bare);
        forward(12);
        code.jump(ethernet);
    }

    /** X is an Ethernet header's, with two tags at most; of what is no IP the outer conversation counts. */
    private void ethernet(int hash, int nextIpv4, int nextIpv6) {
        int network = code.label();
        for (int tag = 0; tag < 2; tag++) {
            int tagged = code.label();
            code.add(LOAD_HALF_INDIRECT, NETWORK + 12);
            either(0x8100, tagged);
            either(0x88a8, tagged);
            code.jump(network);
            code.place(tagged);
            forward(4);
        }
        code.place(network);
        code.add(LOAD_HALF_INDIRECT, NETWORK + 12);
        code.add(STORE, WORK);
        forward(14);
        code.add(LOAD_MEMORY, WORK);
        either(ETHERTYPE_IPV4, nextIpv4);
        either(ETHERTYPE_IPV6, nextIpv6);
        code.jump(hash);
    }

    private void forward(int bytes) {
        code.add(X_TO_A, 0);
        code.add(ADD, bytes);
        code.add(A_TO_X, 0);
    }

    /** Both ends are folded into a number each, which are then put together so that exchanging them changes nothing. */
    private void hashes() {
        code.place(ipv4Hash);
        address(1, 12, SOURCE);
        address(1, 16, DESTINATION);
        code.jump(ends);
        code.place(ipv6Hash);
        address(4, 8, SOURCE);
        address(4, 24, DESTINATION);
        code.jump(ends);
        code.place(byMacs);
        code.add(BpfCode.LOAD_ABSOLUTE, LINK + 8);
        code.add(STORE, SOURCE);
        code.add(BpfCode.LOAD_ABSOLUTE, LINK + 2);
        code.add(STORE, DESTINATION);
        code.add(BpfCode.LOAD_IMMEDIATE, 0);
        code.add(STORE, BEHIND_IP);
        code.add(STORE, IP_PROTOCOL);
        code.place(ends);
        int both = code.label();
        int ported = code.label();
        code.add(LOAD_MEMORY, BEHIND_IP);
        either(0, both);
        code.add(LOAD_MEMORY, IP_PROTOCOL);
        for (int protocol : new int[] {6, 17, 132, 136}) {
            either(protocol, ported);
        }
        code.jump(both);
        code.place(ported);
        port(0, SOURCE);
        port(2, DESTINATION);
        code.place(both);
        mixed(SOURCE);
        mixed(DESTINATION);
        code.add(LOAD_X_MEMORY, SOURCE);
        code.add(LOAD_MEMORY, DESTINATION);
        code.add(ADD_X, 0);
        code.add(STORE, SOURCE);
        mixed(SOURCE);
        code.add(LOAD_MEMORY, SOURCE);
        code.add(RETURN_A, 0); // the kernel takes it modulo the number of rings
    }

    /** Folds an address of so many words into a cell. */
    private void address(int words, int at, int cell) {
        code.add(LOAD_X_MEMORY, IP_AT);
        code.add(LOAD_INDIRECT, NETWORK + at);
        code.add(STORE, cell);
        for (int word = 1; word < words; word++) {
            code.add(MULTIPLY, MIX);
            code.add(STORE, WORK);
            code.add(LOAD_X_MEMORY, IP_AT);
            code.add(LOAD_INDIRECT, NETWORK + at + 4 * word);
            code.add(LOAD_X_MEMORY, WORK);
            code.add(ADD_X, 0);
            code.add(STORE, cell);
        }
    }

    private void port(int at, int cell) {
        code.add(LOAD_X_MEMORY, BEHIND_IP);
        code.add(LOAD_HALF_INDIRECT, NETWORK + at);
        code.add(SHIFT_LEFT, 12);
        code.add(LOAD_X_MEMORY, cell);
        code.add(ADD_X, 0);
        code.add(STORE, cell);
    }

    /** Two rounds of a shift and a product: every bit of a cell comes to bear on the low ones. */
    private void mixed(int cell) {
        for (int round = 0; round < 2; round++) {
            code.add(LOAD_MEMORY, cell);
            code.add(SHIFT_RIGHT, 16);
            code.add(LOAD_X_MEMORY, cell);
            code.add(XOR_X, 0);
            code.add(MULTIPLY, MIX);
            code.add(STORE, cell);
        }
        code.add(SHIFT_RIGHT, 15);
        code.add(LOAD_X_MEMORY, cell);
        code.add(XOR_X, 0);
        code.add(STORE, cell);
    }
}
