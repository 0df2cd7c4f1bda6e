"""What a count of lost frames says of the probability that a frame is lost: its upper bound, with a confidence of 95 %.

The bound is Clopper and Pearson's, which is exact: the probability at which so few frames would be lost in one run of twenty.
Where none was lost it is 1 - 0.05^(1/n), which the rule of three takes for 3/n.

>>> f"{upper_bound(0, 12_000_000):.2e}"
'2.50e-07'
>>> all(abs(upper_bound(0, n) / (1 - 0.05 ** (1 / n)) - 1) < 1e-9 for n in (1, 2, 10, 1_000))
True

Of ten throws, and as tables of the chi-square distribution have it for many: 9.488 / 2, 12.592 / 2, 43.773 / 2.

>>> [round(upper_bound(lost, 10), 4) for lost in (1, 5, 9, 10)]
[0.3942, 0.7776, 0.9949, 1.0]
>>> [round(upper_bound(lost, 1_000_000_000) * 1e9, 3) for lost in (1, 2, 14)]
[4.744, 6.296, 21.886]

It takes the same time for a loss of many frames, and falls as more are sent:

>>> f"{upper_bound(80_000, 1_000_000_000):.4e}"
'8.0467e-05'
>>> upper_bound(3, 1_000) > upper_bound(3, 1_001) > upper_bound(2, 1_001)
True
>>> upper_bound(0, 0)
1.0

The bound takes frames to be lost one by one. A ring that is full loses many in a row, so that rounds are counted too.

>>> rows = [{"program": "c", "sent": 4_000, "lost": lost} for lost in (0, 2, 0)] + [{"program": "idle"}]
>>> {name: round(value, 6) for name, value in losses(rows, "c").items()}
{'rounds': 3, 'lossy_rounds': 1, 'frames': 12000, 'lost': 2, 'at_most': 0.000525, 'lossy_rounds_at_most': 0.86465}
>>> losses(rows, "idle") is None
True
"""
import math

CONFIDENCE = 0.95
NEGLIGIBLE = 1e-12  # of a sum


def at_most(lost, frames, probability):
    """The probability that no more than so many of the frames are lost, where more than that are to be expected."""
    kept = frames - lost
    term = math.exp(math.lgamma(frames + 1) - math.lgamma(lost + 1) - math.lgamma(kept + 1)
                    + lost * math.log(probability) + kept * math.log1p(-probability))
    total = 0.0
    while lost >= 0 and term > NEGLIGIBLE * total:
        total += term
        term *= lost / (frames - lost + 1) * (1 - probability) / probability
        lost -= 1
    return total


def upper_bound(lost, frames, confidence=CONFIDENCE):
    """The highest probability of loss that so many lost frames leave possible, with that confidence."""
    if lost >= frames:
        return 1.0
    if lost == 0:
        return -math.expm1(math.log1p(-confidence) / frames)
    low, high = lost / frames, 1.0
    while high - low > NEGLIGIBLE * high:
        middle = (low + high) / 2
        if middle in (low, high):
            break
        if at_most(lost, frames, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def losses(rows, program):
    """What a program's rounds have lost in all, with the bounds; None where frames were not counted."""
    got = [r for r in rows if r["program"] == program and "sent" in r]
    if not got:
        return None
    frames, lost = sum(r["sent"] for r in got), sum(max(0, r["lost"]) for r in got)
    lossy = sum(r["lost"] > 0 for r in got)
    return {"rounds": len(got), "lossy_rounds": lossy, "frames": frames, "lost": lost,
            "at_most": upper_bound(lost, frames), "lossy_rounds_at_most": upper_bound(lossy, len(got))}
