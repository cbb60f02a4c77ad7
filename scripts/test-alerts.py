#!/usr/bin/env python3
"""Evaluates every PromQL query of Terraform's alerts and charts with promtool, on the series of alert_cases.py.

  test-alerts.py RENDERED FOLDER   RENDERED is what `terraform test -json -verbose -filter=tests/rendered.tftest.hcl` prints;
                                   the files for promtool are left in FOLDER. Without promtool only whether every alert
                                   has its cases is looked at

Ends with 1 if an alert has no case in which it fires, or none in which it is silent, or does not behave as a case says; and
if a chart stays empty.
"""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from alert_cases import CASES, CHARTED, CHECK, Case
from rendered import resources

METRIC = re.compile(r"[a-z_]+:[a-z_]+")


def queries(rendered: Path) -> dict[str, dict]:
    """Alert → its condition."""
    policies = resources(rendered, "google_monitoring_alert_policy")
    return {it["index"]: it["values"]["conditions"][0]["condition_prometheus_query_language"][0] for it in policies}


def charts(rendered: Path) -> dict[str, str]:
    """Title of a chart → its query."""
    found = {}
    for dashboard in resources(rendered, "google_monitoring_dashboard"):
        for tile in json.loads(dashboard["values"]["dashboard_json"])["mosaicLayout"]["tiles"]:
            for drawn in tile["widget"].get("xyChart", {}).get("dataSets", []):
                found[tile["widget"]["title"]] = drawn["timeSeriesQuery"]["prometheusQuery"]
    return found


def problems(alerts: dict[str, dict]) -> list[str]:
    """What makes the cases worth nothing."""
    found = [f"{name}: there is no such alert" for name in CASES.keys() - alerts.keys()]
    for name, condition in alerts.items():
        cases = CASES.get(name, [])
        said = {fires for case in cases for fires in case.fires.values()}
        if said != {True, False}:
            found.append(f"{name}: it needs cases in which it fires, and others in which it is silent")
        asked = set(METRIC.findall(condition["query"]))
        if not any(METRIC.match(series)[0] in asked for case in cases for series in case.series):
            found.append(f"{name}: no case has a series that it asks for")
        firing = [case for case in cases if True in case.fires.values()]
        unasked = {METRIC.match(series)[0] for case in firing for series in case.series} - asked
        found += [f"{name}: it does not ask for {metric}" for metric in sorted(unasked)]
    return found


def group(series: dict[str, str], check: str, tests: list[dict]) -> dict:
    shown = [{"series": name.replace(f'"{CHECK}"', f'"{check}"'), "values": values} for name, values in series.items()]
    return {"interval": "1m", "input_series": shown, "alert_rule_test": tests}


def expected(alert: str, fires: bool, labels: dict[str, str]) -> dict:
    return {"alertname": alert, "exp_alerts": [{"exp_labels": labels}] if fires else []}


def tested(name: str, case: Case, check: str) -> dict:
    tests = [{"eval_time": time, **expected(name, fires, case.labels)} for time, fires in case.fires.items()]
    return {"name": f"{name}: {case.name}", **group(case.series, check, tests)}


def write(folder: Path, name: str, rules: list[dict], tests: list[dict]) -> Path:
    """Rules and their tests in files of their own: promtool evaluates each rule of a file in each of its tests."""
    # JSON is YAML.
    rule_groups = {"groups": [{"name": "portico", "rules": rules}]}
    (folder / f"{name}.rules.json").write_text(json.dumps(rule_groups, indent=1))
    written = folder / f"{name}.tests.json"
    # Over hours, every five minutes are enough.
    is_long = any(re.match(r"\d+h", test["eval_time"]) for it in tests for test in it["alert_rule_test"])
    interval = "5m" if is_long else "1m"
    whole = {"rule_files": [f"{name}.rules.json"], "evaluation_interval": interval, "tests": tests}
    written.write_text(json.dumps(whole, indent=1))
    return written


def files(rendered: Path, folder: Path) -> list[Path]:
    """What promtool tests: a file for each alert, and one for all charts."""
    folder.mkdir(parents=True, exist_ok=True)
    check = next(it["values"]["uptime_check_id"] for it in resources(rendered, "google_monitoring_uptime_check_config"))
    written = []
    for name, condition in queries(rendered).items():
        rule = {"alert": name, "expr": condition["query"], "for": condition["duration"]}
        written.append(write(folder, name, [rule], [tested(name, case, check) for case in CASES[name]]))
    drawn = charts(rendered)
    rules = [{"alert": title, "expr": f"count({query}) > 0"} for title, query in drawn.items()]
    shown = [{"eval_time": "100m", **expected(title, True, {})} for title in drawn]
    tests = [{"name": "every chart shows a line", **group(CHARTED, check, shown)}]
    return [*written, write(folder, "charts", rules, tests)]


def main(rendered: Path, folder: Path) -> int:
    alerts = queries(rendered)
    drawn = charts(rendered)
    found = problems(alerts) + ([] if alerts and drawn else ["nothing was rendered"])
    for problem in found:
        print(problem, file=sys.stderr)
    if found:
        return 1
    if shutil.which("promtool") is None:
        return 0
    tests = files(rendered, folder)
    ended = subprocess.run(["promtool", "test", "rules", *tests], check=False, capture_output=True, text=True)
    if ended.returncode != 0:
        print(ended.stdout, ended.stderr, file=sys.stderr)
        return 1
    cases = sum(len(CASES[name]) for name in alerts)
    print(f"{len(alerts)} alerts behave as {cases} cases say; {len(drawn)} charts show a line.")
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
