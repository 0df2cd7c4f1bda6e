"""The programs that are compared, by name, and the machine they are compared on."""
import ctypes
import os
import platform
import re
import shlex
import signal
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(os.path.dirname(HERE))
BIN = f"{HERE}/bin"
HANDLERS = f"{HERE}/java/target/lib/*"


def ringtap(*options, config=None):
    """A command that runs ringtap; a configuration is the name of a file in config/. Its control socket is its own."""
    chosen = f" --config {shlex.quote(f'{HERE}/config/{config}.toml')}" if config else ""
    sets = "".join(f" --set {shlex.quote(o)}" for o in ('control.socket="{tmp}/control"', *options))
    return f"{shlex.quote(f'{ROOT}/ringtap')} run{chosen} -i {{if}}{sets}"


# {if} is the interface to capture on, {tmp} a folder for this run alone.
BUILT_IN = {
    "c": f"{shlex.quote(BIN)}/pcapcount {{if}} 64 65535 0 10",
    "c-immediate": f"{shlex.quote(BIN)}/pcapcount {{if}} 64 2048 1 10",
    "tokio": f"{shlex.quote(BIN)}/tokio-baseline {{if}} 67108864 65535 0",
    "tokio-as-asked": f"{shlex.quote(BIN)}/tokio-baseline {{if}} 5000000 250000 1",
    "tcpdump": "tcpdump -i {if} -B 65536 -w /dev/null",
    "ringtap": ringtap(),
    "ringtap-low-latency": ringtap('capture.mode="low-latency"'),
}


def complain(what):
    """Ends the measurement, by way of everything that cleans up."""
    sys.exit(f"{os.path.basename(sys.argv[0])}: {what}")


def clean_up_on_signals():
    """Whatever asks this process to end runs the `finally`s and `with`s, as Ctrl-C does."""
    def end(number, _):
        raise SystemExit(128 + number)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)


def build(names, handlers=False, pictures=False):
    """Builds what the named programs need, and installs what draws; a name that is not built in needs nothing."""
    wanted = ["c"]
    if any(name.startswith("tokio") for name in names):
        wanted.append("tokio")
    if any(name.startswith("ringtap") for name in names):
        wanted.append("ringtap")
    if handlers:
        wanted.append("handlers")
    if pictures:
        wanted.append("pictures")
    install(*wanted)


def install(*wanted):
    """What `build` makes of these names, where it is missing."""
    if subprocess.run([f"{HERE}/build", *wanted]).returncode != 0:
        complain("could not build; what went wrong is above")


def machine():
    """What a figure means nothing without."""
    cpu = re.search(r"^model name\s*:\s*(.*)$", open("/proc/cpuinfo").read(), re.M)
    libpcap = ctypes.CDLL("libpcap.so.0.8")
    libpcap.pcap_lib_version.restype = ctypes.c_char_p
    version = subprocess.run([f"{ROOT}/ringtap", "--version"], stdin=subprocess.DEVNULL, capture_output=True, text=True).stdout
    jdk = re.search(r"^Java (.*)$", version, re.M)
    commit = subprocess.run(["git", "-c", "safe.directory=*", "-C", ROOT, "describe", "--always", "--dirty"],
                            capture_output=True, text=True).stdout.strip()
    return {
        "processor": cpu.group(1) if cpu else platform.machine(),
        "processors": len(os.sched_getaffinity(0)),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20,
        "kernel": platform.release(),
        "libpcap": libpcap.pcap_lib_version().decode(),
        "jdk": jdk.group(1) if jdk else None,
        "commit": commit or None,
        "time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
    }


def machine_lines(m):
    return (f"{m['processor']}, {m['processors']} processors, {m['memory_mib']} MiB; Linux {m['kernel']}\n"
            f"{m['libpcap']}; JDK {m['jdk'] or '?'}; ringtap {m['commit'] or '?'}; {m['time']}")
