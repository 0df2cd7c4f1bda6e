"""A share of a processor: a control group that a program is put into, under either version of them."""
import os
import tempfile

from .wire import run

PERIOD_US = 2_000  # short: no ring that is worth a measurement overflows while its reader has to pause


class ProcessorShare:
    """For one `with`, inside a Wire's: what is put in has so much of a processor, 1 for a whole one."""

    def __init__(self, share):
        self.share = share

    def __enter__(self):
        self.mount = tempfile.mkdtemp(prefix="ringtap-share-")
        controllers = open("/proc/cgroups").read()
        first_version = any(line.split()[:1] == ["cpu"] and line.split()[1] != "0" for line in controllers.splitlines())
        run("mount", "-t", *(["cgroup", "-o", "cpu"] if first_version else ["cgroup2"]), "none", self.mount)
        self.group = f"{self.mount}/{os.path.basename(self.mount)}"
        if first_version:
            os.mkdir(self.group)
            self._write("cpu.cfs_period_us", PERIOD_US)
            self._write("cpu.cfs_quota_us", round(PERIOD_US * self.share))
        else:
            with open(f"{self.mount}/cgroup.subtree_control", "w") as control:
                control.write("+cpu")
            os.mkdir(self.group)
            self._write("cpu.max", f"{round(PERIOD_US * self.share)} {PERIOD_US}")
        return self

    def _write(self, name, value):
        with open(f"{self.group}/{name}", "w") as file:
            file.write(str(value))

    def take(self, pid):
        """Puts a process and its threads in; its children are put in when they are made."""
        self._write("cgroup.procs", pid)

    def __exit__(self, *_):
        os.rmdir(self.group)
        run("umount", self.mount)
        os.rmdir(self.mount)
