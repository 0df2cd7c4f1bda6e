/*
 * xdpgen: an in-kernel frame source for loss tests (Linux >= 5.18, root).
 *
 *   xdpgen INTERFACE COUNT LENGTH [FRAMES_PER_SECOND [FRAMES_A_STEP]]
 *
 * Runs a small XDP program through BPF_PROG_TEST_RUN in live-frame mode; every run is
 * redirected out of INTERFACE. One core makes 2.4 to 5 M frames/s on a veth pair, far more than
 * send() can. The peer of a veth must have generic receive offload on (ethtool -K PEER gro on).
 *
 * Frame: Ethernet broadcast, IPv4, UDP 5000 -> 5001; a 64-bit little-endian sequence number at
 * offset 42; the IPv4 source is 10.0.x.y with x.y random, so that flows differ.
 *
 * Without a rate, frames leave as fast as the kernel can, with a pause of some 25 ms after each 1,048,576: what
 * it costs the kernel to start a run of the program.
 *
 * With a rate, they leave so many at a time: by default a 25th of the rate, which is 25 line-rate bursts a
 * second; 64 or fewer are an even rate. All of them come from one run: the program itself makes a frame only
 * when its burst is due, and is run in vain until then. It notes when, and so seconds and rate are those of the
 * frames alone, with the pause after the last burst. SIGTERM ends it early, and it says what it has sent.
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
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define INSN(c, d, s, o, i) ((struct bpf_insn){.code = (c), .dst_reg = (d), .src_reg = (s), .off = (o), .imm = (i)})

static uint64_t now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000ull + t.tv_nsec;
}

enum { BATCH = 64, BURSTS_A_SECOND = 25, FRACTION = 1024, LATE_US = 100000 };

/*
 * What the XDP program counts and waits by. Frame n is due at start + n / burst * period / 1024, in ns; with a burst
 * of 0 it does not wait, and looks at no clock.
 */
struct pace {
    uint64_t sequence, count, burst, period, start, last;
};

static int bpf(int cmd, union bpf_attr *attr) { return syscall(SYS_bpf, cmd, attr, sizeof *attr); }

static volatile sig_atomic_t ending;

static void end(int signal) {
    (void)signal;
    ending = 1;
}

/* Any signal ends a run of the XDP program. */
static void look(int signal) { (void)signal; }

/* Has the run that is about to start end when its frames should have left, and again and again should they not have. */
static void end_run_in(double seconds) {
    uint64_t us = seconds > 0 ? (uint64_t)(seconds * 1e6) : 0;
    us += LATE_US;
    struct itimerval timer = {{0, LATE_US}, {us / 1000000, us % 1000000}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* How far the XDP program is. */
static struct pace reached(int map) {
    uint32_t key = 0;
    struct pace pace = {0};
    union bpf_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.map_fd = map;
    attr.key = (uint64_t)&key;
    attr.value = (uint64_t)&pace;
    bpf(BPF_MAP_LOOKUP_ELEM, &attr);
    return pace;
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
    long step = argc > 5 ? atol(argv[5]) : rate >= BURSTS_A_SECOND ? (long)(rate / BURSTS_A_SECOND) : 1;
    if (!ifindex || count < 1 || length < 60 || length > 3000 || rate < 0 || step < 1) {
        fprintf(stderr, "xdpgen: bad interface, count, length (60..3000), rate or step (1 or more)\n");
        return 2;
    }
    if (argc > 5 && rate == 0) {
        fprintf(stderr, "xdpgen: a step needs a rate\n");
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

    struct pace pace = {.count = count};
    if (rate > 0) pace.burst = step, pace.period = (uint64_t)(1e9 * FRACTION / rate * step);
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
            INSN(0x15, 0, 0, 35, 0),          /* if !r0 goto drop */
            INSN(0xbf, 9, 0, 0, 0),           /* r9 = r0: struct pace */
            INSN(0x79, 8, 9, 0, 0),           /* r8 = sequence (single core: no atomic needed) */
            INSN(0x79, 1, 9, 8, 0),           /* r1 = count */
            INSN(0x3d, 8, 1, 31, 0),          /* if r8 >= r1 goto drop */
            INSN(0x79, 7, 9, 16, 0),          /* r7 = burst */
            INSN(0x15, 7, 0, 13, 0),          /* if !r7 goto count */
            INSN(0x85, 0, 0, 0, 5),           /* r0 = ktime_get_ns */
            INSN(0x79, 1, 9, 32, 0),          /* r1 = start */
            INSN(0x55, 1, 0, 2, 0),           /* if r1 goto due */
            INSN(0x7b, 9, 0, 32, 0),          /* start = r0 */
            INSN(0xbf, 1, 0, 0, 0),           /* r1 = r0 */
            INSN(0xbf, 2, 8, 0, 0),           /* due: r2 = r8 */
            INSN(0x3f, 2, 7, 0, 0),           /* r2 /= r7 */
            INSN(0x79, 3, 9, 24, 0),          /* r3 = period */
            INSN(0x2f, 2, 3, 0, 0),           /* r2 *= r3 */
            INSN(0x77, 2, 0, 0, 10),          /* r2 /= 1024 */
            INSN(0x0f, 2, 1, 0, 0),           /* r2 += r1 */
            INSN(0x2d, 2, 0, 17, 0),          /* if r2 > r0 goto drop */
            INSN(0x7b, 9, 0, 40, 0),          /* last = r0 */
            INSN(0xbf, 1, 8, 0, 0),           /* count: r1 = r8 */
            INSN(0x07, 1, 0, 0, 1),           /* r1 += 1 */
            INSN(0x7b, 9, 1, 0, 0),           /* sequence = r1 */
            INSN(0x85, 0, 0, 0, 7),           /* r0 = prandom_u32 */
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
            INSN(0x95, 0, 0, 0, 0),
            INSN(0xb7, 0, 0, 0, 1),           /* drop: r0 = XDP_DROP */
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
    signal(SIGTERM, end);
    signal(SIGALRM, look);
    uint64_t start = now_ns();
    while (pace.sequence < pace.count && !ending) {
        uint64_t left = pace.count - pace.sequence;
        if (rate > 0) end_run_in(pace.count / rate - (pace.start ? (now_ns() - pace.start) / 1e9 : 0));
        memset(&attr, 0, sizeof attr);
        attr.test.prog_fd = fd;
        attr.test.data_in = (uint64_t)f;
        attr.test.data_size_in = length;
        attr.test.ctx_in = (uint64_t)&ctx;
        attr.test.ctx_size_in = sizeof ctx;
        attr.test.repeat = rate > 0 ? UINT32_MAX : left < 1 << 20 ? left : 1 << 20;
        attr.test.flags = 2; /* BPF_F_TEST_XDP_LIVE_FRAMES */
        attr.test.batch_size = rate > 0 && step < BATCH ? step : BATCH;
        if (bpf(BPF_PROG_TEST_RUN, &attr) < 0 && errno != EINTR) return perror("xdpgen: run"), 1;
        pace = reached(map);
    }
    long sent = pace.sequence;
    double seconds = ((rate > 0 ? pace.last - pace.start : now_ns() - start)) / 1e9;
    if (rate > 0 && seconds < sent / rate) seconds = sent / rate; /* until the next frame would have been due */
    printf("sent=%ld seconds=%.3f rate=%.0f\n", sent, seconds, sent / seconds);
    return 0;
}
