package io.ringtap.capture.pcap;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import io.ringtap.capture.FrameFilter;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A program of libpcap's compiler, run by its interpreter, which checks every load against the bytes there are. */
final class BpfFilter implements FrameFilter {
    private static final int INSTRUCTION_ALIGNMENT = 8;

    private final Arena arena = Arena.ofShared();
    private final long program;

    /** Takes a copy of the instructions: {@code struct bpf_insn}, 8 bytes each. */
    BpfFilter(byte[] instructions) {
        MemorySegment copy = arena.allocate(instructions.length, INSTRUCTION_ALIGNMENT);
        MemorySegment.copy(instructions, 0, copy, JAVA_BYTE, 0, instructions.length);
        program = copy.address();
    }

    @Override
    public boolean matches(long address, int capturedBytes, int originalBytes) {
        return Libpcap.runFilter(program, address, originalBytes, capturedBytes);
    }

    @Override
    public void close() {
        if (arena.scope().isAlive()) {
            arena.close();
        }
    }
}
