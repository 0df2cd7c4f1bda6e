/*
 * pcappace: how evenly frames arrive, by the kernel's time stamps.
 *
 *   pcappace INTERFACE SKIP
 *
 * The first SKIP frames are not measured. Prints "ready" when it captures, and on SIGTERM or SIGINT
 *   pace frames=N dropped=N nanos=N p50_ns=N p90_ns=N p99_ns=N p99.9_ns=N p99.99_ns=N max_ns=N
 * nanos is the time from the first to the last frame measured. The rest are percentiles of the deviation: how far a frame
 * is, before or after, from where it would be if all frames came at exactly their mean rate, evenly; the median's own place
 * is taken for right.
 *
 * Build: gcc -O2 -o pcappace pcappace.c -lpcap
 */
#include <pcap/pcap.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static pcap_t *handle;
static unsigned long skip, came;
static int64_t *times;
static size_t count, room;

static void stop(int signal) {
    (void)signal;
    pcap_breakloop(handle);
}

static void on_frame(u_char *user, const struct pcap_pkthdr *header, const u_char *data) {
    (void)user, (void)data;
    if (came++ < skip) return;
    if (count == room) {
        room = room ? 2 * room : 1 << 20;
        times = realloc(times, room * sizeof *times);
        if (times == NULL) abort();
    }
    /* With nanosecond precision tv_usec holds nanoseconds. */
    times[count++] = header->ts.tv_sec * 1000000000ll + header->ts.tv_usec;
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t percentile(double percent) {
    size_t at = (size_t)(percent / 100 * (double)(count - 1) + 0.5);
    return times[at];
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: pcappace INTERFACE SKIP\n");
        return 2;
    }
    char error[PCAP_ERRBUF_SIZE];
    skip = strtoul(argv[2], NULL, 10);
    handle = pcap_create(argv[1], error);
    if (handle == NULL) return fprintf(stderr, "pcappace: %s\n", error), 1;
    pcap_set_buffer_size(handle, 64 << 20);
    pcap_set_snaplen(handle, 64);
    pcap_set_timeout(handle, 100);
    pcap_set_promisc(handle, 1);
    if (pcap_set_tstamp_precision(handle, PCAP_TSTAMP_PRECISION_NANO) != 0 || pcap_activate(handle) < 0) {
        fprintf(stderr, "pcappace: %s\n", pcap_geterr(handle));
        return 1;
    }
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    puts("ready");
    fflush(stdout);
    pcap_loop(handle, -1, on_frame, NULL);
    struct pcap_stat s;
    pcap_stats(handle, &s);
    if (count < 3) return fprintf(stderr, "pcappace: %zu frames are too few\n", count), 1;
    size_t frames = count;
    int64_t first = times[0], nanos = times[count - 1] - first;
    double period = (double)nanos / (double)(count - 1);
    for (size_t i = 0; i < count; i++) times[i] -= first + (int64_t)((double)i * period);
    qsort(times, count, sizeof *times, by_size);
    int64_t middle = percentile(50);
    for (size_t i = 0; i < count; i++) times[i] = llabs(times[i] - middle);
    qsort(times, count, sizeof *times, by_size);
    printf("pace frames=%zu dropped=%u nanos=%lld p50_ns=%lld p90_ns=%lld p99_ns=%lld p99.9_ns=%lld p99.99_ns=%lld"
           " max_ns=%lld\n", frames, s.ps_drop, (long long)nanos, (long long)percentile(50), (long long)percentile(90),
           (long long)percentile(99), (long long)percentile(99.9), (long long)percentile(99.99),
           (long long)times[count - 1]);
    return 0;
}
