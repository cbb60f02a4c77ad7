//! `scripts/terraform-graph.py`: what it takes for a resource that would be made too early. `scripts/check.sh` gives it the
//! graph of `terraform/`.

use std::io::Write as _;
use std::process::{Command, Stdio};

use crate::stand_ins::Ended;

const SCRIPT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../scripts/terraform-graph.py"
);

/// As Terraform writes it.
fn graph(edges: &[(&str, &str)]) -> String {
    let wait = "module.portico.time_sleep.apis";
    let nodes = edges.iter().map(|(from, _)| *from).chain([wait]);
    let node = |name: &str| {
        let label = name.rsplit("module.portico.").next().unwrap_or(name);
        format!("    \"{name}\" [label=\"{label}\"];\n")
    };
    let nodes: String = nodes.map(node).collect();
    let edge = |(from, to): &(&str, &str)| format!("  \"{from}\" -> \"{to}\";\n");
    let edges: String = edges.iter().map(edge).collect();
    format!("digraph G {{\n{nodes}{edges}}}\n")
}

fn look_at(graph: &str) -> Ended {
    let mut script = Command::new(SCRIPT)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the script runs");
    let mut input = script.stdin.take().expect("it is piped");
    input.write_all(graph.as_bytes()).expect("it reads");
    drop(input);
    Ended::from(script.wait_with_output().expect("it ends"))
}

#[test]
fn what_waits_for_the_apis_by_way_of_something_else_waits() {
    let graph = graph(&[
        (
            "module.portico.google_compute_target_http_proxy.main",
            "module.portico.google_compute_url_map.http",
        ),
        (
            "module.portico.google_compute_url_map.http",
            "module.portico.time_sleep.apis",
        ),
        (
            "module.portico.time_sleep.apis",
            "module.portico.google_project_service.main",
        ),
    ]);
    let ended = look_at(&graph);
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), ""));
}

#[test]
fn a_resource_that_does_not_wait_for_the_apis_is_named() {
    let graph = graph(&[(
        "module.portico.google_compute_ssl_policy.main",
        "module.portico.google_project_service.main",
    )]);
    let ended = look_at(&graph);
    let expected =
        "module.portico.google_compute_ssl_policy.main does not wait for time_sleep.apis\n";
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(1), expected));
}

#[test]
fn what_is_no_graph_is_refused() {
    let ended = look_at("Error: Failed to load plugin schemas\n");
    assert_eq!(ended.code, Some(1), "{ended:?}");
    assert!(ended.stderr.contains("terraform graph"), "{ended:?}");
}
