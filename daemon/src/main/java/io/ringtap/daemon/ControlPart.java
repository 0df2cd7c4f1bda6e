package io.ringtap.daemon;

import io.ringtap.daemon.control.ControlException;
import io.ringtap.daemon.control.ControlRights;
import io.ringtap.daemon.control.ControlServer;
import io.ringtap.ledger.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The control socket. Another place for it takes a restart; who may change something does not. */
final class ControlPart implements DaemonPart {
    private static final Logger LOG = LoggerFactory.getLogger("io.ringtap.control");

    private final Opener opener;
    private volatile Optional<ControlServer> server = Optional.empty();

    /** Opens the socket that a configuration names. */
    interface Opener {
        ControlServer open(Path socket, ControlRights rights) throws ControlException;
    }

    ControlPart(Opener opener) {
        this.opener = opener;
    }

    /** {@inheritDoc} Without its folder, which only root may make, an unprivileged daemon runs all the same. */
    @Override
    public void open(DaemonConfig config) throws ControlException {
        try {
            server = Optional.of(opener.open(config.controlSocket(), new ControlRights(config.adminGroup())));
        } catch (ControlException e) {
            boolean asked = !config.controlSocket().equals(DaemonConfig.DEFAULT_CONTROL_SOCKET);
            if (asked || e.reason() != ControlException.Reason.NOT_PERMITTED) {
                throw e;
            }
            LOG.warn("{}; going on without: `ringtap stats` and the like cannot ask this daemon", e.getMessage());
        }
    }

    @Override
    public Opened openNext(DaemonConfig next) {
        return () -> server.ifPresent(open -> open.rights(new ControlRights(next.adminGroup())));
    }

    @Override
    public List<Progress> progress() {
        return server.map(ControlServer::progress).stream().toList();
    }

    @Override
    public void close() {
        server.ifPresent(ControlServer::close);
    }
}
