#!/usr/bin/env python3
"""Matches the log filters of Terraform's metrics against lines that the functions wrote while they were tested.

  test-log-filters.py RENDERED LINES   RENDERED is what `terraform test -json -verbose -filter=tests/rendered.tftest.hcl`
                                       prints; LINES is the folder that COLLECTED_LOG_LINES named while the tests ran

Ends with 1 if a filter looks for what no line says, if a metric takes a field that its lines lack, or if a line calls an
operator (`alert`) and is counted by no metric, or by two.
"""

import json
import sys
from pathlib import Path

from log_filter import Comparison, alternatives, matches, parse
from rendered import resources

# Of these it depends on the speed of the computer whether a line is written, so they may be missing; that the code writes them is
# compared by functions/local/tests/local/terraform.rs. A run says which it did not see.
SELDOM = {"usage-closing-late", "oldestOutboxS"}
STDOUT = "projects/vendor-marketplace/logs/run.googleapis.com%2Fstdout"
SERVICES = {"procurement-events", "service-account-link", "signup", "sso-login", "usage-report"}
# Fields that Cloud Logging takes out of the payload.
OF_THE_ENTRY = {"severity", "time", "httpRequest", "logging.googleapis.com/trace", "logging.googleapis.com/spanId"}


def entry(function: str, line: dict) -> dict:
    """The entry that Cloud Logging makes of a line on Cloud Run."""
    # The tests that sign-up and login share call both of them by one name.
    service = function if function in SERVICES else "signup"
    return {
        "resource": {"type": "cloud_run_revision", "labels": {"service_name": f"portico-{service}"}},
        "logName": STDOUT,
        "severity": line.get("severity"),
        "httpRequest": line.get("httpRequest"),
        "jsonPayload": {name: value for name, value in line.items() if name not in OF_THE_ENTRY},
    }


def entries(folder: Path) -> list[dict]:
    found = []
    for file in sorted(folder.glob("*.jsonl")):
        function = file.stem.rsplit("-", 1)[0]
        found += [entry(function, json.loads(line)) for line in file.read_text().splitlines()]
    return found


def value_at(entry: dict, path: str):
    for name in path.split("."):
        entry = entry.get(name) if isinstance(entry, dict) else None
    return entry


def missing(name: str, text: str, lines: list[dict]) -> list[tuple[str, object]]:
    """What this filter looks for and no line says, each with the value."""
    whole = parse(text)
    matched = [line for line in lines if matches(whole, line)]
    sought = [one for one in alternatives(whole) if one.path.startswith("jsonPayload.")]
    unseen = [one for one in sought if not any(matches(one, line) for line in matched or lines)]
    found = [(f"{name}: no line has {one.path} {one.operator} {one.value!r}", sought_as(one)) for one in unseen]
    return found if matched or found else [(f"{name}: no line matches", None)]


def sought_as(one: Comparison) -> object:
    """The text that is sought, or where any number will do, the field."""
    return one.value if isinstance(one.value, str) else one.path.removeprefix("jsonPayload.")


def lacking(metric: dict, lines: list[dict]) -> list[str]:
    """The fields that a metric takes and none of its lines has."""
    whole = parse(metric["filter"])
    matched = [line for line in lines if matches(whole, line)]
    extractors = list((metric["label_extractors"] or {}).values())
    if not matched:
        return []
    paths = [text.removeprefix("EXTRACT(").removesuffix(")") for text in extractors]
    found = [f"{metric['name']}: no line has {path}" for path in paths if all(value_at(it, path) is None for it in matched)]
    if metric["value_extractor"]:
        path = metric["value_extractor"].removeprefix("EXTRACT(").removesuffix(")")
        bad = [it for it in matched if not isinstance(value_at(it, path), (int, float))]
        found += [f"{metric['name']}: {path} is no number in {it['jsonPayload']}" for it in bad[:1]]
    return found


def uncounted(metrics: list[dict], lines: list[dict]) -> list[str]:
    """Lines that call an operator and are counted by no metric, or by two."""
    counting = [parse(it["filter"]) for it in metrics if "alert" in (it["label_extractors"] or {})]
    found = {}
    for line in lines:
        alert = line["jsonPayload"].get("alert")
        times = sum(matches(one, line) for one in counting)
        if alert is not None and times != 1:
            found[alert] = f"alert {alert!r} is counted by {times} metrics"
    return list(found.values())


def main(rendered: Path, folder: Path) -> int:
    metrics = [it["values"] for it in resources(rendered, "google_logging_metric")]
    lines = entries(folder)
    unseen = [problem for it in metrics for problem in missing(it["name"], it["filter"], lines)]
    wrong = [] if metrics else ["nothing was rendered"]
    wrong += [problem for problem, sought in unseen if sought not in SELDOM]
    wrong += [problem for it in metrics for problem in lacking(it, lines)]
    wrong += uncounted(metrics, lines)
    for problem in wrong:
        print(problem, file=sys.stderr)
    if wrong:
        return 1
    for problem, _ in unseen:
        print(f"not seen: {problem}")
    print(f"{len(metrics)} log filters match what they look for among {len(lines)} kinds of line.")
    return 0


def called(arguments: list[str]) -> int:
    match arguments:
        case ["-h" | "--help"]:
            print(__doc__)
            return 0
        case [rendered, folder] if not any(argument.startswith("-") for argument in arguments):
            return main(Path(rendered), Path(folder))
        case _:
            unknown = [argument for argument in arguments if argument.startswith("-")]
            print(*(f"unknown argument: {argument}" for argument in unknown[:1]), __doc__, sep="\n", file=sys.stderr)
            return 64


if __name__ == "__main__":
    sys.exit(called(sys.argv[1:]))
