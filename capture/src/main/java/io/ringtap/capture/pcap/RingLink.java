package io.ringtap.capture.pcap;

import io.ringtap.capture.CaptureSource;

/** The interface behind a mapped ring: what libpcap looks at in each read, and a reader without it must look at itself. */
interface RingLink {
    /** poll(2) has reported an error on the socket. */
    void socketError();

    /** 0, or {@link CaptureSource#FAILED} if the interface that was opened is gone; for a reader that found no frame. */
    int check();

    /** Of a socket that is bound to an interface. */
    static RingLink of(PacketSocket socket, String interfaceName) {
        return new SocketLink(socket, interfaceName, Libpcap.interfaceIndex(interfaceName));
    }

    /** Looks only after an error: an interface that went down may come up again, or be gone. */
    final class SocketLink implements RingLink {
        private final PacketSocket socket;
        private final String interfaceName;
        private final int interfaceIndex;
        private boolean inDoubt;

        private SocketLink(PacketSocket socket, String interfaceName, int interfaceIndex) {
            this.socket = socket;
            this.interfaceName = interfaceName;
            this.interfaceIndex = interfaceIndex;
        }

        @Override
        public void socketError() {
            socket.takeError(); // or poll would report it for ever
            inDoubt = true;
        }

        @Override
        public int check() {
            return inDoubt && Libpcap.interfaceIndex(interfaceName) != interfaceIndex ? CaptureSource.FAILED : 0;
        }
    }
}
