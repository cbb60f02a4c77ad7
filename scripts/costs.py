#!/usr/bin/env python3
"""What a month of Portico costs, in US dollars, line by line with its arithmetic.

  costs.py [OPTION VALUE]…
    --logins N           logins and sign-ups a month (1000)
    --customers N        customers with an order (100)
    --reconcile-every M  `reconcile_every_minutes` (15)
    --domain yes|no      whether there is a domain and a load balancer (yes)
    --usage-customers N  customers who use one metric in every hour (0); above 0, `metrics` is set
    --usage-records N    usage records a month (0)
    --per-request N      usage records in one request (100)
    --stored GIB         what the database holds (1)
    --alerts N           alert conditions (26)
  costs.py --examples    the tables of terraform/costs.md
  costs.py --check FILE  ends with 1 if FILE has other tables

The prices and the figures of one login stand at the top of this script: change them to your region's and to your own
measurement. They are list prices that Google's pages showed; look at each page before you rely on a sum.
"""

import sys
from math import ceil
from pathlib import Path

# Price → dollars, and what is free in a month. Pages: cloud.google.com/…
CPU_SECOND, FREE_CPU_SECONDS = 0.000024, 180_000  # run/pricing, for each billing account
GIB_SECOND, FREE_GIB_SECONDS = 0.0000025, 360_000
REQUESTS, FREE_REQUESTS = 0.40 / 1e6, 2_000_000
READ, FREE_READS = 0.06 / 1e5, 50_000 * 30  # firestore/pricing: free for one database of a project, a day at a time
WRITE, FREE_WRITES = 0.18 / 1e5, 20_000 * 30
DELETE, FREE_DELETES = 0.02 / 1e5, 20_000 * 30
TTL_DELETE = 0.02 / 1e5  # what expires by itself; none is free
STORED_GIB, FREE_STORED_GIB = 0.18, 1
PITR_GIB = 0.18  # point-in-time recovery; none is free
LOAD_BALANCER_HOUR, LOAD_BALANCED_GIB = 0.025, 0.012  # load-balancing/pricing: up to five rules; data in and out
ARMOR_POLICY, ARMOR_RULE, ARMOR_REQUEST = 5, 1, 0.75 / 1e6  # armor/pricing
EGRESS_GIB, FREE_EGRESS_GIB = 0.12, 1  # vpc/network-pricing
JOB, FREE_JOBS = 0.10, 3  # scheduler/pricing, for each billing account
LOGGED_GIB, FREE_LOGGED_GIB = 0.50, 50  # products/observability/pricing
ALERT, ALERT_POINT = 0.10, 0.35 / 1e6  # a condition; a point that its query returns, at each evaluation

HOURS, MINUTES = 730, 43_800

# Of one login with Google sign-in, measured: change them to yours.
LOGIN_REQUESTS, LOGIN_READS, LOGIN_WRITES, LOGIN_DELETES, LOGIN_TTL_DELETES = 2, 9, 4, 2, 2
LOGIN_IN_KIB, LOGIN_OUT_KIB, LOGIN_LOG_KIB = 2, 8, 2
# An upper bound: an instance works on 64 requests at once, and here no two share it.
REQUEST_SECONDS = 0.3
# Reconciliation: documents for each customer, customers that one call compares, seconds of a call with none and with so many.
RECONCILED_READS, IN_ONE_CALL, IDLE_SECONDS, FULL_SECONDS = 10, 220, 1, 5.5
# An instance that is kept warm answers a probe of 0.1 s each minute.
PROBES = MINUTES * 0.1
# The uptime check: three places, four times an hour.
LOOKS = 3 * 4 * HOURS
# Points that an alert's query returns at an evaluation: one for each comparison in it and each function.
POINTS_OF_AN_ALERT = 1.5
# Of a customer who uses one metric in every hour.
USAGE_READS, USAGE_WRITES = 66 * HOURS, 20 * HOURS
# Of a usage record: it is read twice, and expires after 100 days. Of a request with records.
RECORD_READS, RECORD_KIB, RECORD_MONTHS, USAGE_REQUEST_READS = 2, 0.6, 3.3, 2

