/*
 * pcapsend: the yardstick for sending: pcap_sendpacket in a loop, the same frame again and again, until it is killed.
 *
 *   pcapsend INTERFACE LENGTH [THREADS]
 *
 * With THREADS more than 1 the others sleep: the kernel then counts references to the socket for each call, as it does for any
 * program that has threads, and spares one that has none.
 *
 * Frame: Ethernet broadcast, EtherType 0x88b5, zeros.
 *
 * Build: gcc -O2 -o pcapsend pcapsend.c -lpcap
 */
#include <pcap/pcap.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX = 3000 };

static void *sleep_for_ever(void *nothing) {
    for (;;) pause();
    return nothing;
}

int main(int argc, char **argv) {
    int length = argc > 2 ? atoi(argv[2]) : 0;
    int threads = argc > 3 ? atoi(argv[3]) : 1;
    if (length < 14 || length > MAX) {
        fprintf(stderr, "usage: pcapsend INTERFACE LENGTH (14..%d) [THREADS]\n", MAX);
        return 2;
    }
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_live(argv[1], 64, 0, 1000, error);
    if (!pcap) return fprintf(stderr, "pcapsend: %s\n", error), 1;
    static uint8_t frame[MAX];
    memset(frame, 0xff, 6);
    memcpy(frame + 6, "\x02\0\0\0\0\x01\x88\xb5", 8);
    for (int i = 1; i < threads; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, sleep_for_ever, NULL) != 0) return fputs("pcapsend: no thread\n", stderr), 1;
    }
    while (pcap_sendpacket(pcap, frame, length) == 0) continue;
    pcap_perror(pcap, "pcapsend");
    return 1;
}
