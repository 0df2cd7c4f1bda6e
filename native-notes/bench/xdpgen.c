/*
 * xdpgen: an in-kernel frame source for loss tests (Linux >= 5.18, root).
 *
 *   xdpgen INTERFACE COUNT LENGTH [FRAMES_PER_SECOND [FRAMES_A_STEP]]
 *
 * Runs a five-line XDP program through BPF_PROG_TEST_RUN in live-frame mode; every run is
 * redirected out of INTERFACE. One core makes about 5 M frames/s on a veth pair, far more than
 * send() can. The peer of a veth must have generic receive offload on (ethtool -K PEER gro on).
 *
 * Frame: Ethernet broadcast, IPv4, UDP 5000 -> 5001; a 64-bit little-endian sequence number at
 * offset 42; the IPv4 source is 10.0.x.y with x.y random, so that flows differ.
 *
 * With a rate, frames leave in line-rate bursts, 25 a second (each run of the program costs the
 * kernel about 25 ms of set-up): a burst test. With a step too (1..64) they leave evenly, so many at
 * a time: the XDP program itself waits until a frame is due, which at 20,000 frames/s and more it
 * can. mmsggen is as smooth, and slower. SIGTERM ends it early, and it says what it has sent.
 *
 * Build: gcc -O2 -o xdpgen xdpgen.c
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/bpf.h>
#include <net/if.h>
#include <signal.h>
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

enum { STEP = 64, LEAST_RATE = 20000, LOOKS = 4000, FRACTION = 1024 };

/* What the XDP program counts and waits by; the period is in 1/1024 ns, 0 for no waiting. */
struct pace {
    uint64_t sequence, period, start;
};

static int bpf(int cmd, union bpf_attr *attr) { return syscall(SYS_bpf, cmd, attr, sizeof *attr); }

static volatile sig_atomic_t ending;

static void end(int signal) {
    (void)signal;
    ending = 1;
}

/* Frames made so far, by the XDP program's own count. */
static long made(int map) {
    uint32_t key = 0;
    struct pace pace = {0};
    union bpf_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.map_fd = map;
    attr.key = (uint64_t)&key;
    attr.value = (uint64_t)&pace;
    bpf(BPF_MAP_LOOKUP_ELEM, &attr);
    return pace.sequence;
}

