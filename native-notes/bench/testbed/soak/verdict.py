"""Whether a daemon grew, by looks at its memory, descriptors and threads."""
from ..growth import rise, second_half, slope_an_hour

# What may be added in the second half of a run: an hour, and in all.
MOST = {"rss_kib": (10 << 10, 12 << 10), "heap_live_kib": (4 << 10, 4 << 10), "descriptors": (2, 2), "threads": (2, 2)}
LEAST_LOOKS = 4
LEAST_SECONDS = 600  # for a slope: the heap is still finding its size before


def grown(looks, name):
    """How much was added an hour and in all, in the second half; None for what too few looks cannot tell."""
    half = second_half([(look["seconds"], look[name]) for look in looks]) if looks else []
    if len(half) < LEAST_LOOKS:
        return None, None
    return slope_an_hour(half) if half[-1][0] - half[0][0] >= LEAST_SECONDS else None, rise(half)


def judge_growth(looks):
    """Prints a line for each thing that may grow, an hour and in all. Returns what grew too much."""
    missed = []
    for name in MOST:
        for added, most, unit in zip(grown(looks, name), MOST[name], ("an hour", "in all")):
            if added is None:
                print(f"{'?':8}{name} {unit}: the second half is too short to tell: run it longer")
                continue
            good = added <= most
            if not good:
                missed.append(f"{name} {unit}")
            print(f"{'ok' if good else 'MISSED':8}{name} {unit}: {added:+,.1f} in the second half (at most {most:,}),"
                  f" {looks[0][name]:,} at first, {looks[-1][name]:,} at last")
    return missed
