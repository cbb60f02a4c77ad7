"""Series on which each alert has to fire, and others on which it has to be silent.

A case is what happens in the world, the series that come of it (promtool's notation, one value a minute: `0+1x60` is 0 to 60
in steps of 1, `_x14` fourteen minutes without a value), and when the alert fires: time → whether it does.
"""

from typing import NamedTuple

LOGGED = "logging_googleapis_com:user_portico_"
REQUESTS = "run_googleapis_com:request_count"
WAITING = "pubsub_googleapis_com:subscription_num_undelivered_messages"
OLDEST = "pubsub_googleapis_com:subscription_oldest_unacked_message_age"
INGESTED = "logging_googleapis_com:billing_bytes_ingested"
EXPIRES = "monitoring_googleapis_com:uptime_check_time_until_ssl_cert_expires"
PASSED = "monitoring_googleapis_com:uptime_check_check_passed"
USED = "serviceruntime_googleapis_com:quota_allocation_usage"
LIMIT = "serviceruntime_googleapis_com:quota_limit"
# The uptime check's id, which Google gives.
CHECK = "CHECK"


class Case(NamedTuple):
    name: str
    series: dict[str, str]
    fires: dict[str, bool]
    labels: dict[str, str] = {}


def of(metric: str, **labels: str) -> str:
    """A series of Cloud Run's, with these labels."""
    labels = {"monitored_resource": "cloud_run_revision"} | labels
    return metric + "{" + ",".join(f'{name}="{value}"' for name, value in labels.items()) + "}"


def on(minutes: list[int], until: int, amount: int = 1) -> str:
    """A counter that grows by `amount` at these minutes."""
    return " ".join(str(sum(amount for minute in minutes if minute <= now)) for now in range(until + 1))


def every(step: int, until: int, since: int = 1, amount: int = 1) -> str:
    """A counter that grows by `amount` every `step` minutes from `since` on."""
    return on(list(range(since, until + 1, step)), until, amount)


