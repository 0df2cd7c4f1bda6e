/*
 * pcapsend: the yardstick for sending: pcap_sendpacket in a loop, the same frame again and again, until it is killed.
 *
 *   pcapsend INTERFACE LENGTH
 *
 * Frame: Ethernet broadcast, EtherType 0x88b5, zeros.
 *
 * Build: gcc -O2 -o pcapsend pcapsend.c -lpcap
 */
#include <pcap/pcap.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX = 3000 };

int main(int argc, char **argv) {
    int length = argc > 2 ? atoi(argv[2]) : 0;
    if (length < 14 || length > MAX) {
        fprintf(stderr, "usage: pcapsend INTERFACE LENGTH (14..%d)\n", MAX);
        return 2;
    }
    char error[PCAP_ERRBUF_SIZE];
    pcap_t *pcap = pcap_open_live(argv[1], 64, 0, 1000, error);
    if (!pcap) return fprintf(stderr, "pcapsend: %s\n", error), 1;
    static uint8_t frame[MAX];
    memset(frame, 0xff, 6);
    memcpy(frame + 6, "\x02\0\0\0\0\x01\x88\xb5", 8);
    while (pcap_sendpacket(pcap, frame, length) == 0) continue;
    pcap_perror(pcap, "pcapsend");
    return 1;
}