DEFAULTS = {
    "logins": 1000,
    "customers": 100,
    "reconcile-every": 15,
    "domain": "yes",
    "usage-customers": 0,
    "usage-records": 0,
    "per-request": 100,
    "stored": 1,
    "alerts": 26,
}
EXAMPLES = {
    "No login, no customer, no domain": {"logins": 0, "customers": 0, "domain": "no", "alerts": 15},
    "1,000 logins, 100 customers": {},
    "1,000,000 logins, 10,000 customers": {"logins": 1_000_000, "customers": 10_000, "reconcile-every": 1, "stored": 3},
    "The same, and 1,000 customers with 10,000,000 usage records": {
        "logins": 1_000_000,
        "customers": 10_000,
        "reconcile-every": 1,
        "stored": 10,
        "usage-customers": 1000,
        "usage-records": 10_000_000,
    },
}


def shown(number: float) -> str:
    return f"{number:,.0f}" if number >= 100 or number == int(number) else f"{number:,.2f}".rstrip("0").rstrip(".")


def beyond(amount: float, free: float, price: float, unit: str) -> tuple[str, float]:
    """The arithmetic of what is paid beyond what is free."""
    if amount <= free:
        return f"{shown(amount)} {unit}; {shown(free)} are free", 0
    less = f"({shown(amount)} − {shown(free)})" if free else shown(amount)
    return f"{less} {unit} × {price:.8f}".rstrip("0"), (amount - free) * price


def computing(vendor: dict) -> list[tuple[str, tuple[str, float]]]:
    """Cloud Run: seconds of small instances (128 MiB) and of large ones (512 MiB), and requests."""
    calls = MINUTES / vendor["reconcile-every"]
    seconds = IDLE_SECONDS + (FULL_SECONDS - IDLE_SECONDS) * min(1, vendor["customers"] / IN_ONE_CALL)
    looks = LOOKS if vendor["domain"] == "yes" else 0
    visits = vendor["logins"] * LOGIN_REQUESTS
    small = (visits + looks) * REQUEST_SECONDS + (PROBES if looks else 0)
    large = calls * seconds + PROBES
    usage = ceil(vendor["usage-records"] / vendor["per-request"])
    reports = MINUTES / 10 if vendor["usage-customers"] else 0
    if reports:
        large += reports * IDLE_SECONDS + PROBES + usage * REQUEST_SECONDS
    requests = visits + looks + calls + usage + reports
    return [
        ("Cloud Run, CPU", beyond(small + large, FREE_CPU_SECONDS, CPU_SECOND, "vCPU-s")),
        ("Cloud Run, memory", beyond(small * 0.125 + large * 0.5, FREE_GIB_SECONDS, GIB_SECOND, "GiB-s")),
        ("Cloud Run, requests", beyond(requests, FREE_REQUESTS, REQUESTS, "requests")),
    ]


def stored(vendor: dict) -> list[tuple[str, tuple[str, float]]]:
    logins, records = vendor["logins"], vendor["usage-records"]
    calls_of_a_round = max(1, ceil(vendor["customers"] / IN_ONE_CALL))
    calls = MINUTES / vendor["reconcile-every"]
    reads = logins * LOGIN_READS + calls * 5 + calls / calls_of_a_round * vendor["customers"] * RECONCILED_READS
    usage_requests = ceil(records / vendor["per-request"])
    reads += vendor["usage-customers"] * USAGE_READS + records * RECORD_READS + usage_requests * USAGE_REQUEST_READS
    writes = logins * LOGIN_WRITES + vendor["usage-customers"] * USAGE_WRITES + records
    gib = vendor["stored"] + records * RECORD_KIB * RECORD_MONTHS / 2**20
    return [
        ("Firestore, reads", beyond(reads, FREE_READS, READ, "reads")),
        ("Firestore, writes", beyond(writes, FREE_WRITES, WRITE, "writes")),
        ("Firestore, deletes", beyond(logins * LOGIN_DELETES, FREE_DELETES, DELETE, "deletes")),
        ("Firestore, deletes of what expires", beyond(logins * LOGIN_TTL_DELETES + records, 0, TTL_DELETE, "deletes")),
        ("Firestore, stored data", beyond(gib, FREE_STORED_GIB, STORED_GIB, "GiB")),
        ("Firestore, point-in-time recovery", beyond(gib, 0, PITR_GIB, "GiB")),
    ]