def looks(values: list[float], until: int) -> str:
    """A value every 15 minutes, and none between; the last one is repeated."""
    shown = [values[min(now // 15, len(values) - 1)] if now % 15 == 0 else "_" for now in range(until + 1)]
    return " ".join(map(str, shown))


def said(metric: str, value: int, until: int = 120, since: int = 1) -> dict[str, str]:
    """What reconciliation says every 15 minutes, as a distribution."""
    return {
        of(f"{LOGGED}{metric}_sum"): every(15, until, since, value),
        of(f"{LOGGED}{metric}_count"): every(15, until, since),
    }


def answered(service: str, ok: str, failed: str) -> dict[str, str]:
    return {
        of(REQUESTS, service_name=service, response_code_class="2xx"): ok,
        of(REQUESTS, service_name=service, response_code_class="5xx"): failed,
    }


def subscription(metric: str, name: str) -> str:
    return of(metric, monitored_resource="pubsub_subscription", subscription_id=name)


def uptime(metric: str, place: str) -> str:
    return of(metric, monitored_resource="uptime_url", check_id=CHECK, checker_location=place)


def accounts(used: int) -> dict[str, str]:
    labels = {"monitored_resource": "consumer_quota", "project_id": "vendor-customers", "quota_metric": "iam.googleapis.com/quota/service-account-count"}
    return {of(USED, **labels): f"{used} _x1430 {used} _x60", of(LIMIT, **labels): "100 _x1430 100 _x60"}


def places(*values: list[float]) -> dict[str, str]:
    names = ["apac-singapore", "eur-belgium", "sa-brazil-sao_paulo"]
    return {uptime(PASSED, name): looks(value, 120) for name, value in zip(names, values, strict=True)}


def sign(alert: str, metric: str = "alerts", label: str = "alert") -> list[Case]:
    return [
        Case("one line", {of(LOGGED + metric, **{label: alert}): on([10], 120)}, {"9m": False, "15m": True, "90m": False}),
        Case("a line about something else", {of(LOGGED + metric, **{label: "something-else"}): on([10], 60)}, {"15m": False}),
    ]


def above(metric: str, too_much: int, bearable: int, fires: dict[str, bool]) -> list[Case]:
    return [
        Case(f"it is {too_much} at each call", said(metric, too_much), fires),
        Case(f"it is {bearable} at each call", said(metric, bearable), {"60m": False, "110m": False}),
        Case("nothing is said", {}, {"60m": False}),
    ]


LINK, SIGN_UP = "portico-service-account-link", "portico-signup"
OF_SIGN_UP = {"service_name": SIGN_UP}

CASES = {
    "errors": [
        Case("every other call fails", answered(LINK, "0+1x60", "0+1x60"), {"40m": True}, {"service_name": LINK}),
        Case("one of fifty fails", answered(LINK, "0+49x60", "0+1x60"), {"40m": False}),
        Case("five of ten fail, and no more come", answered(LINK, on([20], 60, 5), on([20], 60, 5)), {"30m": False, "45m": False}),
        Case("customers meet errors, of whom another alert tells", answered(SIGN_UP, "0+1x60", "0+1x60"), {"40m": False}),
    ],
    "objective_fast": [
        Case("half fail for ten minutes", answered(SIGN_UP, "0+10x80", "0+0x60 10+10x20"), {"60m": False, "72m": True}, OF_SIGN_UP),
        Case("three come in an hour, and all fail", answered(SIGN_UP, "0+0x60", on([5, 10, 15], 60)), {"13m": False, "20m": True}, OF_SIGN_UP),
        Case("many failed, and none does any more", answered(SIGN_UP, "0+10x80", "0+0x9 20+20x10 200+0x60"), {"50m": False}),
        Case("one of a hundred fails", answered(SIGN_UP, "0+99x80", "0+1x80"), {"70m": False}),
        Case("one of two fails", answered(SIGN_UP, on([5], 60), on([10], 60)), {"20m": False}),
        Case("nobody comes", answered(SIGN_UP, "0+0x60", "0+0x60"), {"30m": False}),
    ],
    "objective_slow": [
        Case("four of a hundred fail for hours", answered(SIGN_UP, "0+96x400", "0+4x400"), {"6h30m": True}, OF_SIGN_UP),
        Case("they did, and do not any more", answered(SIGN_UP, "0+96x400", "0+4x300 1200+0x100"), {"6h30m": False}),
        Case("one of a hundred fails", answered(SIGN_UP, "0+99x400", "0+1x400"), {"6h30m": False}),
        Case("few come, and half of them fail", answered(SIGN_UP, every(20, 400), every(20, 400)), {"6h30m": False}),
    ],
    "dead_letters": [
        Case("a message waits", {subscription(WAITING, "portico-dead-letters"): "0+0x9 1+0x30"}, {"9m": False, "15m": True}),
        Case("the metric is written late", {subscription(WAITING, "portico-dead-letters"): "1 _x10 1 _x10"}, {"9m": True, "20m": True}),
        Case("they were replayed", {subscription(WAITING, "portico-dead-letters"): "3+0x9 0+0x30"}, {"15m": False}),
        Case("another subscription has messages", {subscription(WAITING, "portico-marketplace"): "9+0x30"}, {"15m": False}),
    ],
    "events_late": [
        Case("an event is older than an hour", {subscription(OLDEST, "portico-marketplace"): "3000+60x60"}, {"5m": False, "20m": True}, {"subscription_id": "portico-marketplace"}),
        Case("the metric is written late", {subscription(OLDEST, "portico-replay"): "4000 _x9 4600 _x9"}, {"9m": True, "18m": True}, {"subscription_id": "portico-replay"}),
        Case("an event is half an hour old", {subscription(OLDEST, "portico-marketplace"): "1800+0x60"}, {"30m": False}),
    ],
    "approvals": [
        Case("they fail at each reconciliation", {of(LOGGED + "approvals_waiting"): every(15, 240)}, {"60m": False, "90m": True, "200m": True}),
        Case("one failed, and was repaired", {of(LOGGED + "approvals_waiting"): on([10], 240)}, {"60m": False, "84m": False, "87m": False, "200m": False}),
    ],
    "keys": [
        Case("three attempts fail, far apart", {of(LOGGED + "keys_unreachable", **OF_SIGN_UP): on([5, 25, 45], 60)}, {"40m": False, "50m": True}, OF_SIGN_UP),
        Case("two attempts fail", {of(LOGGED + "keys_unreachable", **OF_SIGN_UP): on([5, 25], 60)}, {"50m": False}),
    ],
    "reconciliation": [
        Case("no round has ever finished", {}, {"59m": False, "65m": True}),
        Case("none finishes any more", {of(LOGGED + "requests", outcome="reconciled"): on([1, 16, 31], 240)}, {"120m": False, "170m": True}),
        Case("calls go on, and none finishes a round", {of(LOGGED + "requests", outcome="reconciling"): every(15, 240)}, {"65m": True}),
        Case("a round finishes every half hour", {of(LOGGED + "requests", outcome="reconciled"): every(30, 240)}, {"65m": False, "200m": False}),
    ],
    "service_accounts": [
        Case("81 of 100 are there", accounts(81), {"10m": True, "20h": True}, {"project_id": "vendor-customers"}),
        Case("80 of 100 are there", accounts(80), {"10m": False, "20h": False}),
    ],
    "log_volume": [
        Case("550 MiB a day", {of(INGESTED, monitored_resource="global", resource_type="cloud_run_revision"): "0+400500x1500"}, {"24h30m": True}),
        Case("400 MiB a day", {of(INGESTED, monitored_resource="global", resource_type="cloud_run_revision"): "0+291000x1500"}, {"24h30m": False}),
    ],
    "certificate": [
        Case("ten days are left", {uptime(EXPIRES, "eur-belgium"): looks([10], 90)}, {"20m": True, "29m": True, "80m": True}),
        Case("a month is left", {uptime(EXPIRES, "eur-belgium"): looks([30], 90)}, {"29m": False, "80m": False}),
    ],
    "unreachable": [
        Case("two of three places fail", places([0], [0], [1]), {"10m": False, "25m": True, "44m": True, "110m": True}),
        Case("all fail from some time on", places([1, 1, 0], [1, 1, 0], [1, 1, 0]), {"40m": False, "55m": True, "119m": True}),
        Case("one place fails", places([0], [1], [1]), {"44m": False, "110m": False}),
        Case("all fail once", places([1, 0, 1], [1, 0, 1], [1, 0, 1]), {"20m": False, "29m": False, "44m": False}),
    ],
    "absent": above("absent", 2, 0, {"50m": False, "110m": True}),
    "unreadable": above("unreadable", 1, 0, {"20m": True, "60m": True}),
    "unruled": above("unruled", 1, 0, {"50m": False, "110m": True}),
    "approvals_for_operator": above("oldest_order_waiting", 4000, 600, {"20m": True, "60m": True}),
    "outbox": above("oldest_in_outbox", 1000, 600, {"20m": True, "60m": True}) + above("outbox", 1200, 900, {"20m": True, "60m": True}),
    "absence_brake": sign("absence-brake"),
    "other_provider": sign("other-provider") + sign("other-provider", "requests", "error_code"),
    "product_removed": sign("product-removed"),
    "usage_report_pending": sign("usage-report-pending", "usage_alerts"),
    "usage_report_refused": sign("usage-report-refused", "usage_alerts"),
    "usage_report_held": sign("usage-report-held", "usage_alerts"),
    "usage_closing_late": sign("usage-closing-late", "usage_alerts"),
    "usage_refused": sign("usage-refused", "usage_alerts"),
    "usage_set_up_wrong": sign("usage-set-up-wrong", "usage_alerts"),
    "usage_silent": [
        Case("no call has ever come to its end", {}, {"29m": False, "35m": True}),
        Case("they end no more", {of(LOGGED + "usage_rounds"): on([1, 11, 21], 120)}, {"60m": False, "85m": True}),
        Case("one ends every ten minutes", {of(LOGGED + "usage_rounds"): every(10, 120)}, {"35m": False, "110m": False}),
    ],
}

# On these every chart shows a line.
CHARTED = {
    **answered(SIGN_UP, "0+10x120", "0+1x120"),
    of(LOGGED + "requests", service_name=SIGN_UP, outcome="signed-up"): "0+1x120",
    of(LOGGED + "requests", service_name=SIGN_UP, error_code="wrong-audience"): "0+1x120",
    of(LOGGED + "latency_bucket", service_name=SIGN_UP, le="100"): "0+9x120",
    of(LOGGED + "latency_bucket", service_name=SIGN_UP, le="+Inf"): "0+10x120",
    **{
        of(LOGGED + metric, service_name=SIGN_UP): every(15, 120)
        for metric in ["cold_starts", "approvals_waiting", "not_repaired", "keys_unreachable", "usage_rounds"]
    },
    of(LOGGED + "alerts", alert="absence-brake"): every(15, 120),
    of(LOGGED + "usage_alerts", alert="usage-refused"): every(15, 120),
    subscription(WAITING, "portico-dead-letters"): "1 _x10 1 _x10 1 _x10 1 _x10 1 _x10 1 _x10 1 _x10 1 _x10 1 _x10 1",
    subscription(OLDEST, "portico-marketplace"): "60+0x120",
    of(INGESTED, monitored_resource="global", resource_type="cloud_run_revision"): "0+1000x120",
    **said("outbox", 3),
    **said("absent", 3),
    **said("unruled", 3),
    **said("orders_waiting", 3),
    **said("oldest_order_waiting", 3),
}
