/** Sending by an XDP program that the kernel runs for each frame, by BPF_PROG_TEST_RUN: bpf(2), linux/bpf.h. */
package io.ringtap.inject.xdp;
