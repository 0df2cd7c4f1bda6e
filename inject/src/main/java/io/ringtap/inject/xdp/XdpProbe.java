package io.ringtap.inject.xdp;

import io.ringtap.capture.OpenException;
import io.ringtap.capture.OpenException.Reason;
import io.ringtap.inject.kernel.Kernel;
import io.ringtap.inject.kernel.SendingInterface;

/** A probe that this kernel runs programs on live frames, and that a driver takes redirected ones. */
final class XdpProbe {
    private static final int FRAME_BYTES = 60;
    private static final long XDP_DROP = 1;

    private XdpProbe() {}

    /** Runs a program that drops its frame. @throws OpenException if the driver lacks it, with what to do */
    static void check(Kernel kernel, Bpf bpf, SendingInterface to) throws BpfException, OpenException {
        BpfAssembly code = new BpfAssembly();
        code.operate(BpfAssembly.MOVE, 0, XDP_DROP);
        code.exit();
        int program = bpf.program(Bpf.XDP, code);
        try {
            int result = bpf.run(program, Bpf.copy(new byte[FRAME_BYTES]), FRAME_BYTES, 1);
            if (result < 0) {
                throw new BpfException("running a program on live frames", -result, "");
            }
        } finally {
            bpf.close(program);
        }
        if (XdpFeatures.of(kernel, to.index()).refusesRedirected()) {
            throw to.failure(Reason.OTHER, "engine xdp: " + driverHint(to.name()));
        }
    }

    static String driverHint(String interfaceName) {
        return "the driver of " + interfaceName + " takes no redirected frames now (for a veth pair, turn on generic"
                + " receive offload at the other end: ethtool -K PEER gro on; else use engine mmsg)";
    }
}
