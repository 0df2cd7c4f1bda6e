/*
 * wakeups: how late a thread is that sleeps until a deadline, again and again.
 *
 *   wakeups RATE SECONDS NAP_US SLICE_US
 *
 * RATE deadlines a second for SECONDS. The thread has itself woken 50 us before each, and spins from then on. With NAP_US it is
 * also woken so long before the deadline, and sleeps again from there. With SLICE_US, at least 100, it asks the kernel for turns of
 * that length on the processor (Linux 6.12; older ones take no notice). Prints how late it was, in microseconds, and the
 * processor it used.
 *
 * Build: gcc -O2 -o wakeups wakeups.c
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SECOND = 1000000000, SPIN = 50000, LEAST_SLEEP = 20000 };

/* struct sched_attr of linux/sched/types.h, which libc's headers clash with. */
struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t least, most;
};

static int64_t nanos(clockid_t clock) {
    struct timespec t;
    clock_gettime(clock, &t);
    return t.tv_sec * (int64_t)SECOND + t.tv_nsec;
}

static void sleep_until(int64_t until) {
    static uint32_t never;
    int64_t left = until - nanos(CLOCK_MONOTONIC);
    struct timespec t = {left / SECOND, left % SECOND};
    if (left > 0) syscall(SYS_futex, &never, FUTEX_WAIT_PRIVATE, 0, &t, NULL, 0);
}

static int by_size(const void *a, const void *b) {
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    if (argc != 5 || atoi(argv[1]) < 1 || atoi(argv[2]) < 1) {
        fprintf(stderr, "usage: wakeups RATE SECONDS NAP_US SLICE_US\n");
        return 2;
    }
    int rate = atoi(argv[1]), seconds = atoi(argv[2]);
    int64_t nap = atoi(argv[3]) * 1000, slice = atoi(argv[4]) * 1000;
    prctl(PR_SET_TIMERSLACK, 1);
    struct attributes attributes = {.size = sizeof attributes, .runtime = slice};
    if (slice && syscall(SYS_sched_setattr, 0, &attributes, 0) != 0) return perror("wakeups: sched_setattr"), 1;
    size_t count = (size_t)rate * seconds;
    int64_t *late = calloc(count, sizeof *late);
    if (late == NULL) return perror("wakeups"), 1;
    int64_t period = SECOND / rate, due = nanos(CLOCK_MONOTONIC) + period;
    for (size_t i = 0; i < count; i++, due += period) {
        if (nap && due - nap - nanos(CLOCK_MONOTONIC) > LEAST_SLEEP) sleep_until(due - nap);
        sleep_until(due - SPIN);
        while ((late[i] = nanos(CLOCK_MONOTONIC) - due) < 0) continue;
    }
    qsort(late, count, sizeof *late, by_size);
    printf("p50=%.1f p99=%.1f p99.9=%.1f max=%.1f processor=%.1f%%\n", late[count / 2] / 1e3, late[count * 99 / 100] / 1e3,
           late[count * 999 / 1000] / 1e3, late[count - 1] / 1e3, 1e2 * nanos(CLOCK_PROCESS_CPUTIME_ID) / SECOND / seconds);
    return 0;
}
