"""A veth pair in network namespaces of its own: one end sends, on the other end programs capture.

Both namespaces belong to this process and its children alone. Nothing outside sees them, and nothing of them is left
when it ends, however it ends.
"""
import contextlib
import ctypes
import json
import os
import re
import signal
import subprocess
import time

from .programs import BIN, complain

OUT, IN = "rtb0", "rtb1"
CLONE_NEWNS, CLONE_NEWNET = 0x00020000, 0x40000000
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None, use_errno=True)


def die_with_parent():
    """For a child, before it becomes its program: a measurement that is killed leaves nothing running."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def run(*command):
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, preexec_fn=die_with_parent)
    if done.returncode != 0:
        complain(f"{' '.join(command)}: {done.stderr.strip() or done.returncode}")
    return done.stdout


def await_carrier():
    """Linux drops what is sent before it has noticed the carrier, which may take it a second."""
    deadline = time.monotonic() + 10
    while "LOWER_UP" not in (state := run("ip", "-o", "link", "show", OUT)) or " state UP " not in state:
        if time.monotonic() > deadline:
            complain(f"{OUT} has no carrier: {state.strip()}")
        time.sleep(0.02)


class Wire:
    """For one `with`. `fresh()` gives a new pair of interfaces; frames go from OUT to IN."""

    def __enter__(self):
        if os.geteuid() != 0:
            complain("needs root: it makes network namespaces and loads an XDP program")
        if LIBC.unshare(CLONE_NEWNET | CLONE_NEWNS) != 0:
            complain(f"no network namespace of its own: {os.strerror(ctypes.get_errno())}")
        run("mount", "--make-rprivate", "/")
        # The inner namespace lives as long as this shell, which has nothing else to do.
        self.keeper = subprocess.Popen(
            ["unshare", "--net", "--mount", "sh", "-c",
             "mount -t sysfs sysfs /sys && sysctl -qw net.ipv6.conf.default.disable_ipv6=1 && ip link set lo up"
             " && echo kept && exec sleep infinity"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, start_new_session=True,
            preexec_fn=die_with_parent)
        if self.keeper.stdout.readline().strip() != "kept":
            complain("no inner network namespace")
        run("sysctl", "-qw", "net.ipv6.conf.default.disable_ipv6=1")
        return self

    def __exit__(self, *_):
        self.keeper.kill()
        self.keeper.wait()

    def inside(self, command):
        """A shell command as a list that runs it where IN is, in the folder that this process is in."""
        return ["nsenter", f"--target={self.keeper.pid}", "--net", "--mount", "sh", "-c",
                f'cd "$1" && exec {command}', "sh", os.getcwd()]

    def fresh(self):
        if f"{OUT}:" in open("/proc/self/net/dev").read():
            run("ip", "link", "del", OUT)
        run("ip", "link", "add", OUT, "type", "veth", "peer", "name", IN, "netns", str(self.keeper.pid))
        # Frames that an XDP program redirects reach the peer only through NAPI, which a veth uses with GRO on.
        run(*self.inside(f"ethtool -K {IN} gro on"))
        run(*self.inside(f"ip link set {IN} up"))
        run("ip", "link", "set", OUT, "up")
        await_carrier()

    def send(self, source, count, length, rate=0, step=None):
        """Sends and waits; frames a second, as the source says."""
        out = run(*source_command(source, count, length, rate, step))
        return float(re.search(r"rate=(\d+)", out).group(1))

    def dropped(self):
        """Frames that the fresh link itself has dropped, for want of room in its queue: they came to no program."""
        return json.loads(run("ip", "-json", "-statistics", "link", "show", OUT))[0]["stats64"]["tx"]["dropped"]

    @contextlib.contextmanager
    def sending(self, source, count, length, rate, step=None):
        """Sends while the `with` lasts; gives a function that ends it early and gives frames sent and frames a second."""
        process = subprocess.Popen(source_command(source, count, length, rate, step), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, text=True, start_new_session=True,
                                   preexec_fn=die_with_parent)

        def stop():
            process.terminate()
            said = re.search(r"sent=(\d+) .*rate=(\d+)", process.communicate()[0])
            return int(said.group(1)), int(said.group(2))

        try:
            yield stop
        finally:
            process.kill()
            process.wait()


def source_command(source, count, length, rate, step):
    command = [f"{BIN}/{source}", OUT, str(count), str(length)]
    if rate or step:
        command.append(str(rate))
    if step:
        command.append(str(step))
    return command
