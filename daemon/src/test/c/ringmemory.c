/* Has the kernel no memory for packet rings of more than RING_MEMORY bytes, for the process it is preloaded into. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <sys/socket.h>

int setsockopt(int socket, int level, int name, const void *value, socklen_t length) {
    static int (*real)(int, int, int, const void *, socklen_t);
    if (!real) {
        real = dlsym(RTLD_NEXT, "setsockopt");
    }
    if (level == SOL_PACKET && name == PACKET_RX_RING) {
        const struct tpacket_req *ring = value; /* that of version 3 begins alike */
        if ((long)ring->tp_block_size * ring->tp_block_nr > atol(getenv("RING_MEMORY"))) {
            errno = ENOMEM;
            return -1;
        }
    }
    return real(socket, level, name, value, length);
}
