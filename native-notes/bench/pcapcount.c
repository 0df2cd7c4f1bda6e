/*
 * pcapcount: the C yardstick. pcap_loop, one copy of each frame, count; nothing else.
 *
 *   pcapcount INTERFACE BUFFER_MIB SNAPLEN IMMEDIATE(0|1) TIMEOUT_MS
 *
 * Prints "ready" when it captures, and on SIGTERM or SIGINT
 *   handled=N received=N dropped=N interface_dropped=N
 *
 * Build: gcc -O2 -o pcapcount pcapcount.c -lpcap
 */
#include <pcap/pcap.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static pcap_t *handle;
static unsigned long handled;
static char copy[1 << 18];

static void stop(int signal) { (void)signal, pcap_breakloop(handle); }

static void on_frame(u_char *user, const struct pcap_pkthdr *header, const u_char *data) {
    (void)user;
    memcpy(copy, data, header->caplen);
    __asm__ volatile("" : : "r"(copy) : "memory"); /* nobody reads the copy: no compiler may leave it out for that */
    handled++;
}

int main(int argc, char **argv) {
    if (argc != 6) return fprintf(stderr, "usage: pcapcount INTERFACE BUFFER_MIB SNAPLEN IMMEDIATE TIMEOUT_MS\n"), 2;
    char error[PCAP_ERRBUF_SIZE];
    handle = pcap_create(argv[1], error);
    pcap_set_buffer_size(handle, atoi(argv[2]) << 20);
    pcap_set_snaplen(handle, atoi(argv[3]));
    pcap_set_immediate_mode(handle, atoi(argv[4]));
    pcap_set_timeout(handle, atoi(argv[5]));
    pcap_set_promisc(handle, 1);
    if (pcap_activate(handle) < 0) return fprintf(stderr, "pcapcount: %s\n", pcap_geterr(handle)), 1;
    signal(SIGINT, stop), signal(SIGTERM, stop);
    puts("ready"), fflush(stdout);
    pcap_loop(handle, -1, on_frame, NULL);
    struct pcap_stat s;
    pcap_stats(handle, &s);
    printf("handled=%lu received=%u dropped=%u interface_dropped=%u\n", handled, s.ps_recv, s.ps_drop, s.ps_ifdrop);
    return 0;
}
