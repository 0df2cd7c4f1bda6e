/*
 * xdpgen: an in-kernel frame source for loss tests (Linux >= 5.18, root).
 *
 *   xdpgen INTERFACE COUNT LENGTH [FRAMES_PER_SECOND]
 *
 * Runs a five-line XDP program through BPF_PROG_TEST_RUN in live-frame mode; every run is
 * redirected out of INTERFACE. One core makes about 5 M frames/s on a veth pair, far more than
 * send() can. The peer of a veth must have generic receive offload on (ethtool -K PEER gro on).
 *
 * Frame: Ethernet broadcast, IPv4, UDP 5000 -> 5001; a 64-bit little-endian sequence number at
 * offset 42; the IPv4 source is 10.0.x.y with x.y random, so that flows differ.
 *
 * With a rate, frames leave in line-rate bursts, 25 a second (each run of the program costs the
 * kernel about 25 ms of set-up): a burst test. For a smooth rate use mmsggen.
 *
 * Build: gcc -O2 -o xdpgen xdpgen.c
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define INSN(c, d, s, o, i) ((struct bpf_insn){.code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i)})

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

static int bpf(int cmd, union bpf_attr *attr) { return syscall(SYS_bpf, cmd, attr, sizeof *attr); }

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: xdpgen INTERFACE COUNT LENGTH [FRAMES_PER_SECOND]\n");
        return 2;
    }
    int ifindex = if_nametoindex(argv[1]);
    long count = atol(argv[2]);
    int length = atoi(argv[3]);
    double rate = argc > 4 ? atof(argv[4]) : 0;
    if (!ifindex || count < 1 || length < 60 || length > 3000) {
        fprintf(stderr, "xdpgen: bad interface, count or length (60..3000)\n");
        return 2;
    }

    union bpf_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.map_type = BPF_MAP_TYPE_ARRAY;
    attr.key_size = 4;
    attr.value_size = 8;
    attr.max_entries = 1;
    int map = bpf(BPF_MAP_CREATE, &attr);
    if (map < 0) return perror("xdpgen: map"), 1;

    struct bpf_insn prog[] = {
            INSN(0xbf, 6, 1, 0, 0),           /* r6 = ctx */
            INSN(0x62, 10, 0, -4, 0),         /* *(u32*)(fp-4) = 0 */
            INSN(0x18, 1, 1, 0, map),         /* r1 = map */
            INSN(0, 0, 0, 0, 0),
            INSN(0xbf, 2, 10, 0, 0),          /* r2 = fp */
            INSN(0x07, 2, 0, 0, -4),          /* r2 -= 4 */
            INSN(0x85, 0, 0, 0, 1),           /* r0 = map_lookup_elem */
            INSN(0x15, 0, 0, 15, 0),          /* if !r0 goto out */
            INSN(0x79, 8, 0, 0, 0),           /* r8 = *r0 (single core: no atomic needed) */
            INSN(0xbf, 9, 8, 0, 0),           /* r9 = r8 */
            INSN(0x07, 9, 0, 0, 1),           /* r9 += 1 */
            INSN(0x7b, 0, 9, 0, 0),           /* *r0 = r9 */
            INSN(0x85, 0, 0, 0, 7),           /* r0 = prandom_u32 */
            INSN(0xbf, 7, 0, 0, 0),           /* r7 = r0 */
            INSN(0x61, 2, 6, 0, 0),           /* r2 = ctx->data */
            INSN(0x61, 3, 6, 4, 0),           /* r3 = ctx->data_end */
            INSN(0xbf, 4, 2, 0, 0),           /* r4 = r2 */
            INSN(0x07, 4, 0, 0, 50),          /* r4 += 50 */
            INSN(0x2d, 4, 3, 4, 0),           /* if r4 > r3 goto out */
            INSN(0x6b, 2, 7, 28, 0),          /* *(u16*)(r2+28) = r7 */
            INSN(0x7b, 2, 8, 42, 0),          /* *(u64*)(r2+42) = r8 */
            INSN(0x05, 0, 0, 0, 0),
            INSN(0x05, 0, 0, 0, 0),
            INSN(0xb7, 1, 0, 0, ifindex),     /* out: r1 = ifindex */
            INSN(0xb7, 2, 0, 0, 0),
            INSN(0x85, 0, 0, 0, 23),          /* r0 = redirect(r1, 0) */
            INSN(0x95, 0, 0, 0, 0)};
    static char log[65536];
    memset(&attr, 0, sizeof attr);
    attr.prog_type = BPF_PROG_TYPE_XDP;
    attr.insns = (uint64_t)prog;
    attr.insn_cnt = sizeof prog / sizeof *prog;
    attr.license = (uint64_t) "GPL";
    attr.log_buf = (uint64_t)log;
    attr.log_size = sizeof log;
    attr.log_level = 1;
    int fd = bpf(BPF_PROG_LOAD, &attr);
    if (fd < 0) return perror("xdpgen: load"), fputs(log, stderr), 1;

    static uint8_t f[4096];
    int ip = length - 14, udp = ip - 20;
    memset(f, 0xff, 6);
    memcpy(f + 6, "\x02\0\0\0\0\x01\x08\0\x45", 9);
    f[16] = ip >> 8, f[17] = ip, f[22] = 64, f[23] = 17;
    f[26] = 10, f[30] = 10, f[33] = 2;
    f[34] = 0x13, f[35] = 0x88, f[36] = 0x13, f[37] = 0x89, f[38] = udp >> 8, f[39] = udp;

    struct xdp_md ctx = {.data_end = length};
    uint64_t start = now_ns();
    long sent = 0;
    while (sent < count) {
        long burst = rate > 0 ? (long)(rate / 25) + 1 : 1 << 20;
        if (burst > count - sent) burst = count - sent;
        if (rate > 0)
            while (now_ns() < start + (uint64_t)(sent / rate * 1e9)) continue;
        memset(&attr, 0, sizeof attr);
        attr.test.prog_fd = fd;
        attr.test.data_in = (uint64_t)f;
        attr.test.data_size_in = length;
        attr.test.ctx_in = (uint64_t)&ctx;
        attr.test.ctx_size_in = sizeof ctx;
        attr.test.repeat = burst;
        attr.test.flags = 2; /* BPF_F_TEST_XDP_LIVE_FRAMES */
        attr.test.batch_size = 64;
        if (bpf(BPF_PROG_TEST_RUN, &attr) < 0) return perror("xdpgen: run"), 1;
        sent += burst;
    }
    double seconds = (now_ns() - start) / 1e9;
    printf("sent=%ld seconds=%.3f rate=%.0f\n", sent, seconds, sent / seconds);
    return 0;
}
