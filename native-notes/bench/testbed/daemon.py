"""A daemon that is watched from outside for as long as it runs: what it counts, and what it takes of the machine."""
import json
import os
import re
import socket
import subprocess

from .run import Failed, Program

PATIENCE_SECONDS = 10


class Daemon(Program):
    """For one `with`; its control socket is `control` in `home`, its metrics are on a port inside the wire."""

    def __init__(self, wire, command, home, port):
        super().__init__(wire, "ringtap", command)
        self.home, self.port = home, port

    def ask(self, call, **fields):
        """The result of a control call. Raises Failed with what the daemon says, or why it does not."""
        try:
            with socket.socket(socket.AF_UNIX) as client:
                client.settimeout(PATIENCE_SECONDS)
                client.connect(f"{self.home}/control")
                client.sendall(json.dumps({"version": 1, "call": call, **fields}).encode() + b"\n")
                answer = json.loads(client.makefile().readline() or "{}")
        except (OSError, ValueError) as e:
            raise Failed(f"{call}: {e or type(e).__name__}") from None
        if not answer.get("ok"):
            raise Failed(f"{call}: {answer.get('error', 'no answer')}")
        return answer["result"]

    def java(self):
        """The JVM's process id: that of the command or of a child of it."""
        for pid in self.pids():
            try:
                if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == "java":
                    return pid
            except OSError:
                pass
        raise Failed(f"no JVM runs: {self.text()[-400:]}")

    def scrape(self):
        """The metrics, by name and labels."""
        get = f"import urllib.request as r; print(r.urlopen('http://127.0.0.1:{self.port}/metrics', timeout=10).read().decode())"
        done = subprocess.run(self.wire.inside(f'python3 -c "{get}"'), stdin=subprocess.DEVNULL, capture_output=True,
                              text=True)
        if done.returncode != 0:
            raise Failed(f"scrape: {done.stderr.strip().splitlines()[-1:]}")
        return {name: float(value) for name, value in re.findall(r"^([^#\s]\S*) (\S+)$", done.stdout, re.M)}

    def resources(self, collect=False):
        """Memory in KiB, descriptors, threads; with `collect`, the heap's too, after everything dead is gone from it."""
        pid = self.java()
        with open(f"/proc/{pid}/status") as file:
            status = file.read()
        found = {"rss_kib": int(re.search(r"VmRSS:\s+(\d+)", status).group(1)),
                 "threads": int(re.search(r"Threads:\s+(\d+)", status).group(1)),
                 "descriptors": len(os.listdir(f"/proc/{pid}/fd"))}
        if collect:
            jcmd = os.path.join(os.path.dirname(os.readlink(f"/proc/{pid}/exe")), "jcmd")
            subprocess.run([jcmd, str(pid), "GC.run"], stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
            heap = [value for name, value in self.scrape().items()
                    if name.startswith("jvm_memory_used_bytes") and 'area="heap"' in name]
            found["heap_live_kib"] = round(sum(heap) / 1024)
        return found

    def counts(self):
        """The ledger's counts, over all captures; of workers, the one named `count`, and failed and shed of all."""
        stats = self.ask("stats")
        captures, workers = stats["captures"], stats["workers"]
        return {
            "state": captures[0]["state"],
            "received": sum(c["received"] for c in captures),
            "kernel_dropped": sum(c["kernel_dropped"] for c in captures),
            "delivered": sum(w["delivered"] for w in workers if w["name"] == "count"),
            "failed": sum(w["failed"] for w in workers),
            "shed": sum(w["shed"] for w in workers),
            "injected": sum(i["sent"] for i in stats["injects"]),
            "in_flight": stats["ledger"]["in_flight"],
            "lost": stats["ledger"]["lost"],
            "unaccounted": stats["ledger"]["unaccounted"],
        }
