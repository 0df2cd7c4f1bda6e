/*
 * ringholds: how many frames a kernel ring really holds. Opens NEAR with the settings given, sends frames from FAR
 * without reading any, and asks libpcap what was received and what was dropped: the difference is what the ring holds.
 *
 *   ringholds NEAR FAR BUFFER_BYTES SNAPLEN IMMEDIATE(0|1) TIMEOUT_MS FRAME_BYTES COUNT GAP_MICROS
 *
 * Prints ring_bytes=N sent=N received=N holds=N tries=N; ring_bytes is the size of the mapping, tries how often libpcap
 * asked the kernel for a ring. With RING_LIMIT_MIB set, the kernel seems to have no memory for a ring above that.
 *
 * Build: gcc -O2 -o ringholds ringholds.c -lpcap     Run: ringholds.sh, which makes the interfaces
 */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/if_packet.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static int tries;

/* Takes the place of libc's, which libpcap calls, to count the tries and to be out of memory when told to. */
int setsockopt(int fd, int level, int name, const void *value, socklen_t length) {
    const char *limit = getenv("RING_LIMIT_MIB");
    if (level == SOL_PACKET && name == PACKET_RX_RING) {
        const struct tpacket_req *request = value;
        unsigned long bytes = (unsigned long)request->tp_block_nr * request->tp_block_size;
        tries++;
        if (limit != NULL && bytes > strtoul(limit, NULL, 10) << 20) {
            errno = ENOMEM;
            return -1;
        }
    }
    return (int)syscall(SYS_setsockopt, fd, level, name, value, length);
}

static unsigned long ring_bytes(void) {
    FILE *maps = fopen("/proc/self/maps", "r");
    char line[512];
    unsigned long from, to, bytes = 0;
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        if (strstr(line, "socket:") != NULL && sscanf(line, "%lx-%lx", &from, &to) == 2) bytes += to - from;
    }
    if (maps != NULL) fclose(maps);
    return bytes;
}

static pcap_t *open_far(const char *name) {
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *far = pcap_open_live(name, 64, 0, 1000, error);
    struct bpf_program none;
    if (far == NULL) return NULL;
    if (pcap_compile(far, &none, "less 1", 1, PCAP_NETMASK_UNKNOWN) == 0) pcap_setfilter(far, &none);
    return far;
}

int main(int argc, char **argv) {
    if (argc != 10) {
        fprintf(stderr, "usage: ringholds NEAR FAR BUFFER_BYTES SNAPLEN IMMEDIATE TIMEOUT_MS FRAME_BYTES COUNT GAP_MICROS\n");
        return 2;
    }
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *far = open_far(argv[2]);
    unsigned long others = ring_bytes();
    tries = 0;
    pcap_t *near = pcap_create(argv[1], error);
    pcap_set_buffer_size(near, atoi(argv[3]));
    pcap_set_snaplen(near, atoi(argv[4]));
    pcap_set_immediate_mode(near, atoi(argv[5]));
    pcap_set_timeout(near, atoi(argv[6]));
    if (far == NULL || pcap_activate(near) < 0) {
        fprintf(stderr, "ringholds: %s\n", far == NULL ? "cannot open the far end" : pcap_geterr(near));
        return 1;
    }
    static unsigned char frame[65536];
    memset(frame, 0xff, 6);
    frame[12] = 0x88, frame[13] = 0xb5;
    int count = atoi(argv[8]), gap = atoi(argv[9]), sent = 0;
    for (int i = 0; i < count; i++) {
        sent += pcap_sendpacket(far, frame, atoi(argv[7])) == 0;
        if (gap > 0) usleep((useconds_t)gap);
    }
    struct pcap_stat stats;
    pcap_stats(near, &stats);
    printf("ring_bytes=%lu sent=%d received=%u holds=%u tries=%d\n", ring_bytes() - others, sent,
           stats.ps_recv, stats.ps_recv - stats.ps_drop, tries);
    pcap_close(near);
    pcap_close(far);
    return 0;
}
