/*
 * pcaplatency: how long a frame takes from the kernel's time stamp to a C callback. As pcapcount otherwise: pcap_loop and
 * nothing else, so that what it shows is the settings' doing.
 *
 *   pcaplatency INTERFACE BUFFER_MIB SNAPLEN IMMEDIATE(0|1) TIMEOUT_MS SKIP
 *
 * The first SKIP frames are not measured. Prints "ready" when it captures, and on SIGTERM or SIGINT
 *   latency frames=N p50_ns=N p90_ns=N p99_ns=N p99.9_ns=N p99.99_ns=N max_ns=N
 *   handled=N received=N dropped=N interface_dropped=N
 *
 * Buckets as HdrHistogram's: 1,024 to each power of two, so that a value is at most 0.1 % too high.
 *
 * Build: gcc -O2 -o pcaplatency pcaplatency.c -lpcap
 */
#include <pcap/pcap.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { SUB_BITS = 10, SUB_BUCKETS = 1 << SUB_BITS };

static pcap_t *handle;
static unsigned long handled, skip, measured;
static uint64_t counts[(65 - SUB_BITS) * SUB_BUCKETS], highest;

static void stop(int signal) {
    (void)signal;
    pcap_breakloop(handle);
}

static unsigned bucket(uint64_t value) {
    if (value < 2 * SUB_BUCKETS) return (unsigned)value;
    int shift = 63 - __builtin_clzll(value) - SUB_BITS;
    return (unsigned)((unsigned)shift * SUB_BUCKETS + (value >> shift));
}

static uint64_t highest_of(unsigned index) {
    if (index < 2 * SUB_BUCKETS) return index;
    unsigned shift = index / SUB_BUCKETS - 1;
    return ((uint64_t)(index - shift * SUB_BUCKETS + 1) << shift) - 1;
}

static uint64_t percentile(double percent) {
    uint64_t wanted = (uint64_t)(percent / 100 * (double)measured + 0.5), seen = 0;
    if (wanted < 1) wanted = 1;
    for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++) {
        seen += counts[i];
        if (seen >= wanted) return highest_of(i) < highest ? highest_of(i) : highest;
    }
    return 0;
}

static void on_frame(u_char *user, const struct pcap_pkthdr *header, const u_char *data) {
    (void)user, (void)data;
    if (handled++ < skip) return;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    /* With nanosecond precision tv_usec holds nanoseconds. */
    int64_t nanos = (now.tv_sec - header->ts.tv_sec) * 1000000000ll + now.tv_nsec - header->ts.tv_usec;
    uint64_t value = nanos > 0 ? (uint64_t)nanos : 0;
    counts[bucket(value)]++;
    measured++;
    if (value > highest) highest = value;
}

int main(int argc, char **argv) {
    if (argc != 7) {
        fprintf(stderr, "usage: pcaplatency INTERFACE BUFFER_MIB SNAPLEN IMMEDIATE TIMEOUT_MS SKIP\n");
        return 2;
    }
    char error[PCAP_ERRBUF_SIZE];
    skip = strtoul(argv[6], NULL, 10);
    handle = pcap_create(argv[1], error);
    if (handle == NULL) return fprintf(stderr, "pcaplatency: %s\n", error), 1;
    pcap_set_buffer_size(handle, atoi(argv[2]) << 20);
    pcap_set_snaplen(handle, atoi(argv[3]));
    pcap_set_immediate_mode(handle, atoi(argv[4]));
    pcap_set_timeout(handle, atoi(argv[5]));
    pcap_set_promisc(handle, 1);
    if (pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO) != 0 || pcap_activate(handle) < 0) {
        fprintf(stderr, "pcaplatency: %s\n", pcap_geterr(handle));
        return 1;
    }
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    puts("ready");
    fflush(stdout);
    pcap_loop(handle, -1, on_frame, NULL);
    struct pcap_stat s;
    pcap_stats(handle, &s);
    printf("latency frames=%lu p50_ns=%lu p90_ns=%lu p99_ns=%lu p99.9_ns=%lu p99.99_ns=%lu max_ns=%lu\n", measured,
           percentile(50), percentile(90), percentile(99), percentile(99.9), percentile(99.99), highest);
    printf("handled=%lu received=%u dropped=%u interface_dropped=%u\n", handled, s.ps_recv, s.ps_drop, s.ps_ifdrop);
    return 0;
}