int main(int argc, char **argv) {
    if (argc < 4) {
        fprintf(stderr, "usage: xdpgen INTERFACE COUNT LENGTH [FRAMES_PER_SECOND [FRAMES_A_STEP]]\n");
        return 2;
    }
    int ifindex = if_nametoindex(argv[1]);
    long count = atol(argv[2]);
    int length = atoi(argv[3]);
    double rate = argc > 4 ? atof(argv[4]) : 0;
    int step = argc > 5 ? atoi(argv[5]) : 0;
    if (!ifindex || count < 1 || length < 60 || length > 3000 || step < 0 || step > STEP) {
        fprintf(stderr, "xdpgen: bad interface, count, length (60..3000) or step (1..%d)\n", STEP);
        return 2;
    }
    if (step && rate < LEAST_RATE) {
        fprintf(stderr, "xdpgen: no fewer than %d frames a second with a step\n", LEAST_RATE);
        return 2;
    }

    union bpf_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.map_type = BPF_MAP_TYPE_ARRAY;
    attr.key_size = 4;
    attr.value_size = sizeof(struct pace);
    attr.max_entries = 1;
    int map = bpf(BPF_MAP_CREATE, &attr);
    if (map < 0) return perror("xdpgen: map"), 1;

    struct pace pace = {.period = step ? (uint64_t)(1e9 * FRACTION / rate) : 0};
    uint32_t first = 0;
    memset(&attr, 0, sizeof attr);
    attr.map_fd = map;
    attr.key = (uint64_t)&first;
    attr.value = (uint64_t)&pace;
    if (bpf(BPF_MAP_UPDATE_ELEM, &attr) < 0) return perror("xdpgen: map"), 1;

    struct bpf_insn prog[] = {
            INSN(0xbf, 6, 1, 0, 0),           /* r6 = ctx */
            INSN(0x62, 10, 0, -4, 0),         /* *(u32*)(fp-4) = 0 */
            INSN(0x18, 1, 1, 0, map),         /* r1 = map */
            INSN(0, 0, 0, 0, 0),
            INSN(0xbf, 2, 10, 0, 0),          /* r2 = fp */
            INSN(0x07, 2, 0, 0, -4),          /* r2 -= 4 */
            INSN(0x85, 0, 0, 0, 1),           /* r0 = map_lookup_elem */
            INSN(0x15, 0, 0, 29, 0),          /* if !r0 goto out */
            INSN(0xbf, 9, 0, 0, 0),           /* r9 = r0: struct pace */
            INSN(0x79, 8, 9, 0, 0),           /* r8 = sequence (single core: no atomic needed) */
            INSN(0xbf, 1, 8, 0, 0),           /* r1 = r8 */
            INSN(0x07, 1, 0, 0, 1),           /* r1 += 1 */
            INSN(0x7b, 9, 1, 0, 0),           /* sequence = r1 */
            INSN(0x79, 7, 9, 8, 0),           /* r7 = period */
            INSN(0x15, 7, 0, 13, 0),          /* if !r7 goto fill */
            INSN(0x2f, 7, 8, 0, 0),           /* r7 *= r8 */
            INSN(0x77, 7, 0, 0, 10),          /* r7 /= 1024 */
            INSN(0x79, 1, 9, 16, 0),          /* r1 = start */
            INSN(0x55, 1, 0, 3, 0),           /* if r1 goto due */
            INSN(0x85, 0, 0, 0, 5),           /* r0 = ktime_get_ns */
            INSN(0x7b, 9, 0, 16, 0),          /* start = r0 */
            INSN(0xbf, 1, 0, 0, 0),           /* r1 = r0 */
            INSN(0x0f, 7, 1, 0, 0),           /* due: r7 += r1 */
            INSN(0xb7, 9, 0, 0, LOOKS),       /* r9 = looks */
            INSN(0x85, 0, 0, 0, 5),           /* wait: r0 = ktime_get_ns */
            INSN(0x3d, 0, 7, 2, 0),           /* if r0 >= r7 goto fill */
            INSN(0x07, 9, 0, 0, -1),          /* r9 -= 1 */
            INSN(0x55, 9, 0, -4, 0),          /* if r9 goto wait */
            INSN(0x85, 0, 0, 0, 7),           /* fill: r0 = prandom_u32 */
            INSN(0xbf, 7, 0, 0, 0),           /* r7 = r0 */
            INSN(0x61, 2, 6, 0, 0),           /* r2 = ctx->data */
            INSN(0x61, 3, 6, 4, 0),           /* r3 = ctx->data_end */
            INSN(0xbf, 4, 2, 0, 0),           /* r4 = r2 */
            INSN(0x07, 4, 0, 0, 50),          /* r4 += 50 */
            INSN(0x2d, 4, 3, 2, 0),           /* if r4 > r3 goto out */
            INSN(0x6b, 2, 7, 28, 0),          /* *(u16*)(r2+28) = r7 */
            INSN(0x7b, 2, 8, 42, 0),          /* *(u64*)(r2+42) = r8 */
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
    int fd = bpf(BPF_PROG_LOAD, &attr);
    if (fd < 0) {
        perror("xdpgen: load");
        attr.log_buf = (uint64_t)log;
        attr.log_size = sizeof log;
        attr.log_level = 1;
        bpf(BPF_PROG_LOAD, &attr); /* again, to be told why */
        fputs(log, stderr);
        return 1;
    }

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
    signal(SIGTERM, end);
    while (sent < count && !ending) {
        long burst = rate > 0 && !step ? (long)(rate / 25) + 1 : step ? 1 << 30 : 1 << 20;
        if (burst > count - sent) burst = count - sent;
        if (rate > 0 && !step)
            while (now_ns() < start + (uint64_t)(sent / rate * 1e9)) continue;
        memset(&attr, 0, sizeof attr);
        attr.test.prog_fd = fd;
        attr.test.data_in = (uint64_t)f;
        attr.test.data_size_in = length;
        attr.test.ctx_in = (uint64_t)&ctx;
        attr.test.ctx_size_in = sizeof ctx;
        attr.test.repeat = burst;
        attr.test.flags = 2; /* BPF_F_TEST_XDP_LIVE_FRAMES */
        attr.test.batch_size = step ? step : STEP;
        if (bpf(BPF_PROG_TEST_RUN, &attr) < 0 && !(ending && errno == EINTR)) return perror("xdpgen: run"), 1;
        sent = ending ? made(map) : sent + burst;
    }
    double seconds = (now_ns() - start) / 1e9;
    printf("sent=%ld seconds=%.3f rate=%.0f\n", sent, seconds, sent / seconds);
    return 0;
}