def reached(vendor: dict) -> list[tuple[str, tuple[str, float]]]:
    logins = vendor["logins"]
    out = logins * LOGIN_OUT_KIB / 2**20
    lines = [("data to the internet", beyond(out, FREE_EGRESS_GIB, EGRESS_GIB, "GiB"))]
    if vendor["domain"] == "yes":
        both = out + logins * LOGIN_IN_KIB / 2**20
        requests = logins * LOGIN_REQUESTS + ceil(vendor["usage-records"] / vendor["per-request"]) + LOOKS
        lines += [
            ("load balancer", beyond(HOURS, 0, LOAD_BALANCER_HOUR, "h")),
            ("load balancer, data in and out", beyond(both, 0, LOAD_BALANCED_GIB, "GiB")),
            ("Cloud Armor", (f"1 policy × {ARMOR_POLICY} + 2 rules × {ARMOR_RULE}", ARMOR_POLICY + 2 * ARMOR_RULE)),
            ("Cloud Armor, requests", beyond(requests, 0, ARMOR_REQUEST, "requests")),
        ]
    return lines


def watched(vendor: dict) -> list[tuple[str, tuple[str, float]]]:
    alerts = vendor["alerts"]
    jobs = 2 if vendor["usage-customers"] else 1
    return [
        ("Cloud Scheduler", beyond(jobs, FREE_JOBS, JOB, "jobs")),
        ("Cloud Logging", beyond(vendor["logins"] * LOGIN_LOG_KIB / 2**20, FREE_LOGGED_GIB, LOGGED_GIB, "GiB")),
        ("alerts", beyond(alerts, 0, ALERT, "conditions")),
        ("alerts, points", beyond(alerts * POINTS_OF_AN_ALERT * MINUTES, 0, ALERT_POINT, "points")),
    ]


def table(vendor: dict) -> str:
    lines = [line for part in (computing, stored, reached, watched) for line in part(vendor)]
    rows = [f"| {what} | {arithmetic} | {dollars:.2f} |" for what, (arithmetic, dollars) in lines]
    total = sum(dollars for _, (_, dollars) in lines)
    return "\n".join(["| what | arithmetic | $ |", "|---|---|---|", *rows, f"| **together** | | **{total:.2f}** |"])


def command(chosen: dict) -> str:
    return " ".join(["scripts/costs.py", *(f"--{name} {value}" for name, value in chosen.items())])


def examples() -> str:
    parts = [f"**{title}** (`{command(chosen)}`)\n\n{table(DEFAULTS | chosen)}\n" for title, chosen in EXAMPLES.items()]
    return "\n".join(parts)


def chosen_by(arguments: list[str]) -> dict:
    """What the vendor says of themselves. Raises ValueError with what is wrong."""
    vendor = dict(DEFAULTS)
    for name, value in zip(arguments[::2], [*arguments[1::2], None], strict=False):
        option = name.removeprefix("--")
        if option not in DEFAULTS or not name.startswith("--"):
            raise ValueError(f"unknown argument: {name}")
        if value is None or (option == "domain" and value not in ("yes", "no")):
            raise ValueError(f"{name} needs a value")
        vendor[option] = value if option == "domain" else float(value)
    if vendor["reconcile-every"] <= 0 or vendor["per-request"] <= 0 or any(it < 0 for it in vendor.values() if it not in ("yes", "no")):
        raise ValueError("numbers must not be below zero, and nothing is done every 0 minutes or in requests of 0 records")
    return vendor


def main(arguments: list[str]) -> int:
    match arguments:
        case ["-h" | "--help"]:
            print(__doc__)
        case ["--examples"]:
            print(examples(), end="")
        case ["--check", file]:
            if examples() not in Path(file).read_text(encoding="utf-8"):
                print(f"{file} has other tables than scripts/costs.py --examples prints", file=sys.stderr)
                return 1
        case _:
            try:
                print(table(chosen_by(arguments)))
            except ValueError as error:
                print(error, __doc__, sep="\n", file=sys.stderr)
                return 64
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
